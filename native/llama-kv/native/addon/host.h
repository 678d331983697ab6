#pragma once

#include <functional>
#include <memory>

#include "../core/context.h"
#include "../core/model.h"
#include "../core/worker.h"

namespace llama_kv {

/// A thread and what only it may touch. Outlives its JavaScript object while jobs or results still refer to it.
class Host {
 public:
  virtual ~Host() = default;

  /// Makes running and queued jobs end soon. Does not wait.
  virtual void RequestStop() = 0;
  virtual bool IsStopping() const = 0;
  /// Ends the thread and frees what it owned. Idempotent.
  virtual void Stop() = 0;
  /// Contexts are stopped before the models that they use.
  virtual bool IsContext() const = 0;

  Worker worker;
};

class ModelHost final : public Host {
 public:
  void RequestStop() override { load_abort->Raise(); }
  bool IsStopping() const override { return load_abort->IsRaised(); }
  void Stop() override {
    RequestStop();
    worker.Finish();
    model.reset();
  }
  bool IsContext() const override { return false; }

  SharedAbortFlag load_abort = std::make_shared<AbortFlag>();
  /// Set on the JavaScript thread, when loading has ended.
  std::shared_ptr<Model> model;
};

class ContextHost final : public Host {
 public:
  ContextHost(std::shared_ptr<const Model> owner, const ContextOptions& wished)
      : model(std::move(owner)), options(wished) {}

  void RequestStop() override {
    if (context != nullptr) context->RequestClose();
  }
  bool IsStopping() const override { return context == nullptr || context->closing(); }
  void Stop() override {
    RequestStop();
    if (context != nullptr) worker.Submit([context = context] { context->Release(); });
    worker.Finish();
    model.reset();
  }
  bool IsContext() const override { return true; }

  /// Kept until the context is open and shares the ownership.
  std::shared_ptr<const Model> model;
  const ContextOptions options;
  /// Set on the JavaScript thread, when the context is open.
  std::shared_ptr<Context> context;
  /// Bytes of cells that the garbage collector was told about.
  int64_t reported_bytes = 0;
};

}  // namespace llama_kv
