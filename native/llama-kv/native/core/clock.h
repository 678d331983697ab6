#pragma once

#include <cstdint>

namespace llama_kv {

/// Monotonic nanoseconds on the clock of `process.hrtime.bigint()`.
uint64_t Now();

}  // namespace llama_kv
