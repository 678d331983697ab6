#ifdef LLAMA_KV_TESTING
#include "testing.h"

#include <deque>
#include <mutex>
#include <vector>

#include "arguments.h"
#include "environment.h"

namespace llama_kv {

namespace {

constexpr int32_t kAfterDecoding = 1000;

struct DecodeCall {
  int32_t tokens;
  llama_pos first_position;
  llama_seq_id sequence;
  int32_t logits;    // how many tokens asked for them
  bool last_logits;  // whether the last one did
  int32_t code;
};

struct Probe {
  std::mutex mutex;
  std::vector<DecodeCall> calls;
  std::deque<int32_t>
      answers;  // given instead of calling the engine; 0 calls it, kAfterDecoding + n calls it and says n
  decltype(&::llama_decode) decode = nullptr;
};

Probe& TheProbe() {
  static Probe* probe = new Probe();
  return *probe;
}

int32_t ProbedDecode(llama_context* context, llama_batch batch) {
  Probe& probe = TheProbe();
  DecodeCall call{batch.n_tokens, batch.pos[0], batch.seq_id[0][0], 0, batch.logits[batch.n_tokens - 1] != 0, 0};
  for (int32_t i = 0; i < batch.n_tokens; ++i) call.logits += batch.logits[i] != 0 ? 1 : 0;
  {
    std::lock_guard<std::mutex> lock(probe.mutex);
    if (!probe.answers.empty()) {
      call.code = probe.answers.front();
      probe.answers.pop_front();
    }
  }
  if (call.code == 0) call.code = probe.decode(context, batch);
  if (call.code >= kAfterDecoding) {
    probe.decode(context, batch);
    call.code -= kAfterDecoding;
  }
  std::lock_guard<std::mutex> lock(probe.mutex);
  probe.calls.push_back(call);
  return call.code;
}

void Install(const Napi::CallbackInfo& info) {
  Environment& environment = Environment::From(info.Env());
  if (environment.library == nullptr) throw Napi::Error::New(info.Env(), "Open the library first.");
  FunctionTable& functions = environment.library->functions_to_replace();
  if (functions.llama_decode == ProbedDecode) return;
  TheProbe().decode = functions.llama_decode;
  functions.llama_decode = ProbedDecode;
}

Napi::Value TakeCalls(const Napi::CallbackInfo& info) {
  std::vector<DecodeCall> calls;
  {
    std::lock_guard<std::mutex> lock(TheProbe().mutex);
    calls.swap(TheProbe().calls);
  }
  Napi::Array list = Napi::Array::New(info.Env());
  for (const DecodeCall& call : calls) {
    Napi::Object entry = Napi::Object::New(info.Env());
    entry.Set("tokens", call.tokens);
    entry.Set("firstPosition", call.first_position);
    entry.Set("sequence", call.sequence);
    entry.Set("logits", call.logits);
    entry.Set("lastLogits", call.last_logits);
    entry.Set("code", call.code);
    list.Set(list.Length(), entry);
  }
  return list;
}

void AnswerNext(const Napi::CallbackInfo& info) {
  std::lock_guard<std::mutex> lock(TheProbe().mutex);
  TheProbe().answers.clear();
  const auto answers = ReadObject(info[0], "answers").As<Napi::Array>();
  for (uint32_t i = 0; i < answers.Length(); ++i) {
    TheProbe().answers.push_back(static_cast<int32_t>(ReadInteger(answers.Get(i), "answer", INT32_MIN, INT32_MAX)));
  }
}

}  // namespace

Napi::Object DefineTesting(Napi::Env env) {
  Napi::Object testing = Napi::Object::New(env);
  testing.Set("install", Napi::Function::New(env, Install, "install"));
  testing.Set("takeCalls", Napi::Function::New(env, TakeCalls, "takeCalls"));
  testing.Set("answerNext", Napi::Function::New(env, AnswerNext, "answerNext"));
  return testing;
}

}  // namespace llama_kv
#endif
