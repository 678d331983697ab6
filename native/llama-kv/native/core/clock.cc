#include "clock.h"

#include <chrono>

#include "shared_object.h"

namespace llama_kv {

// libuv's clock is not steady_clock on every platform. Node exports it, but no header package declares it, and a plain
// C++ program that uses the core has none: hence the look-up.
uint64_t Now() {
  using Clock = uint64_t (*)();
  static const auto clock = reinterpret_cast<Clock>(FindInProgram("uv_hrtime"));
  if (clock != nullptr) return clock();
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

}  // namespace llama_kv
