#include "model_facts.h"

namespace llama_kv {

namespace {

// The engine writes texts like snprintf: the length comes back, the buffer may have been too small.
template <typename Write>
std::optional<std::string> ReadText(Write write) {
  std::string text(256, '\0');
  int32_t length = write(text.data(), text.size());
  if (length < 0) return std::nullopt;
  if (static_cast<size_t>(length) >= text.size()) {
    text.resize(static_cast<size_t>(length) + 1);
    length = write(text.data(), text.size());
    if (length < 0) return std::nullopt;
  }
  text.resize(static_cast<size_t>(length));
  return text;
}

MemoryKind KindOfMemory(const FunctionTable& functions, const llama_model* model) {
  if (functions.llama_model_is_hybrid(model)) return MemoryKind::kHybrid;
  if (functions.llama_model_is_recurrent(model)) return MemoryKind::kRecurrent;
  return functions.llama_model_n_swa(model) > 0 ? MemoryKind::kSlidingWindow : MemoryKind::kFull;
}

}  // namespace

ModelFacts ReadModelFacts(const FunctionTable& functions, const llama_model* model) {
  const llama_vocab* vocabulary = functions.llama_model_get_vocab(model);
  ModelFacts facts;
  facts.architecture = ReadMetadataValue(functions, model, "general.architecture").value_or("");
  facts.name = ReadMetadataValue(functions, model, "general.name").value_or("");
  facts.description =
      ReadText([&](char* buffer, size_t size) { return functions.llama_model_desc(model, buffer, size); }).value_or("");
  facts.quantization = functions.llama_ftype_name(functions.llama_model_ftype(model));
  facts.parameters = functions.llama_model_n_params(model);
  facts.size_bytes = functions.llama_model_size(model);
  facts.trained_context_tokens = functions.llama_model_n_ctx_train(model);
  facts.vocabulary_tokens = functions.llama_vocab_n_tokens(vocabulary);
  facts.layers = functions.llama_model_n_layer(model);
  facts.embedding_size = functions.llama_model_n_embd(model);
  facts.heads = functions.llama_model_n_head(model);
  facts.kv_heads = functions.llama_model_n_head_kv(model);
  facts.adds_bos = functions.llama_vocab_get_add_bos(vocabulary);
  facts.bos_token = functions.llama_vocab_bos(vocabulary);
  for (llama_token token = 0; token < facts.vocabulary_tokens; ++token) {
    if (functions.llama_vocab_is_eog(vocabulary, token)) facts.eog_tokens.push_back(token);
  }
  facts.memory = KindOfMemory(functions, model);
  facts.sliding_window_tokens = functions.llama_model_n_swa(model);
  facts.has_encoder = functions.llama_model_has_encoder(model);
  facts.has_decoder = functions.llama_model_has_decoder(model) && !functions.llama_model_is_diffusion(model);
  if (const char* text = functions.llama_model_chat_template(model, nullptr)) facts.chat_template = text;
  return facts;
}

std::vector<std::pair<std::string, std::string>> ReadMetadata(const FunctionTable& functions,
                                                              const llama_model* model) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (int32_t i = 0; i < functions.llama_model_meta_count(model); ++i) {
    auto key = ReadText(
        [&](char* buffer, size_t size) { return functions.llama_model_meta_key_by_index(model, i, buffer, size); });
    auto value = ReadText(
        [&](char* buffer, size_t size) { return functions.llama_model_meta_val_str_by_index(model, i, buffer, size); });
    if (key && value) entries.emplace_back(std::move(*key), std::move(*value));
  }
  return entries;
}

std::optional<std::string> ReadMetadataValue(const FunctionTable& functions, const llama_model* model,
                                             const std::string& key) {
  return ReadText(
      [&](char* buffer, size_t size) { return functions.llama_model_meta_val_str(model, key.c_str(), buffer, size); });
}

}  // namespace llama_kv
