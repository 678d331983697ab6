#include "fake_engine.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace llama_kv::testing {

namespace {

// The functions of the table are plain C, so the engine under test is found here. Tests run one after another.
FakeEngine* engine = nullptr;

template <typename Handle>
Handle AsHandle() {
  return reinterpret_cast<Handle>(engine);
}

int32_t Decode(llama_context*, llama_batch batch) {
  engine->calls.push_back({batch.n_tokens, batch.pos[0], batch.logits[batch.n_tokens - 1] != 0});
  if (engine->throws) throw std::runtime_error("out of memory");
  const auto answer = engine->answers_by_call.find(engine->calls.size() - 1);
  if (answer != engine->answers_by_call.end()) return answer->second;

  std::set<llama_pos>& cells = engine->cells[batch.seq_id[0][0]];
  for (int32_t i = 0; i < batch.n_tokens; ++i) {
    // Half the work is done when the abort is seen, and its cells stay: a caller must not rely on the engine tidying
    // up.
    if (i == batch.n_tokens / 2) {
      engine->during_decode();
      if (engine->abort_callback(engine->abort_data)) return 2;
    }
    cells.insert(batch.pos[i]);
  }
  if (engine->evicts_window) cells.erase(cells.begin(), cells.lower_bound(*cells.rbegin() - engine->window_tokens + 1));
  std::fill(engine->logits.begin(), engine->logits.end(), 0.0F);
  const llama_token next = (batch.token[batch.n_tokens - 1] + 1) % FakeEngine::kVocabularyTokens;
  engine->logits[static_cast<size_t>(next)] = 1;
  return 0;
}

bool Remove(llama_memory_t, llama_seq_id sequence, llama_pos from, llama_pos to) {
  std::set<llama_pos>& cells = engine->cells[sequence];
  if (engine->recurrent && from > 0 && !cells.empty() && from <= *cells.rbegin()) return false;
  cells.erase(from < 0 ? cells.begin() : cells.lower_bound(from), to < 0 ? cells.end() : cells.lower_bound(to));
  return true;
}

llama_pos Minimum(llama_memory_t, llama_seq_id sequence) {
  const std::set<llama_pos>& cells = engine->cells[sequence];
  if (cells.empty()) return -1;
  return engine->recurrent ? *cells.rbegin() : *cells.begin();
}

llama_pos Maximum(llama_memory_t, llama_seq_id sequence) {
  const std::set<llama_pos>& cells = engine->cells[sequence];
  return cells.empty() ? -1 : *cells.rbegin();
}

// A state is its magic, its number of cells and their positions.
size_t StateSize(llama_context*, llama_seq_id sequence) {
  return (engine->cells[sequence].size() + 1) * sizeof(llama_pos);
}

size_t SaveState(llama_context* context, uint8_t* bytes, size_t, llama_seq_id sequence) {
  std::vector<llama_pos> state{static_cast<llama_pos>(engine->cells[sequence].size())};
  state.insert(state.end(), engine->cells[sequence].begin(), engine->cells[sequence].end());
  std::memcpy(bytes, state.data(), state.size() * sizeof(llama_pos));
  return StateSize(context, sequence);
}

size_t LoadState(llama_context*, const uint8_t* bytes, size_t size, llama_seq_id sequence) {
  engine->loads += 1;
  std::vector<llama_pos> state(size / sizeof(llama_pos));
  std::memcpy(state.data(), bytes, size);
  engine->cells[sequence] = std::set<llama_pos>(state.begin() + 1, state.end());
  return engine->refuses_states ? 0 : size;
}

void Add(llama_memory_t, llama_seq_id sequence, llama_pos from, llama_pos, llama_pos delta) {
  std::set<llama_pos> moved;
  for (const llama_pos position : engine->cells[sequence]) moved.insert(position < from ? position : position + delta);
  engine->cells[sequence] = moved;
}

void AddModelFunctions(FunctionTable& table) {
  table.llama_model_get_vocab = [](const llama_model*) { return AsHandle<const llama_vocab*>(); };
  table.llama_model_free = [](llama_model*) { engine->model_freed = true; };
  table.llama_model_n_ctx_train = [](const llama_model*) { return 64; };
  table.llama_model_n_embd = [](const llama_model*) { return 8; };
  table.llama_model_n_layer = [](const llama_model*) { return 2; };
  table.llama_model_n_head = [](const llama_model*) { return 2; };
  table.llama_model_n_head_kv = [](const llama_model*) { return 1; };
  table.llama_model_n_swa = [](const llama_model*) { return engine->window_tokens; };
  table.llama_model_n_params = [](const llama_model*) { return uint64_t{1}; };
  table.llama_model_size = [](const llama_model*) { return uint64_t{1}; };
  table.llama_model_desc = [](const llama_model*, char*, size_t) { return -1; };
  table.llama_model_ftype = [](const llama_model*) { return LLAMA_FTYPE_ALL_F32; };
  table.llama_ftype_name = [](enum llama_ftype) { return "all F32"; };
  table.llama_model_meta_val_str = [](const llama_model*, const char*, char*, size_t) { return -1; };
  table.llama_model_chat_template = [](const llama_model*, const char*) -> const char* { return nullptr; };
  table.llama_model_has_encoder = [](const llama_model*) { return false; };
  table.llama_model_has_decoder = [](const llama_model*) { return true; };
  table.llama_model_is_diffusion = [](const llama_model*) { return false; };
  table.llama_model_is_recurrent = [](const llama_model*) { return engine->recurrent; };
  table.llama_model_is_hybrid = [](const llama_model*) { return false; };
  table.llama_vocab_n_tokens = [](const llama_vocab*) { return FakeEngine::kVocabularyTokens; };
  table.llama_vocab_bos = [](const llama_vocab*) { return llama_token{0}; };
  table.llama_vocab_get_add_bos = [](const llama_vocab*) { return false; };
  table.llama_vocab_is_eog = [](const llama_vocab*, llama_token token) { return token == FakeEngine::kEnd; };
  table.llama_token_to_piece = [](const llama_vocab*, llama_token token, char* text, int32_t, int32_t, bool) {
    text[0] = static_cast<char>('a' + token);
    return 1;
  };
}

void AddContextFunctions(FunctionTable& table) {
  table.llama_context_default_params = [] { return llama_context_params{}; };
  table.llama_init_from_model = [](llama_model*, llama_context_params) { return AsHandle<llama_context*>(); };
  table.llama_free = [](llama_context*) { engine->context_freed = true; };
  table.llama_n_ctx_seq = [](const llama_context*) { return engine->context_tokens; };
  table.llama_n_batch = [](const llama_context*) { return engine->ubatch_tokens; };
  table.llama_n_ubatch = [](const llama_context*) { return engine->ubatch_tokens; };
  table.llama_n_seq_max = [](const llama_context*) { return uint32_t{2}; };
  table.llama_n_threads = [](llama_context*) { return 1; };
  table.llama_n_threads_batch = [](llama_context*) { return 1; };
  table.ggml_backend_dev_count = [] { return size_t{0}; };
  table.llama_get_memory = [](const llama_context*) { return AsHandle<llama_memory_t>(); };
  table.llama_memory_clear = [](llama_memory_t, bool) { engine->cells.clear(); };
  table.llama_memory_seq_rm = Remove;
  table.llama_memory_seq_pos_min = Minimum;
  table.llama_memory_seq_pos_max = Maximum;
  table.llama_memory_seq_add = Add;
  table.llama_memory_can_shift = [](llama_memory_t) { return true; };
  table.llama_state_seq_get_size = StateSize;
  table.llama_state_seq_get_data = SaveState;
  table.llama_state_seq_set_data = LoadState;
  table.llama_decode = Decode;
  table.llama_synchronize = [](llama_context*) {};
  table.llama_get_logits_ith = [](llama_context*, int32_t) { return engine->logits.data(); };
  table.llama_set_abort_callback = [](llama_context*, ggml_abort_callback callback, void* data) {
    engine->abort_callback = callback;
    engine->abort_data = data;
  };
}

}  // namespace

std::shared_ptr<Model> FakeEngine::MakeModel() {
  engine = this;
  FunctionTable table;
  AddModelFunctions(table);
  AddContextFunctions(table);
  // Contexts refer to the table for as long as the process lives, as they do to a real library's.
  static auto* libraries = new std::vector<std::shared_ptr<Library>>();
  libraries->push_back(std::make_shared<Library>("fake", table));
  return std::make_shared<Model>(libraries->back(), AsHandle<llama_model*>());
}

std::unique_ptr<Context> FakeEngine::MakeContext() { return std::make_unique<Context>(MakeModel(), ContextOptions{}); }

}  // namespace llama_kv::testing
