#include "convert_facts.h"

#include "read_context_options.h"

namespace llama_kv {

namespace {

const char* MemoryKindName(MemoryKind kind) {
  switch (kind) {
    case MemoryKind::kFull:
      return "full";
    case MemoryKind::kSlidingWindow:
      return "sliding_window";
    case MemoryKind::kRecurrent:
      return "recurrent";
    case MemoryKind::kHybrid:
      return "hybrid";
  }
  return "full";
}

}  // namespace

Napi::Object ConvertLibrary(Napi::Env env, const Library& library) {
  Napi::Array devices = Napi::Array::New(env);
  for (const Device& device : library.devices()) {
    Napi::Object entry = Napi::Object::New(env);
    entry.Set("name", device.name);
    entry.Set("description", device.description);
    entry.Set("type", device.type);
    entry.Set("memoryBytes", static_cast<double>(device.memory_bytes));
    devices.Set(devices.Length(), entry);
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("directory", library.directory());
  object.Set("version", library.version());
  object.Set("systemInformation", library.system_information());
  object.Set("devices", devices);
  return object;
}

Napi::Object ConvertFacts(Napi::Env env, const ModelFacts& facts) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("architecture", facts.architecture);
  object.Set("name", facts.name);
  object.Set("description", facts.description);
  object.Set("quantization", facts.quantization);
  object.Set("parameters", static_cast<double>(facts.parameters));
  object.Set("sizeBytes", static_cast<double>(facts.size_bytes));
  object.Set("trainedContextTokens", facts.trained_context_tokens);
  object.Set("vocabularyTokens", facts.vocabulary_tokens);
  object.Set("layers", facts.layers);
  object.Set("embeddingSize", facts.embedding_size);
  object.Set("heads", facts.heads);
  object.Set("kvHeads", facts.kv_heads);
  object.Set("addBos", facts.adds_bos);
  if (facts.bos_token != LLAMA_TOKEN_NULL) object.Set("bosToken", facts.bos_token);
  Napi::Array eog_tokens = Napi::Array::New(env);
  for (const llama_token token : facts.eog_tokens) eog_tokens.Set(eog_tokens.Length(), token);
  object.Set("eogTokens", eog_tokens);
  object.Set("memory", MemoryKindName(facts.memory));
  object.Set("slidingWindowTokens", facts.sliding_window_tokens);
  object.Set("hasEncoder", facts.has_encoder);
  object.Set("hasDecoder", facts.has_decoder);
  if (facts.chat_template) object.Set("chatTemplate", *facts.chat_template);
  return object;
}

Napi::Object ConvertMetadata(Napi::Env env, const std::vector<std::pair<std::string, std::string>>& entries) {
  Napi::Object object = Napi::Object::New(env);
  for (const auto& [key, value] : entries) {
    // Defined, not assigned: a key of a hostile file may be called __proto__.
    object.DefineProperty(Napi::PropertyDescriptor::Value(key, Napi::String::New(env, value), napi_default_jsproperty));
  }
  return object;
}

Napi::Object ConvertEffective(Napi::Env env, const EffectiveOptions& effective) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("contextTokens", effective.context_tokens);
  object.Set("batchTokens", effective.batch_tokens);
  object.Set("ubatchTokens", effective.ubatch_tokens);
  object.Set("sequences", effective.sequences);
  object.Set("threads", effective.threads);
  object.Set("prefillThreads", effective.prefill_threads);
  object.Set("flashAttention", effective.flash_attention);
  object.Set("kvCacheTypeK", KvCacheTypeName(effective.type_k));
  object.Set("kvCacheTypeV", KvCacheTypeName(effective.type_v));
  if (effective.kv_bytes_per_token) object.Set("kvBytesPerToken", static_cast<double>(*effective.kv_bytes_per_token));
  return object;
}

Napi::Object ConvertWork(Napi::Env env, const WorkCounts& work) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("prefillCalls", static_cast<double>(work.prefill_calls));
  object.Set("prefillTokens", static_cast<double>(work.prefill_tokens));
  object.Set("decodeCalls", static_cast<double>(work.decode_calls));
  object.Set("abortedCalls", static_cast<double>(work.aborted_calls));
  object.Set("nativeNanoseconds", static_cast<double>(work.native_nanoseconds));
  return object;
}

}  // namespace llama_kv
