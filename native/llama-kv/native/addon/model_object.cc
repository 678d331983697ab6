#include "model_object.h"

#include <algorithm>
#include <utility>

#include "abort_flag_object.h"
#include "arguments.h"
#include "convert_facts.h"
#include "environment.h"
#include "errors.h"
#include "read_context_options.h"

namespace llama_kv {

Napi::Function ModelObject::Define(Napi::Env env) {
  return DefineClass(
      env, "Model",
      {InstanceMethod("load", &ModelObject::Load), InstanceMethod("metadata", &ModelObject::Metadata),
       InstanceMethod("tokenize", &ModelObject::Tokenize), InstanceMethod("detokenize", &ModelObject::Detokenize),
       InstanceMethod("piece", &ModelObject::Piece), InstanceMethod("kvBytesPerToken", &ModelObject::KvBytesPerToken),
       InstanceMethod("createContext", &ModelObject::CreateContext), InstanceMethod("close", &ModelObject::Close)});
}

Napi::Value ModelObject::Create(const Napi::CallbackInfo& info) {
  Environment& environment = Environment::From(info.Env());
  if (environment.library == nullptr) throw Napi::Error::New(info.Env(), "No library is open.");
  auto host = std::make_shared<ModelHost>();
  environment.Track(host);
  environment.host_to_wrap = host;
  return environment.model_constructor.New({});
}

ModelObject::ModelObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  host_ = std::dynamic_pointer_cast<ModelHost>(std::exchange(Environment::From(info.Env()).host_to_wrap, nullptr));
  if (host_ == nullptr) throw Napi::TypeError::New(info.Env(), "A model is made by createModel().");
}

void ModelObject::Finalize(Napi::BasicEnv) {
  if (host_ != nullptr) host_->Stop();
}

Napi::Value ModelObject::Load(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Environment& environment = Environment::From(env);
  const std::string path = ReadText(info[0], "path");
  const Napi::Object options = ReadObject(info[1], "options");
  ModelOptions wished;
  wished.gpu_layers = static_cast<int32_t>(ReadInteger(options.Get("gpuLayers"), "gpuLayers", -1, INT32_MAX));
  wished.memory_map = ReadBoolean(options.Get("memoryMap"), "memoryMap");

  host_->load_abort = AbortFlagObject::Read(info[2]);

  // The library is kept by its process-wide registry as well; the job takes its own share all the same.
  const auto body = [&environment, host = host_, library = environment.library, path, wished,
                     abort = host_->load_abort](uint64_t operation) -> Environment::Completion {
    const auto on_progress = [&environment, operation](float fraction) {
      environment.Notify(operation, [fraction](Napi::Env e, const Napi::Function& callback) {
        callback.Call({Napi::Number::New(e, fraction)});
      });
    };
    auto model = Model::Load(library, path, wished, abort, on_progress);
    return [host, model](Napi::Env e, const Napi::Promise::Deferred& deferred) {
      host->model = model;
      deferred.Resolve(ConvertFacts(e, model->facts()));
    };
  };
  return environment.Run(env, host_, info[3], body);
}

Napi::Value ModelObject::Metadata(const Napi::CallbackInfo& info) {
  return ConvertMetadata(info.Env(), LoadedModel(info.Env())->Metadata());
}

Napi::Value ModelObject::Tokenize(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Environment& environment = Environment::From(env);
  const std::string text = ReadText(info[0], "text");
  if (text.size() > INT32_MAX - 16) throw Napi::RangeError::New(env, "text must be shorter than 2 GiB.");
  const bool add_special = ReadBoolean(info[1], "addSpecial");
  const bool parse_special = ReadBoolean(info[2], "parseSpecial");
  const std::shared_ptr<Model> model = LoadedModel(env);

  const auto body = [model, text, add_special, parse_special](uint64_t) -> Environment::Completion {
    return [tokens = model->Tokenize(text, add_special, parse_special)](Napi::Env e,
                                                                        const Napi::Promise::Deferred& deferred) {
      auto array = Napi::Int32Array::New(e, tokens.size());
      std::copy(tokens.begin(), tokens.end(), array.Data());
      deferred.Resolve(array);
    };
  };
  return environment.Run(env, host_, env.Undefined(), body);
}

Napi::Value ModelObject::Detokenize(const Napi::CallbackInfo& info) {
  const auto& model = LoadedModel(info.Env());
  const auto tokens = ReadTokens(info[0], "tokens", model->facts().vocabulary_tokens);
  const bool render_special = ReadBoolean(info[1], "renderSpecial");
  try {
    return Napi::String::New(info.Env(), model->Detokenize(tokens, render_special));
  } catch (const Failure& failure) {
    throw ToJsError(info.Env(), failure);
  }
}

Napi::Value ModelObject::Piece(const Napi::CallbackInfo& info) {
  const auto& model = LoadedModel(info.Env());
  const auto token = ReadInteger(info[0], "token", 0, model->facts().vocabulary_tokens - 1);
  const bool render_special = ReadBoolean(info[1], "renderSpecial");
  try {
    const std::string piece = model->Piece(static_cast<llama_token>(token), render_special);
    return Napi::Buffer<char>::Copy(info.Env(), piece.data(), piece.size());
  } catch (const Failure& failure) {
    throw ToJsError(info.Env(), failure);
  }
}

Napi::Value ModelObject::KvBytesPerToken(const Napi::CallbackInfo& info) {
  const auto& model = LoadedModel(info.Env());
  const auto bytes = ComputeKvBytesPerToken(*model, ReadKvCacheType(info[0], "kvCacheTypeK"),
                                            ReadKvCacheType(info[1], "kvCacheTypeV"));
  return bytes ? Napi::Number::New(info.Env(), static_cast<double>(*bytes)) : info.Env().Undefined();
}

Napi::Value ModelObject::CreateContext(const Napi::CallbackInfo& info) {
  Environment& environment = Environment::From(info.Env());
  const auto& model = LoadedModel(info.Env());
  const ContextOptions options = ReadContextOptions(ReadObject(info[0], "options"), model->functions());
  auto host = std::make_shared<ContextHost>(model, options);
  environment.Track(host);
  environment.host_to_wrap = host;
  return environment.context_constructor.New({});
}

Napi::Value ModelObject::Close(const Napi::CallbackInfo& info) {
  host_->RequestStop();
  // Freed on the model's thread, behind its last job; a context that is still open keeps its share.
  const auto body = [host = host_, model = std::exchange(host_->model, nullptr)](uint64_t) mutable {
    model.reset();
    return [host](Napi::Env e, const Napi::Promise::Deferred& deferred) {
      host->Stop();
      deferred.Resolve(e.Undefined());
    };
  };
  return Environment::From(info.Env()).Run(info.Env(), host_, info.Env().Undefined(), body);
}

const std::shared_ptr<Model>& ModelObject::LoadedModel(Napi::Env env) const {
  if (host_->model == nullptr) throw ToJsError(env, Failure("CLOSED", "The model is not open."));
  return host_->model;
}

}  // namespace llama_kv
