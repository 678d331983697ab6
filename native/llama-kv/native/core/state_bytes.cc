#include "state_bytes.h"

#include <array>
#include <cstring>
#include <string>

#include "failure.h"

namespace llama_kv {

namespace {

constexpr uint64_t kMagic = 0x32764b616d616c6cU;  // "llamaKv2" in little endian

uint64_t Checksum(const uint8_t* bytes, size_t size);

template <typename Number>
Number ReadAt(const uint8_t* bytes, size_t offset) {
  Number number;
  std::memcpy(&number, bytes + offset, sizeof(number));
  return number;
}

template <typename Number>
void WriteAt(uint8_t* bytes, size_t offset, Number number) {
  std::memcpy(bytes + offset, &number, sizeof(number));
}

Failure Invalid(const std::string& found) {
  return Failure("STATE_INVALID", "The bytes are no saved state of this model: " + found + ".", {{"found", found}});
}

}  // namespace

void StateHeader::Write(uint8_t* bytes, uint32_t resident_tokens, uint64_t engine_bytes, uint64_t model) {
  WriteAt(bytes, 0, kMagic);
  WriteAt(bytes, 8, uint64_t{resident_tokens});
  WriteAt(bytes, 16, engine_bytes);
  WriteAt(bytes, 24, Checksum(bytes + kBytes, static_cast<size_t>(engine_bytes)) ^ resident_tokens);
  WriteAt(bytes, 32, model);
}

StateHeader StateHeader::Read(const uint8_t* bytes, size_t size, uint64_t model) {
  if (size < kBytes) throw Invalid("shorter than a header");
  if (ReadAt<uint64_t>(bytes, 0) != kMagic) throw Invalid("another format");
  const StateHeader header{ReadAt<uint64_t>(bytes, 8), ReadAt<uint64_t>(bytes, 16), ReadAt<uint64_t>(bytes, 24),
                           ReadAt<uint64_t>(bytes, 32)};
  if (header.engine_bytes != size - kBytes) throw Invalid("another length than was saved");
  if (header.model != model) throw Invalid("another model's");
  const uint64_t checksum = Checksum(bytes + kBytes, size - kBytes) ^ header.resident_tokens;
  if (checksum != header.checksum) throw Invalid("other bytes than were saved");
  return header;
}

namespace {

// Independent lanes run at the speed of memory; multiplying by an odd number loses nothing.
uint64_t Checksum(const uint8_t* bytes, size_t size) {
  constexpr uint64_t kFactor = 0x9e3779b97f4a7c15U;
  constexpr size_t kLanes = 8;
  constexpr size_t kStep = kLanes * sizeof(uint64_t);
  std::array<uint64_t, kLanes> lanes{1, 2, 3, 4, 5, 6, 7, 8};
  size_t at = 0;
  for (; at + kStep <= size; at += kStep) {
    for (size_t lane = 0; lane < kLanes; ++lane) {
      const uint64_t mixed = (lanes[lane] ^ ReadAt<uint64_t>(bytes, at + lane * 8)) * kFactor;
      lanes[lane] = mixed ^ (mixed >> 32);
    }
  }
  for (; at < size; ++at) lanes[at % kLanes] = (lanes[at % kLanes] ^ bytes[at]) * kFactor;
  uint64_t sum = size;
  for (const uint64_t lane : lanes) sum = ((sum ^ lane) * kFactor) ^ (sum >> 29);
  return sum;
}

}  // namespace

}  // namespace llama_kv
