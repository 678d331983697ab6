#include "read_context_options.h"

#include <array>
#include <utility>

#include "arguments.h"

namespace llama_kv {

namespace {

// Far above any model's window, and far enough below 2^31 that the engine's padding and products do not overflow.
constexpr int64_t kMaximumContextTokens = 1 << 26;
constexpr int64_t kMaximumThreads = 512;  // GGML_MAX_N_THREADS

constexpr std::array<std::pair<const char*, ggml_type>, 9> kKvCacheTypes{{{"f32", GGML_TYPE_F32},
                                                                          {"f16", GGML_TYPE_F16},
                                                                          {"bf16", GGML_TYPE_BF16},
                                                                          {"q8_0", GGML_TYPE_Q8_0},
                                                                          {"q5_1", GGML_TYPE_Q5_1},
                                                                          {"q5_0", GGML_TYPE_Q5_0},
                                                                          {"q4_1", GGML_TYPE_Q4_1},
                                                                          {"q4_0", GGML_TYPE_Q4_0},
                                                                          {"iq4_nl", GGML_TYPE_IQ4_NL}}};

llama_flash_attn_type ReadFlashAttention(const Napi::Value& value) {
  if (value.IsBoolean()) {
    return value.As<Napi::Boolean>().Value() ? LLAMA_FLASH_ATTN_TYPE_ENABLED : LLAMA_FLASH_ATTN_TYPE_DISABLED;
  }
  if (value.IsString() && ReadText(value, "flashAttention") == "auto") return LLAMA_FLASH_ATTN_TYPE_AUTO;
  throw Napi::TypeError::New(value.Env(), "flashAttention must be true, false or \"auto\".");
}

}  // namespace

ggml_type ReadKvCacheType(const Napi::Value& value, const char* name) {
  const std::string wished = ReadText(value, name);
  for (const auto& [known, type] : kKvCacheTypes) {
    if (wished == known) return type;
  }
  throw Napi::RangeError::New(value.Env(),
                              std::string(name) + " is not a type that the KV cache can have: " + wished + ".");
}

ContextOptions ReadContextOptions(const Napi::Object& object, const FunctionTable& functions) {
  const auto integer = [&object](const char* name, int64_t maximum) {
    return ReadInteger(object.Get(name), name, 1, maximum);
  };
  ContextOptions options;
  const auto maximum_sequences = static_cast<int64_t>(functions.llama_max_parallel_sequences());
  options.sequences = static_cast<uint32_t>(integer("sequences", maximum_sequences));
  options.context_tokens = static_cast<uint32_t>(integer("contextTokens", kMaximumContextTokens / options.sequences));
  options.ubatch_tokens = static_cast<uint32_t>(integer("ubatchTokens", kMaximumContextTokens));
  options.batch_tokens = static_cast<uint32_t>(integer("batchTokens", kMaximumContextTokens));
  options.threads = static_cast<int32_t>(integer("threads", kMaximumThreads));
  options.prefill_threads = static_cast<int32_t>(integer("prefillThreads", kMaximumThreads));
  options.flash_attention = ReadFlashAttention(object.Get("flashAttention"));
  options.type_k = ReadKvCacheType(object.Get("kvCacheTypeK"), "kvCacheTypeK");
  options.type_v = ReadKvCacheType(object.Get("kvCacheTypeV"), "kvCacheTypeV");
  return options;
}

const char* KvCacheTypeName(ggml_type type) {
  for (const auto& [name, known] : kKvCacheTypes) {
    if (type == known) return name;
  }
  return "other";
}

}  // namespace llama_kv
