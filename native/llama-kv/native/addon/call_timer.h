#pragma once

#include "../core/clock.h"
#include "../core/context.h"

namespace llama_kv {

/// Counts the time of one call, whatever becomes of it. There is no context yet while it is being opened.
class CallTimer {
 public:
  explicit CallTimer(Context* context) : context_(context), begin_(Now()) {}
  ~CallTimer() {
    if (context_ != nullptr) context_->CountTime(Now() - begin_);
  }
  CallTimer(const CallTimer&) = delete;
  CallTimer& operator=(const CallTimer&) = delete;

 private:
  Context* context_;
  uint64_t begin_;
};

}  // namespace llama_kv
