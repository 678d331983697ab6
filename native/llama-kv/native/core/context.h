#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "abort_flag.h"
#include "batch.h"
#include "context_options.h"
#include "model.h"
#include "state_bytes.h"
#include "thread_pool.h"

namespace llama_kv {

/// Where chunks end: at multiples of the ubatch counted from position 0, or from the first token of the call.
enum class Grid { kPosition, kCall };

struct PrefillResult {
  int32_t evaluated_tokens;
  int32_t calls;
  int32_t resident_tokens;
};

/// Evaluations that the engine completed, those that it was made to abort, and the time inside all calls.
struct WorkCounts {
  uint64_t prefill_calls;
  uint64_t prefill_tokens;
  uint64_t decode_calls;
  uint64_t aborted_calls;
  uint64_t native_nanoseconds;
};

struct PositionRange {
  llama_pos minimum;
  llama_pos maximum;
};

/// One engine context and what is resident in its sequences.
///
/// Counts what it evaluated itself instead of asking the engine: after an abort some models report positions that they
/// do not hold. Methods under "worker" run on one thread; those under "any" on any thread.
class Context {
 public:
  Context(std::shared_ptr<const Model> model, const ContextOptions& options);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // Any thread.
  int32_t vocabulary_tokens() const { return vocabulary_tokens_; }
  const EffectiveOptions& effective() const { return effective_; }
  bool IsSequence(int64_t sequence) const { return sequence >= 0 && sequence < int64_t{effective_.sequences}; }
  int32_t ResidentTokens(llama_seq_id sequence) const;
  WorkCounts work() const;
  bool broken() const { return broken_.load(); }
  bool closing() const { return closing_.load(); }
  /// Stops whatever runs; every later call fails with CLOSED.
  void RequestClose() { closing_.store(true); }
  /// Adds to the time that was spent on this context's calls.
  void CountTime(uint64_t nanoseconds) { native_nanoseconds_.fetch_add(nanoseconds); }

  // Worker. All but the first may throw CLOSED, CONTEXT_BROKEN and, where they take a flag, ABORTED.

  /// Frees the engine's side and lets go of the model. The counters stay readable.
  void Release();

  const Model& model() const { return *model_; }

  /// Appends tokens behind what is resident. Logits are requested for the last one and kept.
  /// An abort leaves whole finished chunks resident. @throws Failure CONTEXT_OVERFLOW before anything changed,
  /// DECODE_FAILED.
  PrefillResult Prefill(const std::vector<llama_token>& tokens, llama_seq_id sequence, Grid grid, AbortFlag& abort);

  /// Appends one token alone and keeps its logits. @throws as `Prefill`.
  void Evaluate(llama_token token, llama_seq_id sequence, AbortFlag& abort);

  /// Drops everything from position `keep_tokens` on. @throws Failure OUT_OF_RANGE, TRIM_REFUSED (with what is resident
  /// now).
  void Trim(int32_t keep_tokens, llama_seq_id sequence);

  /// Drops `count` tokens from position `from` on and moves what follows down, its keys turned to their new positions.
  /// The numbers then differ from those of a fresh prefill. @throws Failure OUT_OF_RANGE, SHIFT_REFUSED.
  void Shift(int32_t from, int32_t count, llama_seq_id sequence);

  /// Makes `destination` hold what `source` holds, its logits included. @throws Failure STATE_UNSETTLED, STATE_INVALID
  /// (the destination is empty then).
  void Copy(llama_seq_id source, llama_seq_id destination);

  /// Empties every sequence but one.
  void Keep(llama_seq_id sequence);

  /// Empties every sequence.
  void Clear();

  /// What a sequence holds, as bytes that only a context of the same model and options can read. Logits are apart.
  /// @throws Failure STATE_UNSETTLED after a shift, until something is evaluated.
  StateBytes SaveState(llama_seq_id sequence);

  /// Replaces what a sequence holds. Its logits are not known afterwards.
  /// @throws Failure STATE_INVALID for bytes that this package did not make and before the engine sees them, or that
  /// belong to other options (the sequence is empty then), CONTEXT_OVERFLOW.
  void LoadState(const uint8_t* bytes, size_t size, llama_seq_id sequence);

  /// Bytes of a sequence's state now, as the engine counts them.
  size_t StateSize(llama_seq_id sequence);

  std::optional<PositionRange> Positions(llama_seq_id sequence);

  /// The logits behind the last resident token, or null where they are not known.
  const std::vector<float>* KeptLogits(llama_seq_id sequence);

  /// Puts kept logits back. @throws Failure OUT_OF_RANGE when nothing is resident.
  void SetLogits(std::vector<float> logits, llama_seq_id sequence);

  bool HasRoom(llama_seq_id sequence) const;
  /// @throws Failure CLOSED, CONTEXT_BROKEN.
  void CheckUsable() const;
  void CheckAbort(const AbortFlag& abort) const;

 private:
  struct Sequence {
    std::atomic<int32_t> resident_tokens{0};
    std::vector<float> logits;  // empty: not known
  };

  static bool PollAbort(void* self);
  void CheckRoom(int32_t additional_tokens, llama_seq_id sequence) const;
  void DecodeBehind(const llama_token* tokens, int32_t count, llama_seq_id sequence, bool keep_logits,
                    AbortFlag& abort);
  void AttachThreads();
  int32_t CallDecode(const llama_batch& batch, AbortFlag& abort);
  void DropUnfinished(llama_seq_id sequence);
  bool RemoveFrom(int32_t position, llama_seq_id sequence);
  bool HoldsAll(int32_t tokens, llama_seq_id sequence);
  void Empty(llama_seq_id sequence);
  void CheckSettled() const;
  bool IsInterruptible() const;
  Sequence& At(llama_seq_id sequence) { return *sequences_[static_cast<size_t>(sequence)]; }
  const Sequence& At(llama_seq_id sequence) const { return *sequences_[static_cast<size_t>(sequence)]; }

  std::shared_ptr<const Model> model_;
  const FunctionTable& functions_;  // lives as long as the process: libraries are never closed
  int32_t vocabulary_tokens_;
  EffectiveOptions effective_{};
  std::unique_ptr<ThreadPool> threads_;
  llama_context* context_ = nullptr;
  std::vector<std::unique_ptr<Sequence>> sequences_;
  Batch batch_;
  bool shift_pending_ = false;  // the engine turns moved keys when it next evaluates

  std::atomic<AbortFlag*> current_abort_{nullptr};
  std::atomic<bool> closing_{false};
  std::atomic<bool> broken_{false};
  std::atomic<uint64_t> prefill_calls_{0};
  std::atomic<uint64_t> prefill_tokens_{0};
  std::atomic<uint64_t> decode_calls_{0};
  std::atomic<uint64_t> aborted_calls_{0};
  std::atomic<uint64_t> native_nanoseconds_{0};
};

}  // namespace llama_kv
