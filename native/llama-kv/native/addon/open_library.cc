#include "open_library.h"

#include "arguments.h"
#include "convert_facts.h"
#include "environment.h"
#include "errors.h"

namespace llama_kv {

Napi::Value OpenLibrary(const Napi::CallbackInfo& info) {
  const Napi::Object object = ReadObject(info[0], "files");
  LibraryFiles files{ReadText(object.Get("directory"), "directory"), {}};
  const Napi::Value paths = object.Get("paths");
  if (!paths.IsArray()) throw Napi::TypeError::New(info.Env(), "paths must be an array.");
  const auto list = paths.As<Napi::Array>();
  for (uint32_t i = 0; i < list.Length(); ++i) files.paths.push_back(ReadText(list.Get(i), "path"));

  Environment& environment = Environment::From(info.Env());
  Napi::Value described;
  Guard(
      [&] {
        environment.library = Library::Open(files);
        described = ConvertLibrary(info.Env(), *environment.library);
      },
      [&](const Failure& failure) { throw ToJsError(info.Env(), failure); });
  return described;
}

void SetLog(const Napi::CallbackInfo& info) { Environment::From(info.Env()).SetLog(info.Env(), info[0]); }

void ShutDown(const Napi::CallbackInfo& info) { Environment::From(info.Env()).ShutDown(); }

}  // namespace llama_kv
