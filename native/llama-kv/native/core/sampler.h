#pragma once

#include <vector>

#include "function_table.h"

namespace llama_kv {

struct SamplingOptions {
  float temperature = 0;  // 0 is greedy, and the others have no effect
  int32_t top_k = 40;     // 0 considers the whole vocabulary
  float top_p = 0.95f;    // 1 keeps every candidate
  uint32_t seed = 0;
};

/// The best logit for a temperature of 0, else llama.cpp's usual chain: top_k, top_p, temperature, dist.
class Sampler {
 public:
  Sampler(const FunctionTable& functions, const SamplingOptions& options);
  ~Sampler();
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  /// Chooses a token and advances the chain's random numbers. -1 when nothing could be chosen.
  llama_token Sample(const std::vector<float>& logits);

 private:
  const FunctionTable& functions_;
  llama_sampler* chain_ = nullptr;  // none for greedy
  std::vector<llama_token_data> candidates_;
};

/// How likely a token was, before any sampling option.
struct TokenScore {
  double log_probability;  // natural logarithm of its softmax probability
  double margin;           // its logit minus the best other logit
};

TokenScore ScoreToken(const std::vector<float>& logits, llama_token token);

}  // namespace llama_kv
