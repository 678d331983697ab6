#include "model_file.h"

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "failure.h"
#include "log.h"

namespace llama_kv {

namespace {

using Header = std::unique_ptr<gguf_context, decltype(&::gguf_free)>;

uint64_t CheckFile(const std::string& path);
Header ReadHeader(const FunctionTable& functions, const std::string& path);
void CheckTensorsFit(const FunctionTable& functions, const gguf_context* header, const std::string& path,
                     uint64_t file_bytes);
void CheckVocabulary(const FunctionTable& functions, const gguf_context* header, const std::string& path);

}  // namespace

void CheckModelFile(const FunctionTable& functions, const std::string& path) {
  const uint64_t file_bytes = CheckFile(path);
  const Header header = ReadHeader(functions, path);
  CheckTensorsFit(functions, header.get(), path, file_bytes);
  CheckVocabulary(functions, header.get(), path);
}

namespace {

uint64_t CheckFile(const std::string& path) {
  namespace fs = std::filesystem;
  const fs::path file = fs::u8path(path);
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (!fs::exists(status)) throw Failure("MODEL_NOT_FOUND", "There is no file " + path + ".", {{"path", path}});
  if (fs::is_directory(status)) {
    throw Failure("MODEL_IS_DIRECTORY", path + " is a directory, not a model file.", {{"path", path}});
  }
  std::ifstream stream(file, std::ios::binary);
  const uint64_t bytes = fs::file_size(file, error);
  if (error || !stream) throw Failure("MODEL_UNREADABLE", path + " can not be read.", {{"path", path}});
  if (bytes == 0) throw Failure("MODEL_EMPTY", path + " is empty.", {{"path", path}});
  std::array<char, 4> magic{};
  stream.read(magic.data(), magic.size());
  if (!stream || std::memcmp(magic.data(), GGUF_MAGIC, magic.size()) != 0) {
    throw Failure("MODEL_NOT_GGUF", path + " is not a GGUF file: it does not begin with \"GGUF\".", {{"path", path}});
  }
  return bytes;
}

Header ReadHeader(const FunctionTable& functions, const std::string& path) {
  LogCapture capture;
  gguf_context* header = nullptr;
  try {
    header = functions.gguf_init_from_file(path.c_str(), {/*no_alloc=*/true, /*ctx=*/nullptr});
  } catch (const std::exception&) {
    // Absurd counts make the reader ask for absurd amounts of memory.
  }
  if (header == nullptr) {
    Failure failure("MODEL_HEADER_DAMAGED", "The GGUF header of " + path + " is damaged or cut off.",
                    {{"path", path}, {"log", capture.LastProblems()}});
    capture.Drop();
    throw failure;
  }
  return Header(header, functions.gguf_free);
}

void CheckTensorsFit(const FunctionTable& functions, const gguf_context* header, const std::string& path,
                     uint64_t file_bytes) {
  const uint64_t data_offset = functions.gguf_get_data_offset(header);
  int64_t first = -1;
  uint64_t first_begin = 0;
  uint64_t first_end = 0;
  for (int64_t i = 0; i < functions.gguf_get_n_tensors(header); ++i) {
    const uint64_t begin = data_offset + functions.gguf_get_tensor_offset(header, i);
    const uint64_t end = begin + functions.gguf_get_tensor_size(header, i);
    if (end <= file_bytes) continue;
    if (first != -1 && first_begin <= begin) continue;
    first = i;
    first_begin = begin;
    first_end = end;
  }
  if (first == -1) return;
  const std::string tensor = functions.gguf_get_tensor_name(header, first);
  throw Failure("MODEL_TRUNCATED",
                path + " is cut off: tensor " + tensor + " ends at byte " + std::to_string(first_end) +
                    ", the file at byte " + std::to_string(file_bytes) + ".",
                {{"path", path},
                 {"tensor", tensor},
                 {"tensorEndBytes", static_cast<double>(first_end)},
                 {"fileBytes", static_cast<double>(file_bytes)}});
}

void CheckVocabulary(const FunctionTable& functions, const gguf_context* header, const std::string& path) {
  const int64_t key = functions.gguf_find_key(header, "tokenizer.ggml.model");
  // Asking for a value by a wrong type aborts the process.
  const bool is_text = key >= 0 && functions.gguf_get_kv_type(header, key) == GGUF_TYPE_STRING;
  const std::string tokenizer = is_text ? functions.gguf_get_val_str(header, key) : "";
  if (is_text && tokenizer != "none" && tokenizer != "no_vocab") return;
  throw Failure("MODEL_VOCABULARY_MISSING", path + " holds no vocabulary, so it can not tokenize text.",
                {{"path", path}});
}

}  // namespace

}  // namespace llama_kv
