#pragma once

#include <napi.h>

#include "../core/abort_flag.h"

namespace llama_kv {

/// JavaScript's hold on one call's abort flag: `new AbortFlag()`, `raise()`.
class AbortFlagObject : public Napi::ObjectWrap<AbortFlagObject> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit AbortFlagObject(const Napi::CallbackInfo& info);

  /// The flag behind a JavaScript value. @throws TypeError for anything else.
  static SharedAbortFlag Read(const Napi::Value& value);

 private:
  void Raise(const Napi::CallbackInfo& info);

  SharedAbortFlag flag_ = std::make_shared<AbortFlag>();
};

}  // namespace llama_kv
