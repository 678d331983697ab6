#pragma once

#include <atomic>
#include <memory>

namespace llama_kv {

/// Raised from any thread to stop one call; polled by the engine's compute threads while they work.
class AbortFlag {
 public:
  void Raise() { raised_.store(true, std::memory_order_relaxed); }
  bool IsRaised() const { return raised_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> raised_{false};
};

using SharedAbortFlag = std::shared_ptr<AbortFlag>;

}  // namespace llama_kv
