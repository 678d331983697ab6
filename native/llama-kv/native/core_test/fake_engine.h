#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "../core/context.h"

namespace llama_kv::testing {

/// One call of llama_decode as the engine saw it.
struct DecodeCall {
  int32_t tokens;
  llama_pos first_position;
  bool last_logits;
};

/// An engine of a 16-token vocabulary whose next token is always the last one plus one. It keeps cells as a set of
/// positions.
struct FakeEngine {
  bool recurrent = false;
  int32_t window_tokens = 0;
  bool evicts_window = false;  // cells that leave the window are gone, as with swa_full = false
  uint32_t context_tokens = 64;
  uint32_t ubatch_tokens = 8;

  /// Runs in the middle of each evaluation, before the engine looks at its abort callback.
  std::function<void()> during_decode = [] {};
  /// What llama_decode answers instead of 0.
  std::map<size_t, int32_t> answers_by_call;
  bool throws = false;
  bool refuses_states = false;
  int loads = 0;  // states that reached the engine

  std::vector<DecodeCall> calls;
  std::map<llama_seq_id, std::set<llama_pos>> cells;
  std::vector<float> logits = std::vector<float>(kVocabularyTokens);
  ggml_abort_callback abort_callback = nullptr;
  void* abort_data = nullptr;
  bool context_freed = false;
  bool model_freed = false;

  static constexpr int32_t kVocabularyTokens = 16;
  static constexpr llama_token kEnd = 15;

  /// A model of this engine, which has to outlive it.
  std::shared_ptr<Model> MakeModel();
  std::unique_ptr<Context> MakeContext();
};

}  // namespace llama_kv::testing
