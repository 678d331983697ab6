#pragma once

#include <napi.h>

#include "host.h"

namespace llama_kv {

/// One model: loading, tokenizing, and the start of its contexts. Made by `createModel()`.
class ModelObject : public Napi::ObjectWrap<ModelObject> {
 public:
  static Napi::Function Define(Napi::Env env);
  static Napi::Value Create(const Napi::CallbackInfo& info);
  explicit ModelObject(const Napi::CallbackInfo& info);
  void Finalize(Napi::BasicEnv env) override;

 private:
  Napi::Value Load(const Napi::CallbackInfo& info);
  Napi::Value Metadata(const Napi::CallbackInfo& info);
  Napi::Value Tokenize(const Napi::CallbackInfo& info);
  Napi::Value Detokenize(const Napi::CallbackInfo& info);
  Napi::Value Piece(const Napi::CallbackInfo& info);
  Napi::Value KvBytesPerToken(const Napi::CallbackInfo& info);
  Napi::Value CreateContext(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);
  const std::shared_ptr<Model>& LoadedModel(Napi::Env env) const;

  std::shared_ptr<ModelHost> host_;
};

}  // namespace llama_kv
