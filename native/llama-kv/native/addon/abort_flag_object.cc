#include "abort_flag_object.h"

namespace llama_kv {

namespace {

// Tells our objects from those of other addons before unwrapping.
constexpr napi_type_tag kTypeTag = {0x6c6c616d612d6b76, 0x61626f7274666c67};

}  // namespace

Napi::Function AbortFlagObject::Define(Napi::Env env) {
  return DefineClass(env, "AbortFlag", {InstanceMethod("raise", &AbortFlagObject::Raise)});
}

AbortFlagObject::AbortFlagObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  info.This().As<Napi::Object>().TypeTag(&kTypeTag);
}

SharedAbortFlag AbortFlagObject::Read(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kTypeTag)) {
    throw Napi::TypeError::New(value.Env(), "abort must be an AbortFlag.");
  }
  return Unwrap(value.As<Napi::Object>())->flag_;
}

void AbortFlagObject::Raise(const Napi::CallbackInfo&) { flag_->Raise(); }

}  // namespace llama_kv
