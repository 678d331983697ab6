#include "context.h"
#include "failure.h"
#include "log.h"

// What of a context concerns saved states.

namespace llama_kv {

StateBytes Context::SaveState(llama_seq_id sequence) {
  CheckUsable();
  CheckSettled();
  const size_t engine_bytes = StateSize(sequence);
  StateBytes state{std::unique_ptr<uint8_t[]>(new uint8_t[StateHeader::kBytes + engine_bytes]),
                   StateHeader::kBytes + engine_bytes};
  LogCapture capture;
  const size_t written =
      functions_.llama_state_seq_get_data(context_, state.data.get() + StateHeader::kBytes, engine_bytes, sequence);
  if (written != engine_bytes) {
    throw Failure("STATE_INVALID", "The engine could not save the sequence.", {{"log", capture.LastProblems()}});
  }
  StateHeader::Write(state.data.get(), static_cast<uint32_t>(ResidentTokens(sequence)), engine_bytes);
  return state;
}

void Context::LoadState(const uint8_t* bytes, size_t size, llama_seq_id sequence) {
  CheckUsable();
  const StateHeader header = StateHeader::Read(bytes, size);
  if (header.resident_tokens > effective_.context_tokens) {
    throw Failure("CONTEXT_OVERFLOW",
                  "The saved state holds " + std::to_string(header.resident_tokens) + " tokens, the context " +
                      std::to_string(effective_.context_tokens) + ".",
                  {{"residentTokens", 0.0},
                   {"additionalTokens", double(header.resident_tokens)},
                   {"contextTokens", double(effective_.context_tokens)}});
  }
  Empty(sequence);
  if (header.resident_tokens == 0) return;

  LogCapture capture;
  const size_t read =
      functions_.llama_state_seq_set_data(context_, bytes + StateHeader::kBytes, size - StateHeader::kBytes, sequence);
  const auto tokens = static_cast<int32_t>(header.resident_tokens);
  if (read == header.engine_bytes && HoldsAll(tokens, sequence)) {
    At(sequence).resident_tokens.store(tokens);
    return;
  }
  const std::string log = capture.LastProblems();
  capture.Drop();
  Empty(sequence);
  throw Failure("STATE_INVALID", "The saved state belongs to another model or other context options.", {{"log", log}});
}

size_t Context::StateSize(llama_seq_id sequence) {
  CheckUsable();
  return functions_.llama_state_seq_get_size(context_, sequence);
}

void Context::CheckSettled() const {
  if (!shift_pending_) return;
  throw Failure("STATE_UNSETTLED", "Moved tokens are not settled before something is evaluated.");
}

}  // namespace llama_kv
