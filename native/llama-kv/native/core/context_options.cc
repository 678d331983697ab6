#include "context_options.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "failure.h"
#include "log.h"
#include "model.h"

namespace llama_kv {

namespace {

llama_context_params ConvertOptions(const FunctionTable& functions, const ContextOptions& options);
bool ReadFlashAttention(const ContextOptions& options, const LogCapture& capture);

}  // namespace

llama_context* CreateEngineContext(const Model& model, const ContextOptions& options, EffectiveOptions* effective) {
  const FunctionTable& functions = model.functions();
  const ModelFacts& facts = model.facts();
  if (facts.has_encoder || !facts.has_decoder) {
    throw Failure("MODEL_UNSUPPORTED", "The model does not generate text one token after another.",
                  {{"architecture", facts.architecture}});
  }
  LogCapture capture;
  llama_context* context = functions.llama_init_from_model(model.handle(), ConvertOptions(functions, options));
  if (context == nullptr) {
    const Failure failure("CONTEXT_FAILED", "The engine could not create the context.",
                          {{"log", capture.LastProblems()}});
    capture.Drop();
    throw failure;
  }
  if (functions.llama_get_memory(context) == nullptr) {
    functions.llama_free(context);
    throw Failure("MODEL_UNSUPPORTED", "The model keeps no memory of past tokens: it encodes or embeds text.",
                  {{"architecture", facts.architecture}});
  }
  *effective = {functions.llama_n_ctx_seq(context),
                functions.llama_n_batch(context),
                functions.llama_n_ubatch(context),
                functions.llama_n_seq_max(context),
                functions.llama_n_threads(context),
                functions.llama_n_threads_batch(context),
                ReadFlashAttention(options, capture),
                options.type_k,
                options.type_v,
                ComputeKvBytesPerToken(model, options.type_k, options.type_v)};
  return context;
}

std::optional<uint64_t> ComputeKvBytesPerToken(const Model& model, ggml_type type_k, ggml_type type_v) {
  const ModelFacts& facts = model.facts();
  if (facts.memory == MemoryKind::kRecurrent || facts.memory == MemoryKind::kHybrid) return std::nullopt;
  const std::string& prefix = facts.architecture;
  // Latent attention keeps compressed vectors; per-layer head counts are an array, which the metadata do not show.
  if (model.MetadataValue(prefix + ".attention.kv_lora_rank")) return std::nullopt;
  if (!model.MetadataValue(prefix + ".attention.head_count") || facts.heads <= 0) return std::nullopt;
  const auto head_size = [&](const char* key) -> int64_t {
    const auto value = model.MetadataValue(prefix + key);
    return value ? std::atoll(value->c_str()) : facts.embedding_size / facts.heads;
  };
  const int64_t key_size = head_size(".attention.key_length") * facts.kv_heads;
  const int64_t value_size = head_size(".attention.value_length") * facts.kv_heads;
  return static_cast<uint64_t>(facts.layers) *
         (model.functions().ggml_row_size(type_k, key_size) + model.functions().ggml_row_size(type_v, value_size));
}

namespace {

llama_context_params ConvertOptions(const FunctionTable& functions, const ContextOptions& options) {
  llama_context_params params = functions.llama_context_default_params();
  params.n_ctx = options.context_tokens * options.sequences;
  params.n_batch = options.batch_tokens;
  params.n_ubatch = options.ubatch_tokens;
  params.n_seq_max = options.sequences;
  // The engine makes room for an output of each sequence, and ends the process where a batch has room for fewer
  // (src/llama-context.cpp, output_reserve).
  params.n_outputs_max = std::max(options.batch_tokens, options.sequences);
  params.n_threads = options.threads;
  params.n_threads_batch = options.prefill_threads;
  params.flash_attn_type = options.flash_attention;
  params.type_k = options.type_k;
  params.type_v = options.type_v;
  params.no_perf = true;
  // Warm equals cold bit for bit only in equal shapes: no shared KV view, no work moved by batch size, no evicted
  // window.
  params.kv_unified = false;
  params.op_offload = false;
  params.swa_full = true;
  return params;
}

// llama.cpp v0.5.0 has no way to ask, and says what it did only in its log (src/llama-context.cpp, resolve_fused_ops).
bool ReadFlashAttention(const ContextOptions& options, const LogCapture& capture) {
  if (capture.Contains("flash_attn is not compatible with Grok")) return false;
  if (options.flash_attention != LLAMA_FLASH_ATTN_TYPE_AUTO) {
    return options.flash_attention == LLAMA_FLASH_ATTN_TYPE_ENABLED;
  }
  return !capture.Contains("Flash Attention not supported, set to disabled");
}

}  // namespace

}  // namespace llama_kv
