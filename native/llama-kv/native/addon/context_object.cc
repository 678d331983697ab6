#include "context_object.h"

#include <algorithm>
#include <utility>

#include "abort_flag_object.h"
#include "arguments.h"
#include "call_timer.h"
#include "convert_facts.h"
#include "errors.h"
#include "run_generate.h"

namespace llama_kv {

namespace {

constexpr int64_t kCollectorShare = 16;

Environment::Completion ResolveUndefined();
void ReportBytes(Napi::BasicEnv env, ContextHost& host, int64_t bytes);
int64_t CountCellBytes(const EffectiveOptions& effective);

}  // namespace

Napi::Function ContextObject::Define(Napi::Env env) {
  return DefineClass(
      env, "Context",
      {InstanceMethod("open", &ContextObject::Open), InstanceMethod("prefill", &ContextObject::Prefill),
       InstanceMethod("evaluate", &ContextObject::Evaluate), InstanceMethod("generate", &ContextObject::Generate),
       InstanceMethod("trim", &ContextObject::Trim), InstanceMethod("shift", &ContextObject::Shift),
       InstanceMethod("copy", &ContextObject::Copy), InstanceMethod("keep", &ContextObject::Keep),
       InstanceMethod("clear", &ContextObject::Clear), InstanceMethod("saveState", &ContextObject::SaveState),
       InstanceMethod("loadState", &ContextObject::LoadState), InstanceMethod("stateSize", &ContextObject::StateSize),
       InstanceMethod("positions", &ContextObject::Positions), InstanceMethod("keptLogits", &ContextObject::KeptLogits),
       InstanceMethod("setLogits", &ContextObject::SetLogits),
       InstanceMethod("residentTokens", &ContextObject::ResidentTokens), InstanceMethod("work", &ContextObject::Work),
       InstanceMethod("close", &ContextObject::Close)});
}

ContextObject::ContextObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  host_ = std::dynamic_pointer_cast<ContextHost>(std::exchange(Environment::From(info.Env()).host_to_wrap, nullptr));
  if (host_ == nullptr) throw Napi::TypeError::New(info.Env(), "A context is made by a model's createContext().");
}

void ContextObject::Finalize(Napi::BasicEnv env) {
  if (host_ == nullptr) return;
  host_->Stop();
  ReportBytes(env, *host_, 0);
}

Napi::Value ContextObject::Open(const Napi::CallbackInfo& info) {
  if (host_->context != nullptr) throw Napi::Error::New(info.Env(), "The context is open already.");
  return Run(info, [host = host_, model = host_->model](uint64_t) -> Environment::Completion {
    if (model == nullptr) throw Failure("CLOSED", "The context is closed.");
    const auto context = std::make_shared<Context>(model, host->options);
    return [host, context](Napi::Env env, const Napi::Promise::Deferred& deferred) {
      host->context = context;
      host->model.reset();
      ReportBytes(env, *host, CountCellBytes(context->effective()) / kCollectorShare);
      deferred.Resolve(ConvertEffective(env, context->effective()));
    };
  });
}

Napi::Value ContextObject::Prefill(const Napi::CallbackInfo& info) {
  const auto& context = OpenContext(info.Env());
  auto tokens = ReadTokens(info[0], "tokens", context->vocabulary_tokens());
  const llama_seq_id sequence = ReadSequence(info[1]);
  const std::string grid_name = ReadText(info[2], "grid");
  if (grid_name != "position" && grid_name != "call") {
    throw Napi::RangeError::New(info.Env(), "grid must be \"position\" or \"call\".");
  }
  const Grid grid = grid_name == "position" ? Grid::kPosition : Grid::kCall;
  const auto abort = AbortFlagObject::Read(info[3]);
  return Run(info, [context, tokens = std::move(tokens), sequence, grid, abort](uint64_t) -> Environment::Completion {
    const PrefillResult result = context->Prefill(tokens, sequence, grid, *abort);
    return [result](Napi::Env env, const Napi::Promise::Deferred& deferred) {
      Napi::Object object = Napi::Object::New(env);
      object.Set("evaluatedTokens", result.evaluated_tokens);
      object.Set("calls", result.calls);
      object.Set("residentTokens", result.resident_tokens);
      deferred.Resolve(object);
    };
  });
}

Napi::Value ContextObject::Evaluate(const Napi::CallbackInfo& info) {
  const auto& context = OpenContext(info.Env());
  const auto token = static_cast<llama_token>(ReadInteger(info[0], "token", 0, context->vocabulary_tokens() - 1));
  const llama_seq_id sequence = ReadSequence(info[1]);
  const auto abort = AbortFlagObject::Read(info[2]);
  return RunVoid(info, [context, token, sequence, abort] { context->Evaluate(token, sequence, *abort); });
}

Napi::Value ContextObject::Generate(const Napi::CallbackInfo& info) {
  const auto& context = OpenContext(info.Env());
  GenerateOptions options = ReadGenerateOptions(ReadObject(info[0], "options"));
  options.sequence = ReadSequence(info[1]);
  const auto abort = AbortFlagObject::Read(info[2]);
  if (!info[3].IsFunction()) throw Napi::TypeError::New(info.Env(), "onToken must be a function.");
  Environment& environment = Environment::From(info.Env());
  const auto generate = [&environment, context, options, abort](uint64_t operation) {
    return RunGenerate(environment, operation, *context, options, *abort);
  };
  return environment.Run(info.Env(), host_, info[3], Timed(generate));
}

Napi::Value ContextObject::Trim(const Napi::CallbackInfo& info) {
  const auto& context = OpenContext(info.Env());
  const auto keep_tokens = static_cast<int32_t>(ReadInteger(info[0], "keepTokens", 0, INT32_MAX));
  const llama_seq_id sequence = ReadSequence(info[1]);
  return RunVoid(info, [context, keep_tokens, sequence] { context->Trim(keep_tokens, sequence); });
}

Napi::Value ContextObject::Shift(const Napi::CallbackInfo& info) {
  const auto& context = OpenContext(info.Env());
  const auto from = static_cast<int32_t>(ReadInteger(info[0], "from", 0, INT32_MAX));
  const auto count = static_cast<int32_t>(ReadInteger(info[1], "count", 0, INT32_MAX));
  const llama_seq_id sequence = ReadSequence(info[2]);
  return RunVoid(info, [context, from, count, sequence] { context->Shift(from, count, sequence); });
}

Napi::Value ContextObject::Copy(const Napi::CallbackInfo& info) {
  const auto& context = OpenContext(info.Env());
  const llama_seq_id source = ReadSequence(info[0]);
  const llama_seq_id destination = ReadSequence(info[1]);
  return RunVoid(info, [context, source, destination] { context->Copy(source, destination); });
}

Napi::Value ContextObject::Keep(const Napi::CallbackInfo& info) {
  const auto& context = OpenContext(info.Env());
  const llama_seq_id sequence = ReadSequence(info[0]);
  return RunVoid(info, [context, sequence] { context->Keep(sequence); });
}

Napi::Value ContextObject::SaveState(const Napi::CallbackInfo& info) {
  const auto& context = OpenContext(info.Env());
  const llama_seq_id sequence = ReadSequence(info[0]);
  return Run(info, [context, sequence](uint64_t) -> Environment::Completion {
    const auto state = std::make_shared<StateBytes>(context->SaveState(sequence));
    return [state](Napi::Env env, const Napi::Promise::Deferred& deferred) {
      auto* owner = new std::shared_ptr<StateBytes>(state);
      const auto release = [](Napi::BasicEnv, uint8_t*, std::shared_ptr<StateBytes>* held) { delete held; };
      const auto buffer = Napi::Buffer<uint8_t>::NewOrCopy(env, state->data.get(), state->size, release, owner);
      // A plain array: a Buffer's slice() shares its memory, which nobody expects of a Uint8Array.
      deferred.Resolve(Napi::Uint8Array::New(env, buffer.Length(), buffer.ArrayBuffer(), buffer.ByteOffset()));
    };
  });
}

Napi::Value ContextObject::LoadState(const Napi::CallbackInfo& info) {
  const auto& context = OpenContext(info.Env());
  const Napi::Object bytes = ReadObject(info[0], "bytes");
  ReadByteView(bytes, "bytes");
  const llama_seq_id sequence = ReadSequence(info[1]);
  const auto load = [context, sequence](Napi::Env env, const Napi::Object& argument) {
    const ByteView view = ReadByteView(argument, "bytes");
    const CallTimer timer(context.get());
    context->LoadState(view.data, view.size, sequence);
    return Napi::Number::New(env, context->ResidentTokens(sequence));
  };
  return Environment::From(info.Env()).RunHere(info.Env(), host_, bytes, load);
}

Napi::Value ContextObject::StateSize(const Napi::CallbackInfo& info) {
  const auto& context = OpenContext(info.Env());
  const llama_seq_id sequence = ReadSequence(info[0]);
  return Run(info, [context, sequence](uint64_t) -> Environment::Completion {
    const auto size = static_cast<double>(context->StateSize(sequence));
    return [size](Napi::Env env, const Napi::Promise::Deferred& deferred) {
      deferred.Resolve(Napi::Number::New(env, size));
    };
  });
}

Napi::Value ContextObject::Clear(const Napi::CallbackInfo& info) {
  return RunVoid(info, [context = OpenContext(info.Env())] { context->Clear(); });
}

Napi::Value ContextObject::Positions(const Napi::CallbackInfo& info) {
  const auto& context = OpenContext(info.Env());
  const llama_seq_id sequence = ReadSequence(info[0]);
  return Run(info, [context, sequence](uint64_t) -> Environment::Completion {
    const auto range = context->Positions(sequence);
    if (!range) return ResolveUndefined();
    return [range](Napi::Env env, const Napi::Promise::Deferred& deferred) {
      Napi::Object object = Napi::Object::New(env);
      object.Set("minimum", range->minimum);
      object.Set("maximum", range->maximum);
      deferred.Resolve(object);
    };
  });
}

Napi::Value ContextObject::KeptLogits(const Napi::CallbackInfo& info) {
  const auto& context = OpenContext(info.Env());
  const llama_seq_id sequence = ReadSequence(info[0]);
  return Run(info, [context, sequence](uint64_t) -> Environment::Completion {
    const std::vector<float>* kept = context->KeptLogits(sequence);
    if (kept == nullptr) return ResolveUndefined();
    return [logits = *kept](Napi::Env env, const Napi::Promise::Deferred& deferred) {
      auto array = Napi::Float32Array::New(env, logits.size());
      std::copy(logits.begin(), logits.end(), array.Data());
      deferred.Resolve(array);
    };
  });
}

Napi::Value ContextObject::SetLogits(const Napi::CallbackInfo& info) {
  const auto& context = OpenContext(info.Env());
  auto logits = ReadFloats(info[0], "logits", static_cast<size_t>(context->vocabulary_tokens()));
  const llama_seq_id sequence = ReadSequence(info[1]);
  return RunVoid(info, [context, logits = std::move(logits), sequence] { context->SetLogits(logits, sequence); });
}

Napi::Value ContextObject::ResidentTokens(const Napi::CallbackInfo& info) {
  const auto& context = OpenContext(info.Env());
  return Napi::Number::New(info.Env(), context->ResidentTokens(ReadSequence(info[0])));
}

Napi::Value ContextObject::Work(const Napi::CallbackInfo& info) {
  return ConvertWork(info.Env(), OpenContext(info.Env())->work());
}

Napi::Value ContextObject::Close(const Napi::CallbackInfo& info) {
  host_->RequestStop();
  return Run(info, [host = host_, context = host_->context](uint64_t) -> Environment::Completion {
    if (context != nullptr) context->Release();
    return [host](Napi::Env env, const Napi::Promise::Deferred& deferred) {
      host->Stop();
      ReportBytes(env, *host, 0);
      deferred.Resolve(env.Undefined());
    };
  });
}

const std::shared_ptr<Context>& ContextObject::OpenContext(Napi::Env env) const {
  if (host_->context == nullptr) throw ToJsError(env, Failure("CLOSED", "The context is not open."));
  return host_->context;
}

llama_seq_id ContextObject::ReadSequence(const Napi::Value& value) const {
  return static_cast<llama_seq_id>(
      ReadInteger(value, "sequence", 0, int64_t{OpenContext(value.Env())->effective().sequences} - 1));
}

Napi::Value ContextObject::RunVoid(const Napi::CallbackInfo& info, std::function<void()> body) {
  return Run(info, [body = std::move(body)](uint64_t) {
    body();
    return ResolveUndefined();
  });
}

Napi::Value ContextObject::Run(const Napi::CallbackInfo& info, Environment::Body body) {
  return Environment::From(info.Env()).Run(info.Env(), host_, info.Env().Undefined(), Timed(std::move(body)));
}

Environment::Body ContextObject::Timed(Environment::Body body) const {
  return [context = host_->context, body = std::move(body)](uint64_t operation) {
    const CallTimer timer(context.get());
    return body(operation);
  };
}

namespace {

Environment::Completion ResolveUndefined() {
  return [](Napi::Env env, const Napi::Promise::Deferred& deferred) { deferred.Resolve(env.Undefined()); };
}

// A forgotten context looks like a few bytes to the garbage collector, and holds megabytes. Told of all of them, it
// would go to work whenever a context is opened, beside what the context is opened for; a part makes it look soon
// enough.
void ReportBytes(Napi::BasicEnv env, ContextHost& host, int64_t bytes) {
  Napi::MemoryManagement::AdjustExternalMemory(env, bytes - host.reported_bytes);
  host.reported_bytes = bytes;
}

int64_t CountCellBytes(const EffectiveOptions& effective) {
  return static_cast<int64_t>(effective.kv_bytes_per_token.value_or(0)) * effective.context_tokens *
         effective.sequences;
}

}  // namespace

}  // namespace llama_kv
