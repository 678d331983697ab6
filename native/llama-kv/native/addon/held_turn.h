#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

namespace llama_kv {

/// Keeps a host's thread waiting while the JavaScript thread uses what that thread owns.
class HeldTurn {
 public:
  /// Ends early once the host is stopping: the JavaScript thread may then be waiting for this very thread, and whoever
  /// still comes is refused.
  void Wait(const std::function<bool()>& is_stopping) {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!is_ended_ && !is_stopping()) ended_.wait_for(lock, kLookAgain);
  }

  void End() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      is_ended_ = true;
    }
    ended_.notify_one();
  }

 private:
  static constexpr std::chrono::milliseconds kLookAgain{10};

  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_ended_ = false;
};

}  // namespace llama_kv
