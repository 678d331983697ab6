#pragma once

#include <napi.h>

namespace llama_kv {

/// `openLibrary({directory, paths})`: opens llama.cpp for this process and describes it.
Napi::Value OpenLibrary(const Napi::CallbackInfo& info);

/// `setLog(callback | undefined)`: where this environment's engine log lines go.
void SetLog(const Napi::CallbackInfo& info);

/// `shutDown()`: ends all work and threads of this environment, for good.
void ShutDown(const Napi::CallbackInfo& info);

}  // namespace llama_kv
