#pragma once

#include <memory>
#include <string>
#include <vector>

#include "function_table.h"

namespace llama_kv {

/// A processor that the engine can compute on.
struct Device {
  std::string name;
  std::string description;
  std::string type;
  uint64_t memory_bytes;
};

/// What to open: the libraries in the order of their dependencies, and the folder that holds the compute backends.
struct LibraryFiles {
  std::string directory;
  std::vector<std::string> paths;
};

/// llama.cpp, opened once per process and never closed.
class Library {
 public:
  /// Opens the library, or returns the one already open in this process when it is the same directory.
  ///
  /// @throws Failure LIBRARY_LOAD_FAILED, LIBRARY_RELEASE_MISMATCH, LIBRARY_ALREADY_LOADED (another directory).
  static std::shared_ptr<Library> Open(const LibraryFiles& files);

  /// A library around functions that are resolved already.
  Library(std::string directory, const FunctionTable& functions)
      : directory_(std::move(directory)), functions_(functions) {}

  /// The release of the headers that this addon was compiled against, such as "v0.5.0".
  static const char* CompiledRelease();

  const FunctionTable& functions() const { return functions_; }
  const std::string& directory() const { return directory_; }
  /// What the library says about itself, such as "0.5.0-dev".
  std::string version() const { return functions_.llama_version(); }
  std::string system_information() const { return functions_.llama_print_system_info(); }
  std::vector<Device> devices() const;

  /// For tests only: what is replaced here is replaced for the whole process.
  FunctionTable& functions_to_replace() { return functions_; }

 private:
  std::string directory_;
  FunctionTable functions_;
};

}  // namespace llama_kv
