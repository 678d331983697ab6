#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "abort_flag.h"
#include "library.h"

namespace llama_kv {

struct ModelOptions {
  int32_t gpu_layers = 0;
  bool memory_map = true;
};

/// What a model's memory of past tokens looks like; it decides what can be trimmed.
enum class MemoryKind { kFull, kSlidingWindow, kRecurrent, kHybrid };

struct ModelFacts {
  std::string architecture;
  std::string name;
  std::string description;
  std::string quantization;
  uint64_t parameters = 0;
  uint64_t size_bytes = 0;
  int32_t trained_context_tokens = 0;
  int32_t vocabulary_tokens = 0;
  int32_t layers = 0;
  int32_t embedding_size = 0;
  int32_t heads = 0;
  int32_t kv_heads = 0;
  bool adds_bos = false;
  llama_token bos_token = LLAMA_TOKEN_NULL;
  std::vector<llama_token> eog_tokens;
  MemoryKind memory = MemoryKind::kFull;
  int32_t sliding_window_tokens = 0;
  bool has_encoder = false;
  bool has_decoder = true;
  std::optional<std::string> chat_template;
};

/// A loaded model. Its contexts share ownership, so it can not be freed under them.
class Model {
 public:
  /// Checks the file's structure, then loads it. Blocks; `on_progress` (0 to 1) is called on this thread.
  ///
  /// @throws Failure of `CheckModelFile`, MODEL_UNSUPPORTED, MODEL_LOAD_FAILED, ABORTED.
  static std::shared_ptr<Model> Load(std::shared_ptr<Library> library, const std::string& path,
                                     const ModelOptions& options, const SharedAbortFlag& abort,
                                     const std::function<void(float)>& on_progress);
  /// Takes over a model that the library has loaded.
  Model(std::shared_ptr<Library> library, llama_model* model);
  ~Model();
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  const FunctionTable& functions() const { return library_->functions(); }
  llama_model* handle() const { return model_; }
  const llama_vocab* vocabulary() const { return vocabulary_; }
  const ModelFacts& facts() const { return facts_; }

  /// Scalar metadata as text, in the file's order. Arrays are left out by the engine.
  std::vector<std::pair<std::string, std::string>> Metadata() const;
  std::optional<std::string> MetadataValue(const std::string& key) const;

  /// @throws Failure TOKENIZE_FAILED.
  std::vector<llama_token> Tokenize(const std::string& text, bool add_special, bool parse_special) const;
  std::string Detokenize(const std::vector<llama_token>& tokens, bool render_special) const;
  /// The bytes of one token. They may end inside a UTF-8 character.
  std::string Piece(llama_token token, bool render_special) const;
  bool IsToken(llama_token token) const { return token >= 0 && token < facts_.vocabulary_tokens; }

 private:
  std::shared_ptr<Library> library_;
  llama_model* model_;
  const llama_vocab* vocabulary_;
  ModelFacts facts_;
};

}  // namespace llama_kv
