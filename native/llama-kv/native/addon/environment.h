#pragma once

#include <napi.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "../core/failure.h"
#include "../core/library.h"
#include "host.h"

namespace llama_kv {

/// All that one JavaScript environment (the main thread or one worker) owns of this addon. There is no other state per
/// environment.
///
/// Threads never hold JavaScript values: an operation's promise and callback stay here, and threads know only its
/// number.
class Environment {
 public:
  using Completion = std::function<void(Napi::Env, const Napi::Promise::Deferred&)>;
  using Notification = std::function<void(Napi::Env, const Napi::Function&)>;

  /// Runs on a host's thread; what it returns settles the promise on the JavaScript thread.
  using Body = std::function<Completion(uint64_t operation)>;

  /// Runs on the JavaScript thread; what it returns resolves the promise.
  using BodyHere = std::function<Napi::Value(Napi::Env, const Napi::Object& argument)>;

  explicit Environment(Napi::Env env);
  static Environment& From(Napi::Env env);

  // JavaScript thread.

  /// Queues an operation on the host's thread. Node stays alive until it has ended. `callback`, or undefined, is for
  /// `Notify`. A failure of the body rejects the promise; a stopped host rejects with CLOSED.
  Napi::Value Run(Napi::Env env, const std::shared_ptr<Host>& host, const Napi::Value& callback, Body body);
  /// Runs an operation on the JavaScript thread in its turn, while the host's thread waits: JavaScript's memory is read
  /// where it lies, and nothing can change or free it meanwhile. `argument` is kept until then.
  Napi::Value RunHere(Napi::Env env, const std::shared_ptr<Host>& host, const Napi::Object& argument, BodyHere body);
  void Track(const std::shared_ptr<Host>& host);
  /// Sends the engine's log lines to a function, or nowhere.
  void SetLog(Napi::Env env, const Napi::Value& callback);
  /// Aborts all work, ends all threads, frees contexts before models. Idempotent; afterwards nothing can be begun.
  void ShutDown();

  std::shared_ptr<Library> library;
  Napi::FunctionReference model_constructor;
  Napi::FunctionReference context_constructor;
  /// What the next wrapped object is made around. Only the addon sets it, so a class can not be constructed from
  /// JavaScript.
  std::shared_ptr<Host> host_to_wrap;

  // Any thread, until the host whose thread it is was stopped.

  /// Calls an operation's callback.
  void Notify(uint64_t operation, Notification notification);

 private:
  using Task = std::function<void(Napi::Env, Environment&)>;

  struct Pending {
    Napi::Promise::Deferred deferred;
    Napi::FunctionReference callback;
    Napi::ObjectReference argument;
  };

  static void RunTask(Napi::Env env, Napi::Function callback, Environment* environment, Task* task);
  using Dispatcher = Napi::TypedThreadSafeFunction<Environment, Task, RunTask>;

  uint64_t Begin(Napi::Env env, Pending pending);
  /// Forgets an operation and gives what was kept of it; nothing once the environment has shut down.
  std::optional<Pending> End(Napi::Env env, uint64_t operation);
  void Complete(uint64_t operation, Completion completion);
  void Fail(uint64_t operation, const Failure& failure);
  void Post(Task task);

  Dispatcher dispatcher_;
  std::map<uint64_t, Pending> pending_;
  uint64_t next_operation_ = 1;
  std::vector<std::weak_ptr<Host>> hosts_;
  Napi::FunctionReference log_callback_;
  uint64_t log_sink_ = 0;
  bool shut_down_ = false;
};

}  // namespace llama_kv
