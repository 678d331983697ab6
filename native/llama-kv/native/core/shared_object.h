#pragma once

#include <string>

namespace llama_kv {

/// A dynamic library that stays in the process for good: engines keep threads and static state that no unload survives.
class SharedObject {
 public:
  /// Opens by absolute path (UTF-8), its symbols invisible to other libraries.
  /// @throws Failure LIBRARY_LOAD_FAILED with the system's explanation.
  static SharedObject Open(const std::string& path);

  /// The symbol's address, or null. On POSIX a library's own dependencies are searched too, on Windows they are not.
  void* Find(const char* symbol) const;

 private:
  explicit SharedObject(void* handle) : handle_(handle) {}
  void* handle_;
};

/// Pins this addon itself: the engine keeps a pointer to our log callback longer than a worker thread keeps the addon
/// open.
void PinThisModule();

/// A function that the running program exports, or null.
void* FindInProgram(const char* symbol);

}  // namespace llama_kv
