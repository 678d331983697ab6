#pragma once

#include <napi.h>

#include "../core/context_options.h"

namespace llama_kv {

/// @throws TypeError, RangeError naming the option.
ContextOptions ReadContextOptions(const Napi::Object& object, const FunctionTable& functions);

/// @throws TypeError, RangeError naming the argument.
ggml_type ReadKvCacheType(const Napi::Value& value, const char* name);

/// The public name of a type that the KV cache can have, such as "q8_0".
const char* KvCacheTypeName(ggml_type type);

}  // namespace llama_kv
