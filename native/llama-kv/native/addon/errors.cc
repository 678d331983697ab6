#include "errors.h"

namespace llama_kv {

Napi::Error ToJsError(Napi::Env env, const Failure& failure) {
  Napi::Error error = Napi::Error::New(env, failure.what());
  Napi::Object meta = Napi::Object::New(env);
  for (const auto& [key, value] : failure.details()) {
    if (const double* number = std::get_if<double>(&value)) meta.Set(key, Napi::Number::New(env, *number));
    if (const std::string* text = std::get_if<std::string>(&value)) meta.Set(key, Napi::String::New(env, *text));
  }
  error.Set("code", Napi::String::New(env, failure.code()));
  error.Set("meta", meta);
  return error;
}

}  // namespace llama_kv
