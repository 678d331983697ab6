#include "sampler.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace llama_kv {

namespace {

constexpr size_t kBlock = 1024;
constexpr size_t kLanes = 16;

// In lanes, which compilers turn into vector instructions. NaN is never the best.
float FindMaximum(const float* logits, size_t count) {
  std::array<float, kLanes> best;
  best.fill(-std::numeric_limits<float>::infinity());
  size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) {
      best[lane] = logits[i + lane] > best[lane] ? logits[i + lane] : best[lane];
    }
  }
  for (; i < count; ++i) best[0] = logits[i] > best[0] ? logits[i] : best[0];
  return *std::max_element(best.begin(), best.end());
}

// The engine's greedy sampler fills 12 bytes per token of the vocabulary first, which is a percent of a small model's
// decode. Where several are best, the first is taken, as there.
llama_token FindBest(const float* logits, size_t count) {
  float best = -std::numeric_limits<float>::infinity();
  size_t best_block = count;
  for (size_t block = 0; block < count; block += kBlock) {
    const float maximum = FindMaximum(logits + block, std::min(kBlock, count - block));
    if (!(maximum > best)) continue;
    best = maximum;
    best_block = block;
  }
  const float* found = std::find(logits + best_block, logits + count, best);
  return found == logits + count ? LLAMA_TOKEN_NULL : static_cast<llama_token>(found - logits);
}

}  // namespace

Sampler::Sampler(const FunctionTable& functions, const SamplingOptions& options) : functions_(functions) {
  if (options.temperature == 0) return;
  llama_sampler_chain_params params = functions_.llama_sampler_chain_default_params();
  params.no_perf = true;
  chain_ = functions_.llama_sampler_chain_init(params);
  functions_.llama_sampler_chain_add(chain_, functions_.llama_sampler_init_top_k(options.top_k));
  functions_.llama_sampler_chain_add(chain_, functions_.llama_sampler_init_top_p(options.top_p, 1));
  functions_.llama_sampler_chain_add(chain_, functions_.llama_sampler_init_temp(options.temperature));
  functions_.llama_sampler_chain_add(chain_, functions_.llama_sampler_init_dist(options.seed));
}

Sampler::~Sampler() {
  if (chain_ != nullptr) functions_.llama_sampler_free(chain_);
}

llama_token Sampler::Sample(const std::vector<float>& logits) {
  if (chain_ == nullptr) return FindBest(logits.data(), logits.size());
  candidates_.resize(logits.size());
  for (size_t i = 0; i < logits.size(); ++i) candidates_[i] = {static_cast<llama_token>(i), logits[i], 0};
  llama_token_data_array array{candidates_.data(), candidates_.size(), -1, false};
  functions_.llama_sampler_apply(chain_, &array);
  if (array.selected < 0 || array.selected >= static_cast<int64_t>(array.size)) return LLAMA_TOKEN_NULL;
  const llama_token token = array.data[array.selected].id;
  functions_.llama_sampler_accept(chain_, token);
  return token;
}

TokenScore ScoreToken(const std::vector<float>& logits, llama_token token) {
  const auto chosen = static_cast<size_t>(token);
  float best_other = -std::numeric_limits<float>::infinity();
  for (size_t i = 0; i < logits.size(); ++i) {
    if (i != chosen && logits[i] > best_other) best_other = logits[i];
  }
  const float best = best_other > logits[chosen] ? best_other : logits[chosen];
  double sum = 0;
  for (const float logit : logits) sum += std::exp(double{logit} - best);
  return {double{logits[chosen]} - best - std::log(sum), double{logits[chosen]} - best_other};
}

}  // namespace llama_kv
