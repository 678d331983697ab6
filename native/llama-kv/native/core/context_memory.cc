#include <algorithm>

#include "context.h"
#include "failure.h"

// What of a context concerns cells: dropping, moving and copying them.

namespace llama_kv {

namespace {

Failure OutOfRange(const std::string& message) { return Failure("OUT_OF_RANGE", message); }

}  // namespace

void Context::Trim(int32_t keep_tokens, llama_seq_id sequence) {
  CheckUsable();
  const int32_t resident = ResidentTokens(sequence);
  if (keep_tokens < 0 || keep_tokens > resident) {
    throw OutOfRange("Can not keep " + std::to_string(keep_tokens) + " tokens of " + std::to_string(resident) + ".");
  }
  if (keep_tokens == resident) return;
  if (RemoveFrom(keep_tokens, sequence)) return;
  throw Failure("TRIM_REFUSED",
                "The engine can not take this model's memory back to " + std::to_string(keep_tokens) + " tokens.",
                {{"keepTokens", double(keep_tokens)}, {"residentTokens", double(ResidentTokens(sequence))}});
}

void Context::Shift(int32_t from, int32_t count, llama_seq_id sequence) {
  CheckUsable();
  const int32_t resident = ResidentTokens(sequence);
  if (from < 0 || count < 0 || int64_t{from} + count > resident) {
    throw OutOfRange("Can not take " + std::to_string(count) + " tokens out at " + std::to_string(from) + " of " +
                     std::to_string(resident) + ".");
  }
  if (count == 0) return;
  if (from + count == resident) return Trim(from, sequence);
  // A recurrent memory says that it can and then holds the state of the longer text; several positions per token
  // (M-RoPE) would end the process.
  llama_memory_t memory = functions_.llama_get_memory(context_);
  if (model_->facts().memory != MemoryKind::kFull || !functions_.llama_memory_can_shift(memory)) {
    throw Failure("SHIFT_REFUSED", "The engine can not move tokens in this model's memory.");
  }
  // Of keys in any other type llama.cpp v0.5.0 turns nothing and ends the process: it multiplies quantised ones by a
  // rotation that is not always there (build_rope_shift), and knows no bf16 (ggml_compute_forward_rope).
  if (effective_.type_k != GGML_TYPE_F32 && effective_.type_k != GGML_TYPE_F16) {
    throw Failure("SHIFT_REFUSED", "The engine can move tokens only where keys are kept as f32 or f16.");
  }
  functions_.llama_memory_seq_rm(memory, sequence, from, from + count);
  functions_.llama_memory_seq_add(memory, sequence, from + count, -1, -count);
  shift_pending_ = true;
  At(sequence).resident_tokens.store(resident - count);
  At(sequence).logits.clear();
  if (HoldsAll(resident - count, sequence)) return;
  Empty(sequence);
  throw Failure("SHIFT_REFUSED", "The engine lost tokens while it moved them; the sequence is empty now.");
}

// By way of bytes: the engine's own copy between sequences with cells of their own is put off to the next evaluation,
// and goes wrong when either is saved or restored before.
void Context::Copy(llama_seq_id source, llama_seq_id destination) {
  CheckUsable();
  CheckSettled();
  if (source == destination) return;
  if (ResidentTokens(source) == 0) return Empty(destination);
  const StateBytes state = SaveState(source);
  LoadState(state.data.get(), state.size, destination);
  At(destination).logits = At(source).logits;
}

// One by one: the engine's own `keep` looks at the cells of that one sequence only where each has cells of its own.
void Context::Keep(llama_seq_id sequence) {
  CheckUsable();
  for (uint32_t other = 0; other < effective_.sequences; ++other) {
    if (static_cast<llama_seq_id>(other) != sequence) Empty(static_cast<llama_seq_id>(other));
  }
}

void Context::Clear() {
  CheckUsable();
  functions_.llama_memory_clear(functions_.llama_get_memory(context_), /*data=*/false);
  shift_pending_ = false;
  for (auto& sequence : sequences_) {
    sequence->resident_tokens.store(0);
    sequence->logits.clear();
  }
}

std::optional<PositionRange> Context::Positions(llama_seq_id sequence) {
  CheckUsable();
  llama_memory_t memory = functions_.llama_get_memory(context_);
  const PositionRange range{functions_.llama_memory_seq_pos_min(memory, sequence),
                            functions_.llama_memory_seq_pos_max(memory, sequence)};
  if (range.maximum < 0) return std::nullopt;
  return range;
}

// A refusal changes nothing; where cells are missing afterwards the sequence is emptied, which never fails, rather than
// left half there.
bool Context::RemoveFrom(int32_t position, llama_seq_id sequence) {
  Sequence& state = At(sequence);
  llama_memory_t memory = functions_.llama_get_memory(context_);
  if (!functions_.llama_memory_seq_rm(memory, sequence, position, -1)) return false;

  if (position != state.resident_tokens.load()) state.logits.clear();
  state.resident_tokens.store(position);
  if (HoldsAll(position, sequence)) return true;
  Empty(sequence);
  return false;
}

// The engine says true for windows that are gone (swa_full = false), so its positions are looked at.
bool Context::HoldsAll(int32_t tokens, llama_seq_id sequence) {
  if (tokens == 0) return true;
  llama_memory_t memory = functions_.llama_get_memory(context_);
  const llama_pos maximum = functions_.llama_memory_seq_pos_max(memory, sequence);
  const llama_pos minimum = functions_.llama_memory_seq_pos_min(memory, sequence);
  const bool is_windowed = model_->facts().memory == MemoryKind::kSlidingWindow;
  const llama_pos needed = is_windowed ? std::max(0, tokens - model_->facts().sliding_window_tokens) : 0;
  const bool has_cells = model_->facts().memory == MemoryKind::kFull || is_windowed;
  return maximum == tokens - 1 && (!has_cells || minimum <= needed);
}

void Context::Empty(llama_seq_id sequence) {
  functions_.llama_memory_seq_rm(functions_.llama_get_memory(context_), sequence, -1, -1);
  At(sequence).resident_tokens.store(0);
  At(sequence).logits.clear();
}

}  // namespace llama_kv
