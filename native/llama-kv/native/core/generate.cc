#include "generate.h"

#include "clock.h"
#include "failure.h"

namespace llama_kv {

namespace {

llama_token SampleNext(Context& context, Sampler& sampler, const std::vector<float>& logits);
bool TryEvaluate(Context& context, llama_token token, llama_seq_id sequence, AbortFlag& abort);

}  // namespace

GenerateResult Generate(Context& context, const GenerateOptions& options, AbortFlag& abort,
                        const std::function<void(GeneratedToken)>& on_token) {
  context.CheckUsable();
  const Model& model = context.model();
  Sampler sampler(model.functions(), options.sampling);
  GenerateResult result{FinishReason::kLength, 0, 0, 0};
  const auto finish = [&result](FinishReason reason) {
    result.reason = reason;
    result.at = Now();
    return result;
  };

  for (;;) {
    if (abort.IsRaised()) return finish(FinishReason::kAborted);
    const std::vector<float>* logits = context.KeptLogits(options.sequence);
    if (logits == nullptr)
      throw Failure("LOGITS_MISSING", "There are no logits to generate from: prefill something first.");
    const llama_token token = SampleNext(context, sampler, *logits);

    const bool is_end = model.functions().llama_vocab_is_eog(model.vocabulary(), token);
    if (is_end && !options.ignore_end_of_generation) return finish(FinishReason::kStop);
    if (!context.HasRoom(options.sequence)) return finish(FinishReason::kContextFull);

    GeneratedToken event{token, "", Now(), std::nullopt};
    event.piece = model.Piece(token, /*render_special=*/false);
    if (options.scores) event.score = ScoreToken(*logits, token);
    on_token(std::move(event));
    result.generated_tokens += 1;

    if (result.generated_tokens == options.max_tokens) return finish(FinishReason::kLength);
    if (!TryEvaluate(context, token, options.sequence, abort)) return finish(FinishReason::kAborted);
    result.evaluated_tokens += 1;
  }
}

namespace {

llama_token SampleNext(Context& context, Sampler& sampler, const std::vector<float>& logits) {
  const llama_token token = sampler.Sample(logits);
  if (context.model().IsToken(token)) return token;
  throw Failure("DECODE_FAILED", "The sampler chose no token: the logits may hold NaN.", {{"token", double(token)}});
}

bool TryEvaluate(Context& context, llama_token token, llama_seq_id sequence, AbortFlag& abort) {
  try {
    context.Evaluate(token, sequence, abort);
    return true;
  } catch (const Failure& failure) {
    if (failure.code() == "ABORTED") return false;
    throw;
  }
}

}  // namespace

}  // namespace llama_kv
