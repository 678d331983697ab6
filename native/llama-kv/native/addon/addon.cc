#include <napi.h>

#include "abort_flag_object.h"
#include "context_object.h"
#include "environment.h"
#include "model_object.h"
#include "open_library.h"
#ifdef LLAMA_KV_TESTING
#include "testing.h"
#endif

namespace {

Napi::Object Register(Napi::Env env, Napi::Object exports) {
  using namespace llama_kv;
  auto* environment = new Environment(env);
  env.SetInstanceData(environment);
  environment->model_constructor = Napi::Persistent(ModelObject::Define(env));
  environment->context_constructor = Napi::Persistent(ContextObject::Define(env));

  exports.Set("release", Library::CompiledRelease());
  exports.Set("AbortFlag", AbortFlagObject::Define(env));
  exports.Set("openLibrary", Napi::Function::New(env, OpenLibrary, "openLibrary"));
  exports.Set("setLog", Napi::Function::New(env, SetLog, "setLog"));
  exports.Set("shutDown", Napi::Function::New(env, ShutDown, "shutDown"));
  exports.Set("createModel", Napi::Function::New(env, ModelObject::Create, "createModel"));
#ifdef LLAMA_KV_TESTING
  exports.Set("testing", DefineTesting(env));
#endif
  return exports;
}

}  // namespace

NODE_API_MODULE(llama_kv, Register)
