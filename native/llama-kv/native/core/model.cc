#include "model.h"

#include "failure.h"
#include "log.h"
#include "model_facts.h"
#include "model_file.h"

namespace llama_kv {

namespace {

struct LoadProgress {
  const SharedAbortFlag& abort;
  const std::function<void(float)>& report;
};

bool OnProgress(float fraction, void* user_data) {
  auto* progress = static_cast<LoadProgress*>(user_data);
  if (progress->abort->IsRaised()) return false;
  progress->report(fraction);
  return true;
}

Failure LoadFailure(const std::string& path, const LogCapture& capture) {
  // "unknown model architecture", "unknown pre-tokenizer type", "unsupported model architecture" (llama.cpp v0.5.0).
  const bool unsupported = capture.Contains("unknown model architecture") ||
                           capture.Contains("unknown pre-tokenizer type") ||
                           capture.Contains("unsupported model architecture");
  return Failure(unsupported ? "MODEL_UNSUPPORTED" : "MODEL_LOAD_FAILED",
                 unsupported ? "The engine does not know the kind of model in " + path + "."
                             : "The engine could not load " + path + ".",
                 {{"path", path}, {"log", capture.LastProblems()}});
}

}  // namespace

std::shared_ptr<Model> Model::Load(std::shared_ptr<Library> library, const std::string& path,
                                   const ModelOptions& options, const SharedAbortFlag& abort,
                                   const std::function<void(float)>& on_progress) {
  const FunctionTable& functions = library->functions();
  if (abort->IsRaised()) throw Aborted();
  CheckModelFile(functions, path);

  LoadProgress progress{abort, on_progress};
  llama_model_params params = functions.llama_model_default_params();
  params.n_gpu_layers = options.gpu_layers;
  params.load_mode = options.memory_map ? LLAMA_LOAD_MODE_MMAP : LLAMA_LOAD_MODE_NONE;
  params.progress_callback = OnProgress;
  params.progress_callback_user_data = &progress;

  LogCapture capture;
  llama_model* handle = functions.llama_model_load_from_file(path.c_str(), params);
  if (handle == nullptr) {
    const Failure failure = abort->IsRaised() ? Aborted() : LoadFailure(path, capture);
    capture.Drop();
    throw failure;
  }
  std::shared_ptr<Model> model(new Model(std::move(library), handle));
  if (abort->IsRaised()) throw Aborted();
  return model;
}

Model::Model(std::shared_ptr<Library> library, llama_model* model)
    : library_(std::move(library)),
      model_(model),
      vocabulary_(functions().llama_model_get_vocab(model)),
      facts_(ReadModelFacts(functions(), model)) {}

Model::~Model() { functions().llama_model_free(model_); }

std::vector<std::pair<std::string, std::string>> Model::Metadata() const { return ReadMetadata(functions(), model_); }

std::optional<std::string> Model::MetadataValue(const std::string& key) const {
  return ReadMetadataValue(functions(), model_, key);
}

std::vector<llama_token> Model::Tokenize(const std::string& text, bool add_special, bool parse_special) const {
  std::vector<llama_token> tokens(text.size() + 2);  // no tokenizer makes more tokens than bytes, BOS and EOS
  const auto text_bytes = static_cast<int32_t>(text.size());
  int32_t count = functions().llama_tokenize(vocabulary_, text.data(), text_bytes, tokens.data(),
                                             static_cast<int32_t>(tokens.size()), add_special, parse_special);
  if (count < 0 && count != INT32_MIN) {
    tokens.resize(static_cast<size_t>(-count));
    count = functions().llama_tokenize(vocabulary_, text.data(), text_bytes, tokens.data(),
                                       static_cast<int32_t>(tokens.size()), add_special, parse_special);
  }
  if (count < 0) throw Failure("TOKENIZE_FAILED", "The engine could not tokenize the text.", {{"code", double(count)}});
  tokens.resize(static_cast<size_t>(count));
  return tokens;
}

std::string Model::Detokenize(const std::vector<llama_token>& tokens, bool render_special) const {
  std::string text(tokens.size() * 8 + 8, '\0');
  const auto detokenize = [&] {
    return functions().llama_detokenize(vocabulary_, tokens.data(), static_cast<int32_t>(tokens.size()), text.data(),
                                        static_cast<int32_t>(text.size()), /*remove_special=*/false, render_special);
  };
  int32_t bytes = detokenize();
  if (bytes < 0) {
    text.resize(static_cast<size_t>(-static_cast<int64_t>(bytes)));
    bytes = detokenize();
  }
  if (bytes < 0) throw Failure("TOKENIZE_FAILED", "The engine could not join the tokens.", {{"code", double(bytes)}});
  text.resize(static_cast<size_t>(bytes));
  return text;
}

std::string Model::Piece(llama_token token, bool render_special) const {
  std::string piece(32, '\0');
  const auto render = [&] {
    return functions().llama_token_to_piece(vocabulary_, token, piece.data(), static_cast<int32_t>(piece.size()),
                                            /*lstrip=*/0, render_special);
  };
  int32_t bytes = render();
  if (bytes < 0) {
    piece.resize(static_cast<size_t>(-static_cast<int64_t>(bytes)));
    bytes = render();
  }
  if (bytes < 0) throw Failure("TOKENIZE_FAILED", "The engine could not render a token.", {{"token", double(token)}});
  piece.resize(static_cast<size_t>(bytes));
  return piece;
}

}  // namespace llama_kv
