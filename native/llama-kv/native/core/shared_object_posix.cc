#ifndef _WIN32
#include <dlfcn.h>

#include "failure.h"
#include "shared_object.h"

namespace llama_kv {

SharedObject SharedObject::Open(const std::string& path) {
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    const char* reason = dlerror();
    throw Failure("LIBRARY_LOAD_FAILED", reason != nullptr ? reason : "dlopen failed.", {{"path", path}});
  }
  return SharedObject(handle);
}

void* SharedObject::Find(const char* symbol) const { return dlsym(handle_, symbol); }

void PinThisModule() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&PinThisModule), &info) == 0 || info.dli_fname == nullptr) return;
  dlopen(info.dli_fname, RTLD_NOW | RTLD_NODELETE);
}

void* FindInProgram(const char* symbol) { return dlsym(RTLD_DEFAULT, symbol); }

}  // namespace llama_kv
#endif
