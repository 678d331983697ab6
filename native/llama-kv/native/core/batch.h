#pragma once

#include <vector>

#include "llama.h"

namespace llama_kv {

/// A reusable batch for tokens of one sequence at consecutive positions.
class Batch {
 public:
  /// Fills the batch. Logits are requested for the last token only, and only when wished. The pointers stay valid until
  /// the next call.
  llama_batch Fill(const llama_token* tokens, int32_t count, llama_pos first_position, llama_seq_id sequence,
                   bool last_logits) {
    const auto size = static_cast<size_t>(count);
    tokens_.assign(tokens, tokens + count);
    positions_.resize(size);
    for (int32_t i = 0; i < count; ++i) positions_[static_cast<size_t>(i)] = first_position + i;
    sequence_ = sequence;
    sequence_counts_.assign(size, 1);
    sequences_.assign(size, &sequence_);
    logits_.assign(size, 0);
    if (last_logits && count > 0) logits_.back() = 1;
    return {count,         tokens_.data(), nullptr, positions_.data(), sequence_counts_.data(), sequences_.data(),
            logits_.data()};
  }

 private:
  std::vector<llama_token> tokens_;
  std::vector<llama_pos> positions_;
  llama_seq_id sequence_ = 0;
  std::vector<int32_t> sequence_counts_;
  std::vector<llama_seq_id*> sequences_;
  std::vector<int8_t> logits_;
};

}  // namespace llama_kv
