#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace llama_kv {

/// One thread that runs jobs in the order in which they were submitted.
class Worker {
 public:
  Worker();
  /// Runs what is queued, then ends the thread.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Queues a job; false once `Finish` was called. A job must not throw.
  bool Submit(std::function<void()> job);

  /// Takes no further jobs, runs those already queued, waits for the thread to end. Idempotent; never call it from a
  /// job.
  void Finish();

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  bool finishing_ = false;
  std::thread thread_;
};

}  // namespace llama_kv
