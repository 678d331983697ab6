#include "environment.h"

#include <algorithm>
#include <utility>

#include "../core/log.h"
#include "errors.h"
#include "held_turn.h"

namespace llama_kv {

namespace {

void ShutDownHook(void* environment) { static_cast<Environment*>(environment)->ShutDown(); }

const char* LogLevelName(ggml_log_level level) {
  switch (level) {
    case GGML_LOG_LEVEL_ERROR:
      return "error";
    case GGML_LOG_LEVEL_WARN:
      return "warning";
    case GGML_LOG_LEVEL_INFO:
      return "information";
    default:
      return "debug";
  }
}

}  // namespace

Environment::Environment(Napi::Env env)
    : dispatcher_(Dispatcher::New(env, "llama-kv", /*maxQueueSize=*/0, /*initialThreadCount=*/1, this)) {
  // Referenced only while operations are pending, so that a program with an open, idle context can end.
  dispatcher_.Unref(env);
  // Hooks run in reverse order: added after the dispatcher, this one finds it alive.
  napi_add_env_cleanup_hook(env, ShutDownHook, this);
}

Environment& Environment::From(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

Napi::Value Environment::Run(Napi::Env env, const std::shared_ptr<Host>& host, const Napi::Value& callback, Body body) {
  const Napi::Promise::Deferred deferred = Napi::Promise::Deferred::New(env);
  if (shut_down_) {
    deferred.Reject(ToJsError(env, Failure("CLOSED", "This process is ending.")).Value());
    return deferred.Promise();
  }
  Pending pending{deferred, {}, {}};
  if (callback.IsFunction()) pending.callback = Napi::Persistent(callback.As<Napi::Function>());
  const uint64_t id = Begin(env, std::move(pending));

  const bool accepted = host->worker.Submit([this, id, body = std::move(body)] {
    Guard([&] { Complete(id, body(id)); }, [&](const Failure& failure) { Fail(id, failure); });
  });
  if (!accepted) Fail(id, Failure("CLOSED", "It is closed."));
  return deferred.Promise();
}

Napi::Value Environment::RunHere(Napi::Env env, const std::shared_ptr<Host>& host, const Napi::Object& argument,
                                 BodyHere body) {
  const Napi::Promise::Deferred deferred = Napi::Promise::Deferred::New(env);
  if (shut_down_) {
    deferred.Reject(ToJsError(env, Failure("CLOSED", "This process is ending.")).Value());
    return deferred.Promise();
  }
  const uint64_t id = Begin(env, {deferred, {}, Napi::Persistent(argument)});
  const auto turn = std::make_shared<HeldTurn>();
  const bool accepted = host->worker.Submit([this, id, body = std::move(body), turn] {
    // The turn ends with the task, whether it ran or was thrown away.
    const std::shared_ptr<void> ending(nullptr, [turn](void*) { turn->End(); });
    Post([id, body, ending](Napi::Env e, Environment& environment) {
      const auto pending = environment.End(e, id);
      if (!pending) return;
      const auto reject = [&](const Failure& failure) { pending->deferred.Reject(ToJsError(e, failure).Value()); };
      Guard([&] { pending->deferred.Resolve(body(e, pending->argument.Value())); }, reject);
    });
  });
  if (accepted) {
    host->worker.Submit([turn, host] { turn->Wait([&host] { return host->IsStopping(); }); });
  } else {
    Fail(id, Failure("CLOSED", "It is closed."));
  }
  return deferred.Promise();
}

void Environment::Track(const std::shared_ptr<Host>& host) {
  hosts_.erase(std::remove_if(hosts_.begin(), hosts_.end(), [](const auto& known) { return known.expired(); }),
               hosts_.end());
  hosts_.push_back(host);
}

void Environment::SetLog(Napi::Env, const Napi::Value& callback) {
  if (log_sink_ != 0) RemoveLogSink(log_sink_);
  log_sink_ = 0;
  log_callback_.Reset();
  if (!callback.IsFunction()) return;
  log_callback_ = Napi::Persistent(callback.As<Napi::Function>());
  log_sink_ = AddLogSink([this](const LogLine& line) {
    Post([line](Napi::Env env, Environment& environment) {
      if (environment.log_callback_.IsEmpty()) return;
      environment.log_callback_.Call(
          {Napi::String::New(env, LogLevelName(line.level)), Napi::String::New(env, line.text)});
    });
  });
}

void Environment::ShutDown() {
  if (shut_down_) return;
  shut_down_ = true;
  if (log_sink_ != 0) RemoveLogSink(log_sink_);
  std::vector<std::shared_ptr<Host>> alive;
  for (const auto& known : hosts_) {
    if (auto host = known.lock()) alive.push_back(std::move(host));
  }
  for (const auto& host : alive) host->RequestStop();
  for (const bool contexts : {true, false}) {
    for (const auto& host : alive) {
      if (host->IsContext() == contexts) host->Stop();
    }
  }
  hosts_.clear();
  pending_.clear();
  log_callback_.Reset();
  model_constructor.Reset();
  context_constructor.Reset();
}

uint64_t Environment::Begin(Napi::Env env, Pending pending) {
  if (pending_.empty()) dispatcher_.Ref(env);
  const uint64_t operation = next_operation_++;
  pending_.emplace(operation, std::move(pending));
  return operation;
}

std::optional<Environment::Pending> Environment::End(Napi::Env env, uint64_t operation) {
  const auto found = pending_.find(operation);
  if (found == pending_.end()) return std::nullopt;
  std::optional<Pending> pending(std::move(found->second));
  pending_.erase(found);
  if (pending_.empty()) dispatcher_.Unref(env);
  return pending;
}

void Environment::Complete(uint64_t operation, Completion completion) {
  Post([operation, completion = std::move(completion)](Napi::Env env, Environment& environment) {
    const auto pending = environment.End(env, operation);
    if (!pending) return;
    try {
      completion(env, pending->deferred);
    } catch (const Napi::Error& error) {
      pending->deferred.Reject(error.Value());
    }
  });
}

void Environment::Notify(uint64_t operation, Notification notification) {
  Post([operation, notification = std::move(notification)](Napi::Env env, Environment& environment) {
    const auto found = environment.pending_.find(operation);
    if (found == environment.pending_.end() || found->second.callback.IsEmpty()) return;
    notification(env, found->second.callback.Value());
  });
}

void Environment::Fail(uint64_t operation, const Failure& failure) {
  Complete(operation, [failure](Napi::Env env, const Napi::Promise::Deferred& deferred) {
    deferred.Reject(ToJsError(env, failure).Value());
  });
}

void Environment::Post(Task task) {
  auto* queued = new Task(std::move(task));
  if (dispatcher_.NonBlockingCall(queued) != napi_ok) delete queued;
}

void Environment::RunTask(Napi::Env env, Napi::Function, Environment* environment, Task* task) {
  const std::unique_ptr<Task> owned(task);
  // Without an environment the queue is only being emptied.
  if (env == nullptr || environment->shut_down_) return;
  try {
    (*owned)(env, *environment);
  } catch (const Napi::Error& error) {
    error.ThrowAsJavaScriptException();
  }
}

}  // namespace llama_kv
