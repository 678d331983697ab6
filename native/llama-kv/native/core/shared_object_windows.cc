#ifdef _WIN32
#include <windows.h>

#include "failure.h"
#include "shared_object.h"

namespace llama_kv {

namespace {

std::wstring Widen(const std::string& text) {
  const int length =
      MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text.data(), static_cast<int>(text.size()), nullptr, 0);
  std::wstring wide(static_cast<size_t>(length > 0 ? length : 0), L'\0');
  if (length > 0) MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), wide.data(), length);
  return wide;
}

}  // namespace

SharedObject SharedObject::Open(const std::string& path) {
  // The library's own folder is searched for its dependencies, the current directory is not.
  HMODULE handle =
      LoadLibraryExW(Widen(path).c_str(), nullptr, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
  if (handle == nullptr) {
    throw Failure("LIBRARY_LOAD_FAILED", "LoadLibraryExW failed with code " + std::to_string(GetLastError()) + ".",
                  {{"path", path}});
  }
  HMODULE pinned = nullptr;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                     reinterpret_cast<LPCWSTR>(handle), &pinned);
  return SharedObject(handle);
}

void* SharedObject::Find(const char* symbol) const {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(handle_), symbol));
}

void PinThisModule() {
  HMODULE pinned = nullptr;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                     reinterpret_cast<LPCWSTR>(&PinThisModule), &pinned);
}

void* FindInProgram(const char* symbol) {
  return reinterpret_cast<void*>(GetProcAddress(GetModuleHandleW(nullptr), symbol));
}

}  // namespace llama_kv
#endif
