#include "abort_flag_object.h"

namespace llama_kv {

namespace {

// Tells our objects from those of other addons before unwrapping. An address in it, because this addon may be loaded
// twice, in two versions: the other one's objects are foreign too.
const napi_type_tag& TypeTag() {
  static const char here = 0;
  static const napi_type_tag tag = {0x6c6c616d612d6b76, reinterpret_cast<uintptr_t>(&here)};
  return tag;
}

}  // namespace

Napi::Function AbortFlagObject::Define(Napi::Env env) {
  return DefineClass(env, "AbortFlag", {InstanceMethod("raise", &AbortFlagObject::Raise)});
}

AbortFlagObject::AbortFlagObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  info.This().As<Napi::Object>().TypeTag(&TypeTag());
}

SharedAbortFlag AbortFlagObject::Read(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&TypeTag())) {
    throw Napi::TypeError::New(value.Env(), "abort must be an AbortFlag.");
  }
  return Unwrap(value.As<Napi::Object>())->flag_;
}

void AbortFlagObject::Raise(const Napi::CallbackInfo&) { flag_->Raise(); }

}  // namespace llama_kv
