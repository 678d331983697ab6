#include "context.h"

#include <algorithm>

#include "failure.h"
#include "log.h"

namespace llama_kv {

namespace {

// llama_decode's answers (llama.h, v0.5.0).
constexpr int32_t kDecodeOk = 0;
constexpr int32_t kDecodeAborted = 2;
constexpr int32_t kDecodeInvalidBatch = -1;

/// Our own, where the engine threw instead of answering.
constexpr int32_t kDecodeThrew = -1000;

Failure DecodeFailure(int32_t code, const std::string& log) {
  const char* meaning = code == 1                     ? "it found no free cells for the batch"
                        : code == kDecodeAborted      ? "it stopped although nobody asked it to"
                        : code == kDecodeInvalidBatch ? "it called the batch invalid"
                                                      : "it failed fatally";
  return Failure("DECODE_FAILED", std::string("The engine could not evaluate the tokens: ") + meaning + ".",
                 {{"code", double(code)}, {"log", log}});
}

}  // namespace

Context::Context(std::shared_ptr<const Model> model, const ContextOptions& options)
    : model_(std::move(model)), functions_(model_->functions()), vocabulary_tokens_(model_->facts().vocabulary_tokens) {
  context_ = CreateEngineContext(*model_, options, &effective_);
  functions_.llama_set_abort_callback(context_, PollAbort, this);
  for (uint32_t i = 0; i < effective_.sequences; ++i) sequences_.push_back(std::make_unique<Sequence>());
}

Context::~Context() { Release(); }

void Context::Release() {
  closing_.store(true);
  if (context_ != nullptr) functions_.llama_free(context_);
  context_ = nullptr;
  threads_.reset();
  model_.reset();
}

int32_t Context::ResidentTokens(llama_seq_id sequence) const { return At(sequence).resident_tokens.load(); }

WorkCounts Context::work() const {
  return {prefill_calls_.load(), prefill_tokens_.load(), decode_calls_.load(), aborted_calls_.load(),
          native_nanoseconds_.load()};
}

PrefillResult Context::Prefill(const std::vector<llama_token>& tokens, llama_seq_id sequence, Grid grid,
                               AbortFlag& abort) {
  CheckUsable();
  CheckAbort(abort);
  const auto total = static_cast<int32_t>(tokens.size());
  CheckRoom(total, sequence);

  const auto chunk_tokens = static_cast<int32_t>(std::min(effective_.ubatch_tokens, effective_.batch_tokens));
  int32_t done = 0;
  int32_t calls = 0;
  while (done < total) {
    CheckAbort(abort);
    const int32_t from = grid == Grid::kPosition ? ResidentTokens(sequence) : done;
    const int32_t count = std::min(chunk_tokens - from % chunk_tokens, total - done);
    DecodeBehind(tokens.data() + done, count, sequence, done + count == total, abort);
    prefill_calls_.fetch_add(1);
    prefill_tokens_.fetch_add(static_cast<uint64_t>(count));
    done += count;
    calls += 1;
  }
  return {done, calls, ResidentTokens(sequence)};
}

void Context::Evaluate(llama_token token, llama_seq_id sequence, AbortFlag& abort) {
  CheckUsable();
  CheckAbort(abort);
  CheckRoom(1, sequence);
  DecodeBehind(&token, 1, sequence, true, abort);
  decode_calls_.fetch_add(1);
}

const std::vector<float>* Context::KeptLogits(llama_seq_id sequence) {
  CheckUsable();
  return At(sequence).logits.empty() ? nullptr : &At(sequence).logits;
}

void Context::SetLogits(std::vector<float> logits, llama_seq_id sequence) {
  CheckUsable();
  if (ResidentTokens(sequence) == 0) throw Failure("OUT_OF_RANGE", "Logits need a resident token that they belong to.");
  At(sequence).logits = std::move(logits);
}

bool Context::HasRoom(llama_seq_id sequence) const {
  return ResidentTokens(sequence) < static_cast<int32_t>(effective_.context_tokens);
}

void Context::CheckUsable() const {
  if (closing_.load()) throw Failure("CLOSED", "The context is closed.");
  if (broken_.load()) {
    throw Failure("CONTEXT_BROKEN", "An earlier engine failure left this context without a usable state.");
  }
}

void Context::CheckAbort(const AbortFlag& abort) const {
  if (closing_.load()) throw Failure("CLOSED", "The context was closed during the call.");
  if (abort.IsRaised()) throw Aborted();
}

bool Context::PollAbort(void* self) {
  auto* context = static_cast<Context*>(self);
  if (context->closing_.load(std::memory_order_relaxed)) return true;
  const AbortFlag* abort = context->current_abort_.load(std::memory_order_acquire);
  return abort != nullptr && abort->IsRaised();
}

void Context::CheckRoom(int32_t additional_tokens, llama_seq_id sequence) const {
  const int32_t resident = ResidentTokens(sequence);
  if (int64_t{resident} + additional_tokens <= int64_t{effective_.context_tokens}) return;
  throw Failure("CONTEXT_OVERFLOW",
                std::to_string(additional_tokens) + " more tokens do not fit: " + std::to_string(resident) + " of " +
                    std::to_string(effective_.context_tokens) + " are resident.",
                {{"residentTokens", double(resident)},
                 {"additionalTokens", double(additional_tokens)},
                 {"contextTokens", double(effective_.context_tokens)}});
}

void Context::DecodeBehind(const llama_token* tokens, int32_t count, llama_seq_id sequence, bool keep_logits,
                           AbortFlag& abort) {
  Sequence& state = At(sequence);
  const llama_batch batch = batch_.Fill(tokens, count, state.resident_tokens.load(), sequence, keep_logits);

  LogCapture capture;
  const int32_t code = CallDecode(batch, abort);
  if (code == kDecodeAborted) {
    capture.Drop();  // three lines that look like errors and only say that we asked for the abort
    aborted_calls_.fetch_add(1);
    DropUnfinished(sequence);
    CheckAbort(abort);
  }
  if (code < kDecodeInvalidBatch) broken_.store(true);
  if (code != kDecodeOk) throw DecodeFailure(code, capture.LastProblems());

  shift_pending_ = false;
  state.resident_tokens.fetch_add(count);
  if (!keep_logits) {
    state.logits.clear();
    return;
  }
  const float* logits = functions_.llama_get_logits_ith(context_, count - 1);
  if (logits == nullptr) {
    broken_.store(true);
    throw Failure("DECODE_FAILED", "The engine gave no logits for the last token.", {{"log", capture.LastProblems()}});
  }
  state.logits.assign(logits, logits + vocabulary_tokens_);
}

// Not before the first evaluation: new threads look for work as busily as those that have just done some, and would
// take a core from whatever a context is opened for.
void Context::AttachThreads() {
  if (threads_ != nullptr) return;
  threads_ = std::make_unique<ThreadPool>(functions_, std::max(effective_.threads, effective_.prefill_threads));
  if (threads_->handle() != nullptr) functions_.llama_attach_threadpool(context_, threads_->handle(), nullptr);
}

int32_t Context::CallDecode(const llama_batch& batch, AbortFlag& abort) {
  AttachThreads();
  current_abort_.store(IsInterruptible() ? &abort : nullptr, std::memory_order_release);
  int32_t code;
  try {
    code = functions_.llama_decode(context_, batch);
    functions_.llama_synchronize(context_);
  } catch (const std::exception&) {
    code = kDecodeThrew;
  }
  current_abort_.store(nullptr, std::memory_order_release);
  return code;
}

void Context::DropUnfinished(llama_seq_id sequence) {
  if (closing_.load()) return;
  if (!RemoveFrom(ResidentTokens(sequence), sequence)) broken_.store(true);
}

// An interrupted recurrent state is half updated and can not be trimmed: such models stop between evaluations only.
bool Context::IsInterruptible() const {
  const MemoryKind memory = model_->facts().memory;
  return memory == MemoryKind::kFull || memory == MemoryKind::kSlidingWindow;
}

}  // namespace llama_kv
