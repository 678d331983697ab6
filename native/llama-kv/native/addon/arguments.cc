#include "arguments.h"

#include <cmath>

namespace llama_kv {

namespace {

[[noreturn]] void ThrowType(Napi::Env env, const char* name, const char* wanted) {
  throw Napi::TypeError::New(env, std::string(name) + " must be " + wanted + ".");
}

[[noreturn]] void ThrowRange(Napi::Env env, const char* name, const std::string& wanted) {
  throw Napi::RangeError::New(env, std::string(name) + " must be " + wanted + ".");
}

// Reads through the C function: the C++ wrapper insists on an ArrayBuffer, and shared memory is not one.
template <typename Element>
std::vector<Element> CopyTypedArray(const Napi::Value& value, napi_typedarray_type type, const char* name,
                                    const char* wanted) {
  if (!value.IsTypedArray()) ThrowType(value.Env(), name, wanted);
  napi_typedarray_type found = napi_int8_array;
  size_t length = 0;
  void* data = nullptr;
  if (napi_get_typedarray_info(value.Env(), value, &found, &length, &data, nullptr, nullptr) != napi_ok ||
      found != type) {
    ThrowType(value.Env(), name, wanted);
  }
  if (data == nullptr || length == 0) return {};
  const auto* elements = static_cast<const Element*>(data);
  return std::vector<Element>(elements, elements + length);
}

}  // namespace

int64_t ReadInteger(const Napi::Value& value, const char* name, int64_t minimum, int64_t maximum) {
  if (!value.IsNumber()) ThrowType(value.Env(), name, "a number");
  const double number = value.As<Napi::Number>().DoubleValue();
  if (std::isnan(number) || std::floor(number) != number || number < static_cast<double>(minimum) ||
      number > static_cast<double>(maximum)) {
    ThrowRange(value.Env(), name, "a whole number from " + std::to_string(minimum) + " to " + std::to_string(maximum));
  }
  return static_cast<int64_t>(number);
}

double ReadNumber(const Napi::Value& value, const char* name, double minimum, double maximum) {
  if (!value.IsNumber()) ThrowType(value.Env(), name, "a number");
  const double number = value.As<Napi::Number>().DoubleValue();
  if (std::isnan(number) || number < minimum || number > maximum) {
    ThrowRange(value.Env(), name, "from " + std::to_string(minimum) + " to " + std::to_string(maximum));
  }
  return number;
}

bool ReadBoolean(const Napi::Value& value, const char* name) {
  if (!value.IsBoolean()) ThrowType(value.Env(), name, "a boolean");
  return value.As<Napi::Boolean>().Value();
}

std::string ReadText(const Napi::Value& value, const char* name) {
  if (!value.IsString()) ThrowType(value.Env(), name, "a string");
  return value.As<Napi::String>().Utf8Value();
}

Napi::Object ReadObject(const Napi::Value& value, const char* name) {
  if (!value.IsObject()) ThrowType(value.Env(), name, "an object");
  return value.As<Napi::Object>();
}

ByteView ReadByteView(const Napi::Value& value, const char* name) {
  constexpr const char* kWanted = "a Uint8Array that is not shared";
  if (!value.IsTypedArray()) ThrowType(value.Env(), name, kWanted);
  napi_typedarray_type type = napi_int8_array;
  ByteView view{nullptr, 0};
  void* data = nullptr;
  napi_value buffer = nullptr;
  bool is_own = false;
  if (napi_get_typedarray_info(value.Env(), value, &type, &view.size, &data, &buffer, nullptr) != napi_ok ||
      type != napi_uint8_array || napi_is_arraybuffer(value.Env(), buffer, &is_own) != napi_ok || !is_own) {
    ThrowType(value.Env(), name, kWanted);
  }
  view.data = static_cast<const uint8_t*>(data);
  if (view.data == nullptr) view.size = 0;
  return view;
}

std::vector<llama_token> ReadTokens(const Napi::Value& value, const char* name, int32_t vocabulary_tokens) {
  std::vector<llama_token> tokens = CopyTypedArray<llama_token>(value, napi_int32_array, name, "an Int32Array");
  if (tokens.size() > INT32_MAX) ThrowRange(value.Env(), name, "shorter");
  for (const llama_token token : tokens) {
    if (token < 0 || token >= vocabulary_tokens) {
      ThrowRange(value.Env(), name, "token ids from 0 to " + std::to_string(vocabulary_tokens - 1));
    }
  }
  return tokens;
}

std::vector<float> ReadFloats(const Napi::Value& value, const char* name, size_t length) {
  std::vector<float> numbers = CopyTypedArray<float>(value, napi_float32_array, name, "a Float32Array");
  if (numbers.size() != length) ThrowRange(value.Env(), name, "exactly " + std::to_string(length) + " numbers");
  for (const float number : numbers) {
    if (std::isnan(number)) ThrowRange(value.Env(), name, "free of NaN");
  }
  return numbers;
}

}  // namespace llama_kv
