#pragma once

#include <cstdint>

#include "function_table.h"

namespace llama_kv {

/// Threads of the CPU backend that live as long as a context: without them the engine starts and ends threads for every
/// evaluation, which a small model's decode feels.
class ThreadPool {
 public:
  /// Empty where the engine has no CPU backend, or needs none for one thread.
  ThreadPool(const FunctionTable& functions, int32_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// What `llama_attach_threadpool` takes, or null. Its context has to be freed first.
  ggml_threadpool_t handle() const { return pool_; }

 private:
  using Free = void (*)(ggml_threadpool_t);

  ggml_threadpool_t pool_ = nullptr;
  Free free_ = nullptr;
};

}  // namespace llama_kv
