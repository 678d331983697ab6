#include "run_generate.h"

#include <limits>

#include "arguments.h"

namespace llama_kv {

namespace {

const char* ReasonName(FinishReason reason) {
  switch (reason) {
    case FinishReason::kStop:
      return "stop";
    case FinishReason::kLength:
      return "length";
    case FinishReason::kContextFull:
      return "context_full";
    case FinishReason::kAborted:
      return "aborted";
  }
  return "aborted";
}

}  // namespace

GenerateOptions ReadGenerateOptions(const Napi::Object& object) {
  GenerateOptions options;
  options.max_tokens = static_cast<int32_t>(ReadInteger(object.Get("maxTokens"), "maxTokens", 1, INT32_MAX));
  options.sampling.temperature =
      static_cast<float>(ReadNumber(object.Get("temperature"), "temperature", 0, std::numeric_limits<float>::max()));
  options.sampling.top_k = static_cast<int32_t>(ReadInteger(object.Get("topK"), "topK", 0, INT32_MAX));
  options.sampling.top_p = static_cast<float>(ReadNumber(object.Get("topP"), "topP", 0, 1));
  // The highest seed means "random" to the engine.
  options.sampling.seed = static_cast<uint32_t>(ReadInteger(object.Get("seed"), "seed", 0, LLAMA_DEFAULT_SEED - 1));
  options.scores = ReadBoolean(object.Get("logProbabilities"), "logProbabilities");
  options.ignore_end_of_generation = ReadBoolean(object.Get("ignoreEndOfGeneration"), "ignoreEndOfGeneration");
  return options;
}

Environment::Completion RunGenerate(Environment& environment, uint64_t operation, Context& context,
                                    const GenerateOptions& options, AbortFlag& abort) {
  const auto on_token = [&environment, operation](GeneratedToken token) {
    environment.Notify(operation, [token = std::move(token)](Napi::Env env, const Napi::Function& callback) {
      std::vector<napi_value> arguments{
          Napi::Number::New(env, token.id),
          Napi::Buffer<char>::Copy(env, token.piece.data(), token.piece.size()),
          Napi::BigInt::New(env, token.at),
      };
      if (token.score) {
        arguments.push_back(Napi::Number::New(env, token.score->log_probability));
        arguments.push_back(Napi::Number::New(env, token.score->margin));
      }
      callback.Call(arguments);
    });
  };
  const GenerateResult result = Generate(context, options, abort, on_token);
  return [result](Napi::Env env, const Napi::Promise::Deferred& deferred) {
    Napi::Object object = Napi::Object::New(env);
    object.Set("reason", ReasonName(result.reason));
    object.Set("at", Napi::BigInt::New(env, result.at));
    object.Set("generatedTokens", result.generated_tokens);
    object.Set("evaluatedTokens", result.evaluated_tokens);
    deferred.Resolve(object);
  };
}

}  // namespace llama_kv
