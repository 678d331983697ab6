#pragma once

#include <string>

#include "function_table.h"

namespace llama_kv {

/// Checks that a file is a whole GGUF model, before the engine's loader sees it: that one aborts the process over some
/// damages.
///
/// @throws Failure MODEL_NOT_FOUND, MODEL_UNREADABLE, MODEL_IS_DIRECTORY, MODEL_EMPTY, MODEL_NOT_GGUF,
/// MODEL_HEADER_DAMAGED, MODEL_TRUNCATED (names the first tensor that does not fit), MODEL_VOCABULARY_MISSING.
void CheckModelFile(const FunctionTable& functions, const std::string& path);

}  // namespace llama_kv
