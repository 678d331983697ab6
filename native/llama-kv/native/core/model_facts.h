#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "function_table.h"
#include "model.h"

namespace llama_kv {

ModelFacts ReadModelFacts(const FunctionTable& functions, const llama_model* model);
std::vector<std::pair<std::string, std::string>> ReadMetadata(const FunctionTable& functions, const llama_model* model);
std::optional<std::string> ReadMetadataValue(const FunctionTable& functions, const llama_model* model,
                                             const std::string& key);

}  // namespace llama_kv
