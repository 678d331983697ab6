#pragma once

#include <functional>
#include <optional>
#include <string>

#include "context.h"
#include "sampler.h"

namespace llama_kv {

struct GenerateOptions {
  int32_t max_tokens = 1;
  SamplingOptions sampling;
  bool scores = false;
  bool ignore_end_of_generation = false;
  llama_seq_id sequence = 0;
};

struct GeneratedToken {
  llama_token id;
  std::string piece;
  uint64_t at;  // nanoseconds, see `Now`
  std::optional<TokenScore> score;
};

enum class FinishReason { kStop, kLength, kContextFull, kAborted };

struct GenerateResult {
  FinishReason reason;
  uint64_t at;
  int32_t generated_tokens;  // given to `on_token`
  int32_t evaluated_tokens;  // of those, now resident
};

/// Samples from the kept logits and goes on, token by token. The last token of a full-length answer stays unevaluated.
/// A token is given out only when a cell is free for it. An abort is a result, not a failure.
///
/// @throws Failure LOGITS_MISSING when there is nothing to continue from, DECODE_FAILED, CLOSED, CONTEXT_BROKEN.
GenerateResult Generate(Context& context, const GenerateOptions& options, AbortFlag& abort,
                        const std::function<void(GeneratedToken)>& on_token);

}  // namespace llama_kv
