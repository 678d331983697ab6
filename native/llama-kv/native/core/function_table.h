#pragma once

#include "ggml-backend.h"
#include "ggml.h"
#include "gguf.h"
#include "llama.h"

namespace llama_kv {

// Every engine function that this addon calls. The only macro of the package: it keeps names, types and look-up in one
// list.
#define LLAMA_KV_SYMBOLS(X)             \
  X(llama_version)                      \
  X(llama_log_set)                      \
  X(llama_backend_init)                 \
  X(llama_print_system_info)            \
  X(llama_max_parallel_sequences)       \
  X(llama_model_default_params)         \
  X(llama_model_load_from_file)         \
  X(llama_model_free)                   \
  X(llama_model_get_vocab)              \
  X(llama_model_n_ctx_train)            \
  X(llama_model_n_embd)                 \
  X(llama_model_n_layer)                \
  X(llama_model_n_head)                 \
  X(llama_model_n_head_kv)              \
  X(llama_model_n_swa)                  \
  X(llama_model_n_params)               \
  X(llama_model_size)                   \
  X(llama_model_desc)                   \
  X(llama_model_ftype)                  \
  X(llama_ftype_name)                   \
  X(llama_model_meta_count)             \
  X(llama_model_meta_key_by_index)      \
  X(llama_model_meta_val_str_by_index)  \
  X(llama_model_meta_val_str)           \
  X(llama_model_chat_template)          \
  X(llama_model_has_encoder)            \
  X(llama_model_has_decoder)            \
  X(llama_model_is_recurrent)           \
  X(llama_model_is_hybrid)              \
  X(llama_model_is_diffusion)           \
  X(llama_vocab_type)                   \
  X(llama_vocab_n_tokens)               \
  X(llama_vocab_is_eog)                 \
  X(llama_vocab_bos)                    \
  X(llama_vocab_get_add_bos)            \
  X(llama_tokenize)                     \
  X(llama_detokenize)                   \
  X(llama_token_to_piece)               \
  X(llama_context_default_params)       \
  X(llama_init_from_model)              \
  X(llama_free)                         \
  X(llama_n_ctx_seq)                    \
  X(llama_n_batch)                      \
  X(llama_n_ubatch)                     \
  X(llama_n_seq_max)                    \
  X(llama_n_threads)                    \
  X(llama_n_threads_batch)              \
  X(llama_get_memory)                   \
  X(llama_memory_clear)                 \
  X(llama_memory_seq_rm)                \
  X(llama_memory_seq_add)               \
  X(llama_memory_seq_pos_min)           \
  X(llama_memory_seq_pos_max)           \
  X(llama_memory_can_shift)             \
  X(llama_state_seq_get_size)           \
  X(llama_state_seq_get_data)           \
  X(llama_state_seq_set_data)           \
  X(llama_decode)                       \
  X(llama_set_abort_callback)           \
  X(llama_attach_threadpool)            \
  X(llama_synchronize)                  \
  X(llama_get_logits_ith)               \
  X(llama_sampler_chain_default_params) \
  X(llama_sampler_chain_init)           \
  X(llama_sampler_chain_add)            \
  X(llama_sampler_init_top_k)           \
  X(llama_sampler_init_top_p)           \
  X(llama_sampler_init_temp)            \
  X(llama_sampler_init_dist)            \
  X(llama_sampler_apply)                \
  X(llama_sampler_accept)               \
  X(llama_sampler_free)                 \
  X(ggml_backend_load_all_from_path)    \
  X(ggml_backend_reg_count)             \
  X(ggml_backend_dev_count)             \
  X(ggml_backend_dev_get)               \
  X(ggml_backend_dev_name)              \
  X(ggml_backend_dev_description)       \
  X(ggml_backend_dev_type)              \
  X(ggml_backend_dev_memory)            \
  X(ggml_backend_dev_backend_reg)       \
  X(ggml_backend_reg_get_proc_address)  \
  X(ggml_threadpool_params_default)     \
  X(ggml_row_size)                      \
  X(gguf_init_from_file)                \
  X(gguf_free)                          \
  X(gguf_find_key)                      \
  X(gguf_get_kv_type)                   \
  X(gguf_get_val_str)                   \
  X(gguf_get_data_offset)               \
  X(gguf_get_n_tensors)                 \
  X(gguf_get_tensor_name)               \
  X(gguf_get_tensor_offset)             \
  X(gguf_get_tensor_size)

/// The engine's functions, resolved from a library at run time, or replaced one by one in a test.
struct FunctionTable {
#define LLAMA_KV_MEMBER(name) decltype(&::name) name = nullptr;
  LLAMA_KV_SYMBOLS(LLAMA_KV_MEMBER)
#undef LLAMA_KV_MEMBER
};

}  // namespace llama_kv
