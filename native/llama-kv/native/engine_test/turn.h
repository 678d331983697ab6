#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "../core/context.h"
#include "../core/generate.h"

namespace llama_kv::testing {

/// The numbers that a turn ended with: logits behind its prompt, then token by token what was generated.
using Answer = std::pair<std::vector<float>, std::vector<llama_token>>;

constexpr int32_t kPrefixTokens = 70;  // ends inside a chunk
constexpr int32_t kContextTokens = 256;
constexpr int32_t kUbatchTokens = 16;

/// Tokens of ordinary text, different for each salt.
inline std::vector<llama_token> Tokens(int32_t count, int32_t salt) {
  std::vector<llama_token> tokens;
  for (int32_t i = 0; i < count; ++i) tokens.push_back(4 + (i * 37 + (i * i) % 11 + salt * 101) % 508);
  return tokens;
}

inline std::unique_ptr<Context> OpenContext(const std::shared_ptr<const Model>& model) {
  ContextOptions options;
  options.context_tokens = kContextTokens;
  options.batch_tokens = kUbatchTokens;
  options.ubatch_tokens = kUbatchTokens;
  // One thread: two that wait for one another crawl on a machine that is busy.
  options.threads = 1;
  options.prefill_threads = 1;
  options.sequences = 2;
  return std::make_unique<Context>(model, options);
}

/// Prefills a suffix behind what is resident, and answers greedily.
inline Answer FinishTurn(Context& context, llama_seq_id sequence = 0) {
  AbortFlag none;
  context.Prefill(Tokens(9, 1), sequence, Grid::kCall, none);
  Answer answer;
  if (const auto* logits = context.KeptLogits(sequence)) answer.first = *logits;
  GenerateOptions options;
  options.max_tokens = 12;
  options.scores = true;
  options.sequence = sequence;
  Generate(context, options, none, [&](GeneratedToken token) { answer.second.push_back(token.id); });
  return answer;
}

/// A whole turn from nothing.
inline Answer ColdTurn(Context& context, llama_seq_id sequence = 0) {
  AbortFlag none;
  context.Trim(0, sequence);
  context.Prefill(Tokens(kPrefixTokens, 0), sequence, Grid::kPosition, none);
  return FinishTurn(context, sequence);
}

}  // namespace llama_kv::testing
