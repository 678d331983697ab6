#pragma once

#include <napi.h>

#include "../core/generate.h"
#include "environment.h"

namespace llama_kv {

/// @throws TypeError, RangeError naming the option.
GenerateOptions ReadGenerateOptions(const Napi::Object& object);

/// Generates on the context's thread and hands each token to the operation's callback as it comes: (id, piece, at,
/// logProbability?, margin?).
Environment::Completion RunGenerate(Environment& environment, uint64_t operation, Context& context,
                                    const GenerateOptions& options, AbortFlag& abort);

}  // namespace llama_kv
