#include "context.h"
#include "failure.h"
#include "log.h"

// What of a context concerns saved states.

namespace llama_kv {

namespace {

/// A number for everything about a model that decides how its states are laid out.
uint64_t ModelNumber(const ModelFacts& facts) {
  const std::string layout = facts.architecture + ' ' + std::to_string(facts.layers) + ' ' +
                             std::to_string(facts.embedding_size) + ' ' + std::to_string(facts.heads) + ' ' +
                             std::to_string(facts.kv_heads) + ' ' + std::to_string(facts.sliding_window_tokens) + ' ' +
                             std::to_string(facts.parameters) + ' ' + std::to_string(facts.size_bytes);
  uint64_t number = 0xcbf29ce484222325U;  // FNV-1a: the same on every machine and with every compiler
  for (const char character : layout) number = (number ^ static_cast<uint8_t>(character)) * 0x100000001b3U;
  return number;
}

}  // namespace

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
  StateHeader::Write(state.data.get(), static_cast<uint32_t>(ResidentTokens(sequence)), engine_bytes,
                     ModelNumber(model_->facts()));
  return state;
}

void Context::LoadState(const uint8_t* bytes, size_t size, llama_seq_id sequence) {
  CheckUsable();
  const StateHeader header = StateHeader::Read(bytes, size, ModelNumber(model_->facts()));
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
