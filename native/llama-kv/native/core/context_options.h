#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "function_table.h"

namespace llama_kv {

class LogCapture;
class Model;

struct ContextOptions {
  uint32_t context_tokens = 0;  // per sequence
  uint32_t batch_tokens = 0;
  uint32_t ubatch_tokens = 0;
  int32_t threads = 1;
  int32_t prefill_threads = 1;
  llama_flash_attn_type flash_attention = LLAMA_FLASH_ATTN_TYPE_AUTO;
  ggml_type type_k = GGML_TYPE_F16;
  ggml_type type_v = GGML_TYPE_F16;
  uint32_t sequences = 1;
};

/// What the engine made of the options, read back from it where it can be asked.
struct EffectiveOptions {
  uint32_t context_tokens;
  uint32_t batch_tokens;
  uint32_t ubatch_tokens;
  uint32_t sequences;
  int32_t threads;
  int32_t prefill_threads;
  bool flash_attention;
  ggml_type type_k;
  ggml_type type_v;
  /// Unknown where layers differ, or keep something other than keys and values.
  std::optional<uint64_t> kv_bytes_per_token;
};

/// Bytes of keys and values per token of these types, computed from the model's shape; nothing where layers differ, or
/// keep something other than keys and values.
std::optional<uint64_t> ComputeKvBytesPerToken(const Model& model, ggml_type type_k, ggml_type type_v);

/// @throws Failure MODEL_UNSUPPORTED for models that do not generate text token by token, CONTEXT_FAILED.
llama_context* CreateEngineContext(const Model& model, const ContextOptions& options, EffectiveOptions* effective);

}  // namespace llama_kv
