#pragma once

#include <napi.h>

#include <string>
#include <vector>

#include "llama.h"

namespace llama_kv {

// Checked conversions: TypeError for a wrong type, RangeError for a value outside the range. TypeScript checks first,
// with better words; these make sure that nothing from JavaScript can bring the process down.

int64_t ReadInteger(const Napi::Value& value, const char* name, int64_t minimum, int64_t maximum);
double ReadNumber(const Napi::Value& value, const char* name, double minimum, double maximum);
bool ReadBoolean(const Napi::Value& value, const char* name);
std::string ReadText(const Napi::Value& value, const char* name);
Napi::Object ReadObject(const Napi::Value& value, const char* name);
/// Bytes of JavaScript's, where they lie: valid until JavaScript runs again.
struct ByteView {
  const uint8_t* data;
  size_t size;
};

/// A Uint8Array over memory of its own. Shared memory is refused: another thread could change it while it is read.
ByteView ReadByteView(const Napi::Value& value, const char* name);
/// Copies an Int32Array of token ids, each below `vocabulary_tokens`.
std::vector<llama_token> ReadTokens(const Napi::Value& value, const char* name, int32_t vocabulary_tokens);
/// Copies a Float32Array of exactly `length` numbers, none of them NaN.
std::vector<float> ReadFloats(const Napi::Value& value, const char* name, size_t length);

}  // namespace llama_kv
