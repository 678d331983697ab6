#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace llama_kv {

/// Bytes that own themselves, never zeroed first: a state has millions of them.
struct StateBytes {
  std::unique_ptr<uint8_t[]> data;
  size_t size = 0;
};

/// What stands before the engine's own bytes. The engine allocates by the counts in its bytes before it has read them,
/// so nothing reaches it that was not written here.
struct StateHeader {
  static constexpr size_t kBytes = 40;

  uint64_t resident_tokens;
  uint64_t engine_bytes;
  uint64_t checksum;
  /// What the bytes mean depends on it: the engine takes those of another architecture for its own, and ends the
  /// process.
  uint64_t model;

  /// Writes the header before `engine_bytes` bytes that are already in place.
  static void Write(uint8_t* bytes, uint32_t resident_tokens, uint64_t engine_bytes, uint64_t model);

  /// @throws Failure STATE_INVALID for what `Write` did not make, or made of another model, or what was changed since.
  /// Catches accidents, not forgeries.
  static StateHeader Read(const uint8_t* bytes, size_t size, uint64_t model);
};

}  // namespace llama_kv
