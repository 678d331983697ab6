#pragma once

#include <napi.h>

#include "../core/failure.h"

namespace llama_kv {

/// A JavaScript Error with `code` and `meta`; src/convert-native-error.ts makes the public error of it.
Napi::Error ToJsError(Napi::Env env, const Failure& failure);

/// Runs a job's body and turns whatever it throws into a failure, so that no exception ends a thread.
template <typename Body, typename OnFailure>
void Guard(Body body, OnFailure on_failure) {
  try {
    body();
  } catch (const Failure& failure) {
    on_failure(failure);
  } catch (const std::exception& error) {
    on_failure(Failure("ENGINE_FAILED", std::string("The engine failed: ") + error.what()));
  } catch (...) {
    on_failure(Failure("ENGINE_FAILED", "The engine failed without an explanation."));
  }
}

}  // namespace llama_kv
