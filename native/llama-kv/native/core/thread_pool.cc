#include "thread_pool.h"

namespace llama_kv {

namespace {

// Idle threads look for work for some milliseconds before they sleep: long enough for the next token of a decode, too
// short to take a core from whatever comes after it. (50, the default, is tenths of a second.)
constexpr uint32_t kPollLevel = 1;

ggml_backend_reg_t FindCpuBackend(const FunctionTable& functions) {
  for (size_t i = 0; i < functions.ggml_backend_dev_count(); ++i) {
    ggml_backend_dev_t device = functions.ggml_backend_dev_get(i);
    if (functions.ggml_backend_dev_type(device) != GGML_BACKEND_DEVICE_TYPE_CPU) continue;
    return functions.ggml_backend_dev_backend_reg(device);
  }
  return nullptr;
}

}  // namespace

ThreadPool::ThreadPool(const FunctionTable& functions, int32_t threads) {
  if (threads < 2) return;
  ggml_backend_reg_t backend = FindCpuBackend(functions);
  if (backend == nullptr) return;
  using Create = ggml_threadpool_t (*)(ggml_threadpool_params*);
  const auto create =
      reinterpret_cast<Create>(functions.ggml_backend_reg_get_proc_address(backend, "ggml_threadpool_new"));
  free_ = reinterpret_cast<Free>(functions.ggml_backend_reg_get_proc_address(backend, "ggml_threadpool_free"));
  if (create == nullptr || free_ == nullptr) return;
  ggml_threadpool_params params = functions.ggml_threadpool_params_default(threads);
  params.poll = kPollLevel;
  pool_ = create(&params);
}

ThreadPool::~ThreadPool() {
  if (pool_ != nullptr) free_(pool_);
}

}  // namespace llama_kv
