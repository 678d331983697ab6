#pragma once

#include <napi.h>

#include <string>
#include <utility>
#include <vector>

#include "../core/context.h"
#include "../core/library.h"
#include "../core/model.h"

namespace llama_kv {

// The core's structs as plain JavaScript objects; src/addon.ts types each of them. What is unknown is left out.

Napi::Object ConvertLibrary(Napi::Env env, const Library& library);
Napi::Object ConvertFacts(Napi::Env env, const ModelFacts& facts);
Napi::Object ConvertMetadata(Napi::Env env, const std::vector<std::pair<std::string, std::string>>& entries);
Napi::Object ConvertEffective(Napi::Env env, const EffectiveOptions& effective);
Napi::Object ConvertWork(Napi::Env env, const WorkCounts& work);

}  // namespace llama_kv
