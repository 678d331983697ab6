#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "../core/generate.h"
#include "../core/log.h"
#include "../core/worker.h"
#include "check.h"
#include "fake_engine.h"

namespace llama_kv::testing {

namespace {

std::vector<llama_token> Tokens(int32_t count) {
  std::vector<llama_token> tokens;
  for (int32_t i = 0; i < count; ++i) tokens.push_back(i % 7);
  return tokens;
}

void WorkerRunsJobsInOrderAndFinishesThem() {
  std::vector<int> order;
  Worker worker;
  for (int i = 0; i < 100; ++i) CHECK(worker.Submit([&order, i] { order.push_back(i); }));
  worker.Finish();
  CHECK(order.size() == 100 && order.front() == 0 && order.back() == 99);
  CHECK(!worker.Submit([] {}));
}

void ChunksFollowTheGrid() {
  FakeEngine engine;
  const auto context = engine.MakeContext();
  AbortFlag abort;
  context->Prefill(Tokens(10), 0, Grid::kPosition, abort);
  context->Prefill(Tokens(10), 0, Grid::kPosition, abort);
  context->Prefill(Tokens(10), 0, Grid::kCall, abort);
  std::string shape;
  for (const DecodeCall& call : engine.calls) {
    shape += std::to_string(call.first_position) + "+" + std::to_string(call.tokens) + (call.last_logits ? "! " : " ");
  }
  CHECK(shape == "0+8 8+2! 10+6 16+4! 20+8 28+2! ");
  CHECK(CodeOf([&] { context->Prefill(Tokens(35), 0, Grid::kCall, abort); }) == "CONTEXT_OVERFLOW");
  CHECK(engine.calls.size() == 6);
}

void AnAbortLeavesWholeChunksEvenWhereTheEngineDoesNotTidyUp() {
  FakeEngine engine;
  const auto context = engine.MakeContext();
  AbortFlag abort;
  engine.during_decode = [&] {
    if (engine.calls.size() == 2) abort.Raise();
  };
  CHECK(CodeOf([&] { context->Prefill(Tokens(30), 0, Grid::kPosition, abort); }) == "ABORTED");
  CHECK(context->ResidentTokens(0) == 8);
  CHECK(engine.cells[0].size() == 8);
  CHECK(context->KeptLogits(0) == nullptr);
  CHECK(context->work().aborted_calls == 1);
  AbortFlag none;
  CHECK(context->Prefill(Tokens(3), 0, Grid::kCall, none).resident_tokens == 11);
}

void ARecurrentStateIsStoppedBetweenChunksOnly() {
  FakeEngine engine;
  engine.recurrent = true;
  const auto context = engine.MakeContext();
  AbortFlag abort;
  engine.during_decode = [&] { abort.Raise(); };
  CHECK(CodeOf([&] { context->Prefill(Tokens(30), 0, Grid::kPosition, abort); }) == "ABORTED");
  CHECK(engine.calls.size() == 1);
  CHECK(context->work().aborted_calls == 0);
  CHECK(context->ResidentTokens(0) == 8);
  CHECK(CodeOf([&] { context->Trim(4, 0); }) == "TRIM_REFUSED");
  CHECK(context->ResidentTokens(0) == 8);
  CHECK(CodeOf([&] { context->Trim(0, 0); }).empty());
  CHECK(context->ResidentTokens(0) == 0);
}

void AWindowThatIsGoneIsNotTrimmedInto() {
  FakeEngine engine;
  engine.window_tokens = 8;
  engine.evicts_window = true;
  const auto context = engine.MakeContext();
  AbortFlag abort;
  context->Prefill(Tokens(40), 0, Grid::kPosition, abort);
  CHECK(CodeOf([&] { context->Trim(20, 0); }) == "TRIM_REFUSED");
  CHECK(context->ResidentTokens(0) == 0);
  CHECK(!context->Positions(0));

  engine.evicts_window = false;
  context->Prefill(Tokens(40), 0, Grid::kPosition, abort);
  CHECK(CodeOf([&] { context->Trim(20, 0); }).empty());
  CHECK(context->ResidentTokens(0) == 20);
}

void FatalAnswersAndExceptionsBreakTheContext() {
  for (const bool throws : {false, true}) {
    FakeEngine engine;
    engine.throws = throws;
    engine.answers_by_call = {{0, -2}};
    const auto context = engine.MakeContext();
    AbortFlag abort;
    CHECK(CodeOf([&] { context->Prefill(Tokens(3), 0, Grid::kCall, abort); }) == "DECODE_FAILED");
    CHECK(CodeOf([&] { context->Prefill(Tokens(3), 0, Grid::kCall, abort); }) == "CONTEXT_BROKEN");
    CHECK(engine.calls.size() == 1);
  }
}

void ClosingStopsWhatRunsAndFreesContextBeforeModel() {
  FakeEngine engine;
  auto context = engine.MakeContext();
  std::atomic<bool> began{false};
  engine.during_decode = [&] {
    began.store(true);
    while (!engine.abort_callback(engine.abort_data)) std::this_thread::yield();
  };
  std::string code;
  {
    Worker worker;
    worker.Submit([&] {
      AbortFlag abort;
      code = CodeOf([&] { context->Prefill(Tokens(30), 0, Grid::kPosition, abort); });
      context->Release();
    });
    while (!began.load()) std::this_thread::yield();
    context->RequestClose();
  }
  CHECK(code == "CLOSED");
  CHECK(engine.context_freed && engine.model_freed);
  CHECK(CodeOf([&] { context->Clear(); }) == "CLOSED");
  CHECK(context->work().aborted_calls == 1);
}

GenerateResult GenerateAfter(FakeEngine& engine, int32_t prompt_tokens, GenerateOptions options, AbortFlag& abort,
                             std::string* text) {
  const auto context = engine.MakeContext();
  AbortFlag none;
  context->Prefill(Tokens(prompt_tokens), 0, Grid::kPosition, none);
  const auto result = Generate(*context, options, abort, [&](GeneratedToken token) { *text += token.piece; });
  CHECK(context->ResidentTokens(0) == prompt_tokens + result.evaluated_tokens);
  CHECK(engine.cells[0].size() == static_cast<size_t>(context->ResidentTokens(0)));
  return result;
}

void AGenerationEndsForOneOfFourReasons() {
  GenerateOptions options;
  options.max_tokens = 5;
  AbortFlag none;
  std::string text;
  FakeEngine length;
  auto result = GenerateAfter(length, 1, options, none, &text);
  CHECK(result.reason == FinishReason::kLength && result.evaluated_tokens == 4 && text == "bcdef");

  options.max_tokens = 100;
  text.clear();
  FakeEngine stop;
  result = GenerateAfter(stop, 1, options, none, &text);
  CHECK(result.reason == FinishReason::kStop && result.evaluated_tokens == 14 && text == "bcdefghijklmno");

  options.ignore_end_of_generation = true;
  text.clear();
  FakeEngine full;
  result = GenerateAfter(full, 60, options, none, &text);
  CHECK(result.reason == FinishReason::kContextFull && result.generated_tokens == 4 && result.evaluated_tokens == 4);

  text.clear();
  FakeEngine aborted;
  AbortFlag abort;
  aborted.during_decode = [&] {
    if (aborted.calls.size() == 4) abort.Raise();
  };
  result = GenerateAfter(aborted, 1, options, abort, &text);
  CHECK(result.reason == FinishReason::kAborted && result.generated_tokens == 3 && result.evaluated_tokens == 2);
}

void ShiftedTokensCloseUpAndAreUnsettledUntilAnEvaluation() {
  FakeEngine engine;
  const auto context = engine.MakeContext();
  AbortFlag abort;
  context->Prefill(Tokens(30), 0, Grid::kPosition, abort);
  CHECK(CodeOf([&] { context->Shift(10, 21, 0); }) == "OUT_OF_RANGE");
  CHECK(CodeOf([&] { context->Shift(-1, 2, 0); }) == "OUT_OF_RANGE");
  context->Shift(8, 12, 0);
  CHECK(context->ResidentTokens(0) == 18);
  CHECK(engine.cells[0].size() == 18 && *engine.cells[0].rbegin() == 17);
  CHECK(context->KeptLogits(0) == nullptr);
  CHECK(CodeOf([&] { context->SaveState(0); }) == "STATE_UNSETTLED");
  CHECK(CodeOf([&] { context->Copy(0, 1); }) == "STATE_UNSETTLED");
  context->Evaluate(1, 0, abort);
  CHECK(CodeOf([&] { context->SaveState(0); }).empty());
  context->Shift(15, 4, 0);
  CHECK(context->ResidentTokens(0) == 15 && engine.cells[0].size() == 15);

  FakeEngine recurrent;
  recurrent.recurrent = true;
  const auto other = recurrent.MakeContext();
  other->Prefill(Tokens(30), 0, Grid::kPosition, abort);
  CHECK(CodeOf([&] { other->Shift(8, 12, 0); }) == "SHIFT_REFUSED");
  CHECK(other->ResidentTokens(0) == 30);
}

void SequencesAreCopiedAndOneIsKept() {
  FakeEngine engine;
  const auto context = engine.MakeContext();
  AbortFlag abort;
  context->Prefill(Tokens(20), 0, Grid::kPosition, abort);
  context->Prefill(Tokens(3), 1, Grid::kPosition, abort);
  context->Copy(0, 1);
  CHECK(context->ResidentTokens(1) == 20 && engine.cells[1] == engine.cells[0]);
  CHECK(context->KeptLogits(1) != nullptr && *context->KeptLogits(1) == *context->KeptLogits(0));
  context->Trim(4, 1);
  CHECK(context->ResidentTokens(0) == 20);
  context->Keep(1);
  CHECK(context->ResidentTokens(0) == 0 && engine.cells[0].empty());
  CHECK(context->ResidentTokens(1) == 4);
  context->Copy(0, 1);
  CHECK(context->ResidentTokens(1) == 0);
}

void StatesComeBackWholeOrNotAtAll() {
  FakeEngine engine;
  const auto context = engine.MakeContext();
  AbortFlag abort;
  context->Prefill(Tokens(20), 0, Grid::kPosition, abort);
  StateBytes state = context->SaveState(0);
  context->LoadState(state.data.get(), state.size, 1);
  CHECK(context->ResidentTokens(1) == 20 && engine.cells[1].size() == 20 && context->KeptLogits(1) == nullptr);

  // Damaged bytes never reach the engine, and what was resident stays.
  const int loads = engine.loads;
  for (size_t at = 0; at < state.size; ++at) {
    state.data[at] ^= 0x10;
    CHECK(CodeOf([&] { context->LoadState(state.data.get(), state.size, 1); }) == "STATE_INVALID");
    state.data[at] ^= 0x10;
  }
  for (size_t size = 0; size < state.size; ++size) {
    CHECK(CodeOf([&] { context->LoadState(state.data.get(), size, 1); }) == "STATE_INVALID");
  }
  CHECK(engine.loads == loads && context->ResidentTokens(1) == 20);

  engine.refuses_states = true;
  CHECK(CodeOf([&] { context->LoadState(state.data.get(), state.size, 1); }) == "STATE_INVALID");
  CHECK(context->ResidentTokens(1) == 0 && engine.cells[1].empty());

  FakeEngine smaller;
  smaller.context_tokens = 16;
  const auto small = smaller.MakeContext();
  CHECK(CodeOf([&] { small->LoadState(state.data.get(), state.size, 0); }) == "CONTEXT_OVERFLOW");
  CHECK(smaller.loads == 0);
}

void CapturedLogLinesAreWholeAndCanBeDropped() {
  std::vector<std::string> lines;
  const uint64_t sink = AddLogSink([&](const LogLine& line) { lines.push_back(line.text); });
  {
    LogCapture outer;
    EngineLogCallback(GGML_LOG_LEVEL_WARN, "one ", nullptr);
    EngineLogCallback(GGML_LOG_LEVEL_CONT, "line\nand another\n", nullptr);
    {
      LogCapture inner;
      EngineLogCallback(GGML_LOG_LEVEL_ERROR, "never seen\n", nullptr);
      CHECK(inner.LastProblems() == "never seen");
      inner.Drop();
    }
    CHECK(lines.empty());
    CHECK(outer.LastProblems() == "one line\nand another");
  }
  RemoveLogSink(sink);
  EngineLogCallback(GGML_LOG_LEVEL_ERROR, "after\n", nullptr);
  CHECK((lines == std::vector<std::string>{"one line", "and another"}));
}

void ScoresAreThoseOfASoftmax() {
  const TokenScore score = ScoreToken({0.0F, 1.0F, 3.0F}, 1);
  CHECK(score.margin == -2.0);
  CHECK(score.log_probability < -2.1698 && score.log_probability > -2.1699);  // 1 - ln(1 + e + e^3)
}

}  // namespace

}  // namespace llama_kv::testing

int main() {
  using namespace llama_kv::testing;
  WorkerRunsJobsInOrderAndFinishesThem();
  ChunksFollowTheGrid();
  AnAbortLeavesWholeChunksEvenWhereTheEngineDoesNotTidyUp();
  ARecurrentStateIsStoppedBetweenChunksOnly();
  AWindowThatIsGoneIsNotTrimmedInto();
  FatalAnswersAndExceptionsBreakTheContext();
  ClosingStopsWhatRunsAndFreesContextBeforeModel();
  AGenerationEndsForOneOfFourReasons();
  ShiftedTokensCloseUpAndAreUnsettledUntilAnEvaluation();
  SequencesAreCopiedAndOneIsKept();
  StatesComeBackWholeOrNotAtAll();
  CapturedLogLinesAreWholeAndCanBeDropped();
  ScoresAreThoseOfASoftmax();
  return failures == 0 ? 0 : 1;
}
