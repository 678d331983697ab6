#pragma once

#include <napi.h>

#include "environment.h"
#include "host.h"

namespace llama_kv {

/// One context: its jobs run one after another on its own thread. Made by a model's `createContext()`.
class ContextObject : public Napi::ObjectWrap<ContextObject> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit ContextObject(const Napi::CallbackInfo& info);
  void Finalize(Napi::BasicEnv env) override;

 private:
  Napi::Value Open(const Napi::CallbackInfo& info);
  Napi::Value Prefill(const Napi::CallbackInfo& info);
  Napi::Value Evaluate(const Napi::CallbackInfo& info);
  Napi::Value Generate(const Napi::CallbackInfo& info);
  Napi::Value Trim(const Napi::CallbackInfo& info);
  Napi::Value Shift(const Napi::CallbackInfo& info);
  Napi::Value Copy(const Napi::CallbackInfo& info);
  Napi::Value Keep(const Napi::CallbackInfo& info);
  Napi::Value SaveState(const Napi::CallbackInfo& info);
  Napi::Value LoadState(const Napi::CallbackInfo& info);
  Napi::Value StateSize(const Napi::CallbackInfo& info);
  Napi::Value Clear(const Napi::CallbackInfo& info);
  Napi::Value Positions(const Napi::CallbackInfo& info);
  Napi::Value KeptLogits(const Napi::CallbackInfo& info);
  Napi::Value SetLogits(const Napi::CallbackInfo& info);
  Napi::Value ResidentTokens(const Napi::CallbackInfo& info);
  Napi::Value Work(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  const std::shared_ptr<Context>& OpenContext(Napi::Env env) const;
  llama_seq_id ReadSequence(const Napi::Value& value) const;
  Napi::Value Run(const Napi::CallbackInfo& info, Environment::Body body);
  /// The same body, its time counted as the context's.
  Environment::Body Timed(Environment::Body body) const;
  Napi::Value RunVoid(const Napi::CallbackInfo& info, std::function<void()> body);

  std::shared_ptr<ContextHost> host_;
};

}  // namespace llama_kv
