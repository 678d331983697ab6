// The core on the engine itself, made for sanitizers: `llama_kv_engine_test <directory> <models> <library>…`, where
// <models> is a folder of generated ones.
#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "../core/library.h"
#include "../core/log.h"
#include "../core/worker.h"
#include "../core_test/check.h"
#include "turn.h"

namespace llama_kv::testing {

namespace {

/// Loads a generated model that is named after its memory.
class Models {
 public:
  Models(std::shared_ptr<Library> library, std::string folder)
      : library_(std::move(library)), folder_(std::move(folder)) {}

  std::shared_ptr<Model> Load(const std::string& memory,
                              const SharedAbortFlag& abort = std::make_shared<AbortFlag>()) const {
    return Model::Load(library_, folder_ + "/" + memory + ".gguf", {}, abort, [](float) {});
  }

 private:
  std::shared_ptr<Library> library_;
  std::string folder_;
};

void PauseBriefly(int round) { std::this_thread::sleep_for(std::chrono::microseconds(round * 37 % 1500)); }

void AWarmTurnEqualsAColdOne(const Models& models) {
  const auto context = OpenContext(models.Load("full"));
  const Answer cold = ColdTurn(*context);
  CHECK(cold.second.size() == 12);
  context->Trim(kPrefixTokens, 0);
  CHECK(FinishTurn(*context) == cold);
  context->Trim(kPrefixTokens - 1, 0);
  CHECK(FinishTurn(*context) != cold);
}

void EveryKindOfMemoryWorks(const Models& models) {
  for (const char* memory : {"full", "sliding_window", "recurrent", "hybrid"}) {
    const auto model = models.Load(memory);
    const auto context = OpenContext(model);
    const Answer first = ColdTurn(*context);
    const std::string trimmed = CodeOf([&] { context->Trim(20, 0); });
    const bool trims =
        model->facts().memory == MemoryKind::kFull || model->facts().memory == MemoryKind::kSlidingWindow;
    CHECK(trimmed == (trims ? "" : "TRIM_REFUSED"));
    CHECK(ColdTurn(*context) == first);
    CHECK(ColdTurn(*OpenContext(model), 1) == first);
    CHECK(model->Detokenize(model->Tokenize("Crab 🦀, umlaut ü\n", false, false), false) ==
          "Crab 🦀, umlaut ü\n");
  }
}

void AnAbortFromAnotherThreadLeavesWholeChunks(const Models& models) {
  for (const char* memory : {"full", "recurrent"}) {
    const auto context = OpenContext(models.Load(memory));
    const Answer cold = ColdTurn(*context);
    const auto prefix = Tokens(kPrefixTokens, 0);
    for (int round = 0; round < 40; ++round) {
      context->Trim(0, 0);
      AbortFlag abort;
      std::thread other([&] {
        PauseBriefly(round);
        abort.Raise();
      });
      const std::string code = CodeOf([&] { context->Prefill(prefix, 0, Grid::kPosition, abort); });
      other.join();
      CHECK(code.empty() || code == "ABORTED");
      const int32_t resident = context->ResidentTokens(0);
      CHECK(resident == kPrefixTokens || resident % kUbatchTokens == 0);
      AbortFlag none;
      context->Prefill({prefix.begin() + resident, prefix.end()}, 0, Grid::kPosition, none);
      if (resident < kPrefixTokens) CHECK(FinishTurn(*context) == cold);
    }
  }
}

void AnAbortEndsAGeneration(const Models& models) {
  const auto context = OpenContext(models.Load("full"));
  const Answer cold = ColdTurn(*context);
  for (int round = 0; round < 40; ++round) {
    context->Trim(kPrefixTokens, 0);
    AbortFlag none;
    context->Prefill(Tokens(9, 1), 0, Grid::kCall, none);
    AbortFlag abort;
    std::thread other([&] {
      PauseBriefly(round);
      abort.Raise();
    });
    GenerateOptions options;
    options.max_tokens = 100;
    options.sampling.temperature = 1;
    const GenerateResult result = Generate(*context, options, abort, [](const GeneratedToken&) {});
    other.join();
    CHECK(context->ResidentTokens(0) == kPrefixTokens + 9 + result.evaluated_tokens);
  }
  context->Trim(kPrefixTokens, 0);
  CHECK(FinishTurn(*context) == cold);
}

void ContextsOnTheirOwnThreadsDoNotDisturbOneAnother(const Models& models) {
  const auto full = models.Load("full");
  const auto recurrent = models.Load("recurrent");
  const Answer full_answer = ColdTurn(*OpenContext(full));
  const Answer recurrent_answer = ColdTurn(*OpenContext(recurrent));
  const auto work = [](const std::shared_ptr<Model>& model, const Answer& expected) {
    const auto context = OpenContext(model);
    for (int round = 0; round < 15; ++round) CHECK(ColdTurn(*context, round % 2) == expected);
  };
  std::atomic<bool> working{true};
  // What JavaScript does meanwhile: text, facts, other models, the log.
  std::thread beside([&] {
    while (working.load()) {
      const uint64_t sink = AddLogSink([](const LogLine&) {});
      full->Tokenize("The harbour was quiet.", true, true);
      models.Load("hybrid");
      RemoveLogSink(sink);
    }
  });
  std::thread first([&] { work(full, full_answer); });
  std::thread second([&] { work(full, full_answer); });
  std::thread third([&] { work(recurrent, recurrent_answer); });
  first.join();
  second.join();
  third.join();
  working.store(false);
  beside.join();
}

void ClosingEndsWhatRuns(const Models& models) {
  for (int round = 0; round < 30; ++round) {
    const std::shared_ptr<Context> context = OpenContext(models.Load("full"));
    AbortFlag none;
    std::string code;
    {
      Worker worker;
      worker.Submit([&] {
        code = CodeOf([&] {
          for (;;) ColdTurn(*context);
        });
      });
      worker.Submit([&] { context->Release(); });
      PauseBriefly(round);
      // Read from here while the worker works, as JavaScript does.
      CHECK(context->ResidentTokens(0) >= 0 && context->ResidentTokens(0) <= kContextTokens);
      CHECK(context->work().prefill_tokens < 1000000);
      context->RequestClose();
    }
    CHECK(code == "CLOSED");
  }
}

void AnAbortedLoadLeavesNothing(const Models& models) {
  for (int round = 0; round < 20; ++round) {
    const auto abort = std::make_shared<AbortFlag>();
    std::thread other([&] {
      PauseBriefly(round);
      abort->Raise();
    });
    const std::string code = CodeOf([&] { models.Load("full", abort); });
    other.join();
    CHECK(code.empty() || code == "ABORTED");
  }
}

void StatesAndSequencesContinueExactly(const Models& models) {
  const auto model = models.Load("full");
  const auto context = OpenContext(model);
  AbortFlag none;
  const Answer cold = ColdTurn(*context);
  context->Trim(kPrefixTokens, 0);
  const StateBytes state = context->SaveState(0);
  CHECK(state.size == StateHeader::kBytes + context->StateSize(0));

  const auto fresh = OpenContext(model);
  fresh->LoadState(state.data.get(), state.size, 1);
  CHECK(fresh->ResidentTokens(1) == kPrefixTokens);
  CHECK(FinishTurn(*fresh, 1) == cold);

  context->Copy(0, 1);
  CHECK(FinishTurn(*context, 1) == cold);
  CHECK(FinishTurn(*context, 0) == cold);
  context->Keep(1);
  CHECK(context->ResidentTokens(0) == 0);
  context->Shift(0, 5, 1);
  context->Prefill(Tokens(3, 2), 1, Grid::kCall, none);

  for (size_t round = 0; round < 200; ++round) {
    std::vector<uint8_t> damaged(state.data.get(), state.data.get() + state.size);
    const size_t at = round * 7919 % state.size;
    if (round % 2 == 0) damaged[round % 40] ^= static_cast<uint8_t>(1U << (round % 8));
    if (round % 2 == 1) damaged.resize(at);
    CHECK(CodeOf([&] { fresh->LoadState(damaged.data(), damaged.size(), 0); }) == "STATE_INVALID");
  }
  CHECK(ColdTurn(*fresh) == cold);
}

}  // namespace

}  // namespace llama_kv::testing

int main(int count, char** arguments) {
  using namespace llama_kv;
  using namespace llama_kv::testing;
  if (count < 4) return 2;
  const auto library = Library::Open({arguments[1], {arguments + 3, arguments + count}});
  const Models models(library, arguments[2]);
  AWarmTurnEqualsAColdOne(models);
  EveryKindOfMemoryWorks(models);
  AnAbortFromAnotherThreadLeavesWholeChunks(models);
  AnAbortEndsAGeneration(models);
  ContextsOnTheirOwnThreadsDoNotDisturbOneAnother(models);
  ClosingEndsWhatRuns(models);
  AnAbortedLoadLeavesNothing(models);
  StatesAndSequencesContinueExactly(models);
  return failures == 0 ? 0 : 1;
}
