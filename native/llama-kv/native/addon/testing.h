#pragma once

#include <napi.h>

namespace llama_kv {

/// Hooks of the testing build only: counts what llama_decode was really given, and lets a test choose what it answers.
Napi::Object DefineTesting(Napi::Env env);

}  // namespace llama_kv
