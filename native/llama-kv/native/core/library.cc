#include "library.h"

#include <mutex>

#include "failure.h"
#include "log.h"
#include "shared_object.h"

namespace llama_kv {

namespace {

FunctionTable ResolveFunctions(const std::vector<SharedObject>& objects);
void CheckVersion(const FunctionTable& functions, const std::string& directory);
std::string DeviceTypeName(enum ggml_backend_dev_type type);

}  // namespace

const char* Library::CompiledRelease() { return LLAMA_KV_RELEASE; }

std::shared_ptr<Library> Library::Open(const LibraryFiles& files) {
  // The engine's registry of backends and its log callback are global: one library per process, whoever asks.
  static std::mutex mutex;
  static std::shared_ptr<Library>* opened = new std::shared_ptr<Library>();

  std::lock_guard<std::mutex> lock(mutex);
  if (*opened != nullptr) {
    if ((*opened)->directory() == files.directory) return *opened;
    throw Failure("LIBRARY_ALREADY_LOADED",
                  "This process already uses the llama.cpp libraries in " + (*opened)->directory() + ", not those in " +
                      files.directory + ".",
                  {{"loadedDirectory", (*opened)->directory()}, {"directory", files.directory}});
  }

  std::vector<SharedObject> objects;
  for (const std::string& path : files.paths) objects.push_back(SharedObject::Open(path));
  const FunctionTable functions = ResolveFunctions(objects);
  CheckVersion(functions, files.directory);

  PinThisModule();
  functions.llama_log_set(EngineLogCallback, nullptr);
  LogCapture capture;
  // Another binding in this process may have registered the very same backends; twice would list each device twice.
  if (functions.ggml_backend_reg_count() == 0) functions.ggml_backend_load_all_from_path(files.directory.c_str());
  if (functions.ggml_backend_dev_count() == 0) {
    throw Failure("LIBRARY_LOAD_FAILED", "No compute backend could be loaded from " + files.directory + ".",
                  {{"path", files.directory}, {"log", capture.LastProblems()}});
  }
  functions.llama_backend_init();
  opened->reset(new Library(files.directory, functions));
  return *opened;
}

std::vector<Device> Library::devices() const {
  std::vector<Device> devices;
  for (size_t i = 0; i < functions_.ggml_backend_dev_count(); ++i) {
    ggml_backend_dev_t device = functions_.ggml_backend_dev_get(i);
    size_t free_bytes = 0;
    size_t total_bytes = 0;
    functions_.ggml_backend_dev_memory(device, &free_bytes, &total_bytes);
    devices.push_back({functions_.ggml_backend_dev_name(device), functions_.ggml_backend_dev_description(device),
                       DeviceTypeName(functions_.ggml_backend_dev_type(device)), total_bytes});
  }
  return devices;
}

namespace {

void* FindInAny(const std::vector<SharedObject>& objects, const char* symbol) {
  for (const SharedObject& object : objects) {
    if (void* address = object.Find(symbol)) return address;
  }
  throw Failure("LIBRARY_LOAD_FAILED", std::string("The libraries do not export ") + symbol + ".",
                {{"symbol", symbol}});
}

FunctionTable ResolveFunctions(const std::vector<SharedObject>& objects) {
  FunctionTable table;
#define LLAMA_KV_RESOLVE(name) table.name = reinterpret_cast<decltype(table.name)>(FindInAny(objects, #name));
  LLAMA_KV_SYMBOLS(LLAMA_KV_RESOLVE)
#undef LLAMA_KV_RESOLVE
  return table;
}

// Parameter structs go by value and change between releases: a mismatch would read garbage, so it must not get that
// far.
void CheckVersion(const FunctionTable& functions, const std::string& directory) {
  const std::string found = functions.llama_version();
  std::string expected = Library::CompiledRelease();
  if (!expected.empty() && expected.front() == 'v') expected.erase(0, 1);
  // Builds that are not made from a tagged checkout call themselves "<version>-dev".
  if (found == expected || found == expected + "-dev") return;
  throw Failure("LIBRARY_RELEASE_MISMATCH",
                "The libraries in " + directory + " are llama.cpp " + found + ", this addon was built for " +
                    Library::CompiledRelease() + ".",
                {{"found", found}, {"expected", Library::CompiledRelease()}});
}

std::string DeviceTypeName(enum ggml_backend_dev_type type) {
  switch (type) {
    case GGML_BACKEND_DEVICE_TYPE_CPU:
      return "cpu";
    case GGML_BACKEND_DEVICE_TYPE_GPU:
      return "gpu";
    case GGML_BACKEND_DEVICE_TYPE_IGPU:
      return "integrated_gpu";
    case GGML_BACKEND_DEVICE_TYPE_ACCEL:
      return "accelerator";
    default:
      return "other";
  }
}

}  // namespace

}  // namespace llama_kv
