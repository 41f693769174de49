#include "local_backend/engine/engine.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <llama-cpp.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <mutex>
#include <span>
#include <utility>

#include <chat.h>
#include <log.h>

#include "local_backend/control_words.hpp"
#include "local_backend/engine/gguf_file.hpp"
#include "local_backend/engine/known_models.hpp"

namespace naru::local_backend {
namespace {

// --- libllama's log: errors go to standard error, and the last one explains a failed load -------------------------------------------

/// libllama's log is one per process and may be written by any thread.
struct llama_log {
  std::mutex mutex;
  std::string last_error;
};
llama_log& the_log() {
  static llama_log log;
  return log;
}

void on_llama_log(ggml_log_level level, const char* text, void*) {
  if (level != GGML_LOG_LEVEL_ERROR) return;
  std::string line{text};
  while (line.ends_with('\n')) line.pop_back();
  if (line.empty()) return;
  std::fprintf(stderr, "llama: %s\n", line.c_str());
  const std::scoped_lock lock{the_log().mutex};
  the_log().last_error = std::move(line);
}

std::string last_llama_error() {
  const std::scoped_lock lock{the_log().mutex};
  return the_log().last_error.empty() ? "libllama gives no reason" : the_log().last_error;
}

/// The CPU backends (one library per processor generation) stand beside libllama itself, wherever it was found.
void load_backends() {
  llama_log_set(on_llama_log, nullptr);
  common_log_set_verbosity_thold(LOG_LEVEL_ERROR);
  Dl_info where{};
  if (dladdr(reinterpret_cast<const void*>(&llama_backend_init), &where) != 0 && where.dli_fname != nullptr) {
    ggml_backend_load_all_from_path(std::filesystem::path{where.dli_fname}.parent_path().c_str());
  }
  if (ggml_backend_dev_count() == 0) ggml_backend_load_all();
  llama_backend_init();
}

// --- threads ------------------------------------------------------------------------------------------------------------------------

/// Threads that live as long as the context. Without a pool every decode starts and ends its own. They do not spin while they wait
/// (poll 0): the processor belongs to the proxy first. The functions are in the backend library that was chosen at run time.
class thread_pool {
 public:
  explicit thread_pool(std::uint32_t threads) {
    auto* cpu = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    if (threads < 2 || cpu == nullptr) return;
    auto* reg = ggml_backend_dev_backend_reg(cpu);
    auto* make = reinterpret_cast<decltype(&ggml_threadpool_new)>(ggml_backend_reg_get_proc_address(reg, "ggml_threadpool_new"));
    free_ = reinterpret_cast<decltype(&ggml_threadpool_free)>(ggml_backend_reg_get_proc_address(reg, "ggml_threadpool_free"));
    if (make == nullptr || free_ == nullptr) return;
    auto params = ggml_threadpool_params_default(static_cast<int>(threads));
    params.poll = 0;
    pool_ = make(&params);
  }
  ~thread_pool() {
    if (pool_ != nullptr) free_(pool_);
  }
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;

  void attach(llama_context* context) const {
    if (pool_ != nullptr) llama_attach_threadpool(context, pool_, nullptr);
  }

 private:
  ggml_threadpool_t pool_ = nullptr;
  decltype(&ggml_threadpool_free) free_ = nullptr;
};

// --- sampling -----------------------------------------------------------------------------------------------------------------------

void read_number(const llama_model* model, llama_model_meta_key key, auto& value) {
  char text[64];
  const int n = llama_model_meta_val_str(model, llama_model_meta_key_str(key), text, sizeof text);
  if (n <= 0 || n >= static_cast<int>(sizeof text)) return;
  std::decay_t<decltype(value)> read{};
  if (std::from_chars(text, text + n, read).ec == std::errc{}) value = read;
}

/// A model file may say how it wants to be sampled (general.sampling.*).
sampling read_recommended(const llama_model* model) {
  sampling s;
  read_number(model, LLAMA_MODEL_META_KEY_SAMPLING_TEMP, s.temperature);
  read_number(model, LLAMA_MODEL_META_KEY_SAMPLING_TOP_K, s.top_k);
  read_number(model, LLAMA_MODEL_META_KEY_SAMPLING_TOP_P, s.top_p);
  read_number(model, LLAMA_MODEL_META_KEY_SAMPLING_MIN_P, s.min_p);
  read_number(model, LLAMA_MODEL_META_KEY_SAMPLING_PENALTY_REPEAT, s.repeat_penalty);
  return s;
}

llama_sampler_ptr make_sampler(const llama_vocab* vocab, const sampling& how, std::uint32_t most) {
  auto params = llama_sampler_chain_default_params();
  params.no_perf = true;
  llama_sampler_ptr chain{llama_sampler_chain_init(params)};
  const auto add = [&](llama_sampler* s) { llama_sampler_chain_add(chain.get(), s); };
  // Penalties see the whole answer and nothing of the prompt, as OpenAI defines them.
  add(llama_sampler_init_penalties(llama_vocab_n_tokens(vocab), static_cast<std::int32_t>(most), how.repeat_penalty, how.frequency_penalty,
                                   how.presence_penalty));
  if (how.temperature <= 0) {
    add(llama_sampler_init_greedy());
    return chain;
  }
  if (how.top_k > 0) add(llama_sampler_init_top_k(how.top_k));
  if (how.top_p < 1) add(llama_sampler_init_top_p(how.top_p, 1));
  if (how.min_p > 0) add(llama_sampler_init_min_p(how.min_p, 1));
  add(llama_sampler_init_temp(how.temperature));
  add(llama_sampler_init_dist(how.seed));
  return chain;
}

// --- the model ----------------------------------------------------------------------------------------------------------------------

std::vector<std::string> control_texts(const llama_vocab* vocab) {
  std::vector<std::string> words;
  for (token_id t = 0; t < llama_vocab_n_tokens(vocab); ++t) {
    if (llama_vocab_is_control(vocab, t)) words.emplace_back(llama_vocab_get_text(vocab, t));
  }
  return words;
}

class batch {
 public:
  explicit batch(std::uint32_t size) : raw_(llama_batch_init(static_cast<std::int32_t>(size), 0, 1)) {}
  ~batch() { llama_batch_free(raw_); }
  batch(const batch&) = delete;
  batch& operator=(const batch&) = delete;

  void fill(std::span<const model_input> inputs) {
    raw_.n_tokens = static_cast<std::int32_t>(inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      raw_.token[i] = inputs[i].token;
      raw_.pos[i] = static_cast<llama_pos>(inputs[i].position);
      raw_.n_seq_id[i] = 1;
      raw_.seq_id[i][0] = static_cast<llama_seq_id>(inputs[i].sequence);
      raw_.logits[i] = inputs[i].pick ? 1 : 0;
    }
  }
  [[nodiscard]] const llama_batch& raw() const noexcept { return raw_; }

 private:
  llama_batch raw_;
};

class gguf_model final : public language_model {
 public:
  gguf_model(llama_model_ptr model, llama_context_ptr context, common_chat_templates_ptr templates, model_shape shape,
             std::uint32_t threads)
      : model_(std::move(model)),
        pool_(threads),
        context_(std::move(context)),
        templates_(std::move(templates)),
        vocab_(llama_model_get_vocab(model_.get())),
        shape_(std::move(shape)),
        recommended_(read_recommended(model_.get())),
        control_(control_texts(vocab_)),
        batch_(shape_.batch),
        samplers_(shape_.sequences) {
    pool_.attach(context_.get());
  }
  ~gguf_model() override { llama_detach_threadpool(context_.get()); }

  [[nodiscard]] const model_shape& shape() const noexcept override { return shape_; }
  [[nodiscard]] const sampling& recommended() const noexcept override { return recommended_; }
  [[nodiscard]] result<std::vector<token_id>> read_prompt(const std::vector<turn>& turns) const override;

  void begin(std::uint32_t sequence, const sampling& how, std::uint32_t most) override {
    samplers_[sequence] = make_sampler(vocab_, how, most);
  }
  void end(std::uint32_t sequence) override {
    samplers_[sequence].reset();
    llama_memory_seq_rm(llama_get_memory(context_.get()), static_cast<llama_seq_id>(sequence), -1, -1);
  }
  [[nodiscard]] result<void> decode(std::span<const model_input> inputs) override;
  [[nodiscard]] token_id pick(std::uint32_t sequence, std::size_t index) override {
    return llama_sampler_sample(samplers_[sequence].get(), context_.get(), static_cast<std::int32_t>(index));
  }
  [[nodiscard]] bool ends_turn(token_id token) const noexcept override { return llama_vocab_is_eog(vocab_, token); }
  void append_text(token_id token, std::string& out) const override;

 private:
  [[nodiscard]] result<std::string> render(const std::vector<turn>& turns) const;

  llama_model_ptr model_;
  thread_pool pool_;  // outlives the context that uses it
  llama_context_ptr context_;
  common_chat_templates_ptr templates_;
  const llama_vocab* vocab_;
  model_shape shape_;
  sampling recommended_;
  control_words control_;
  batch batch_;
  std::vector<llama_sampler_ptr> samplers_;  ///< one a sequence, null where it is free
};

result<std::string> gguf_model::render(const std::vector<turn>& turns) const {
  common_chat_templates_inputs inputs;
  for (const auto& t : turns) {
    common_chat_msg m;
    m.role = t.role;
    m.content = t.text;
    control_.defuse(m.content);
    inputs.messages.push_back(std::move(m));
  }
  // Plain content: no tool or reasoning parser is built. A model that can leave its thinking out is asked to: its marks would be text.
  inputs.force_pure_content = true;
  inputs.enable_thinking = false;
  inputs.add_bos = llama_vocab_get_add_bos(vocab_);
  try {
    return common_chat_templates_apply(templates_.get(), inputs).prompt;
  } catch (const std::exception& e) {
    return fail(error_code::bad_request, fmt::format("the model's chat template refuses this conversation: {}", e.what()), "messages");
  }
}

result<std::vector<token_id>> gguf_model::read_prompt(const std::vector<turn>& turns) const {
  const auto text = render(turns);
  if (!text) return fail(text.error());
  const auto size = static_cast<std::int32_t>(text->size());
  std::vector<token_id> tokens(text->size() + 2);  // a token is at least a byte; two for begin and end
  const auto n = llama_tokenize(vocab_, text->data(), size, tokens.data(), static_cast<std::int32_t>(tokens.size()), true, true);
  if (n <= 0) return fail(error_code::bad_request, "the conversation is empty in the model's chat template", "messages");
  tokens.resize(static_cast<std::size_t>(n));
  return tokens;
}

result<void> gguf_model::decode(std::span<const model_input> inputs) {
  batch_.fill(inputs);
  const int rc = llama_decode(context_.get(), batch_.raw());
  if (rc == 0) return {};
  return fail(error_code::internal, rc == 1 ? "the model's context has no room left, which admission should have prevented"
                                            : fmt::format("the model runtime failed (llama_decode: {}): {}", rc, last_llama_error()));
}

void gguf_model::append_text(token_id token, std::string& out) const {
  char buffer[256];
  const auto n = llama_token_to_piece(vocab_, token, buffer, sizeof buffer, 0, false);
  if (n >= 0) {
    out.append(buffer, static_cast<std::size_t>(n));
    return;
  }
  std::string large(static_cast<std::size_t>(-n), '\0');
  llama_token_to_piece(vocab_, token, large.data(), -n, 0, false);
  out += large;
}

// --- loading ------------------------------------------------------------------------------------------------------------------------

result<llama_model_ptr> load_weights(const std::filesystem::path& path) {
  if (auto ok = check_gguf(path); !ok) return fail(ok.error());
  llama_model_ptr model{llama_model_load_from_file(path.c_str(), llama_model_default_params())};
  if (!model) return fail(error_code::bad_request, fmt::format("cannot load the model: {}: {}", path.string(), last_llama_error()));
  if (!llama_model_has_decoder(model.get()) || llama_model_has_encoder(model.get())) {
    return fail(error_code::bad_request, fmt::format("this model cannot chat (it is not a decoder): {}", path.string()));
  }
  return model;
}

/// Tokens in one decode. A step cannot be interrupted, so its length is what a cancel and a running answer may have to wait. A processor
/// reads a prompt no faster in larger pieces (SmolLM2 Q4_1, 1,000 tokens, one core: 8.9 s at 16, 6.4 s at 64, 6.6 s at 512); an
/// accelerator does.
std::uint32_t batch_size(std::uint32_t sequences) {
  const bool accelerated = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_GPU) != nullptr;
  return std::max(accelerated ? 512U : 64U, 2 * sequences);
}

result<llama_context_ptr> make_context(llama_model* model, const engine_options& o, std::uint32_t batch_tokens) {
  if (o.sequences > llama_max_parallel_sequences()) {
    return fail(error_code::bad_request, fmt::format("want at most {} sequences, got {}", llama_max_parallel_sequences(), o.sequences),
                "--sequences");
  }
  auto params = llama_context_default_params();
  params.n_ctx = o.context;
  params.n_batch = params.n_ubatch = batch_tokens;
  params.n_seq_max = o.sequences;
  params.n_outputs_max = o.sequences;  // a step picks at most one token a sequence; the default reserves n_batch rows of logits
  params.n_threads = params.n_threads_batch = static_cast<std::int32_t>(o.threads);
  params.kv_unified = true;  // one pool of cells: a long conversation may use what short ones leave
  params.no_perf = true;
  llama_context_ptr context{llama_init_from_model(model, params)};
  if (!context) {
    return fail(error_code::bad_request,
                fmt::format("cannot make a context of {} tokens for {} sequences: {}", o.context, o.sequences, last_llama_error()));
  }
  return context;
}

result<common_chat_templates_ptr> read_templates(const llama_model* model, const std::string& chosen) {
  const auto* own = llama_model_chat_template(model, nullptr);
  const std::string better{own == nullptr ? std::string_view{} : better_template(own, llama_model_n_params(model))};
  try {
    return common_chat_templates_init(model, chosen.empty() ? better : chosen);
  } catch (const std::exception& e) {
    return fail(error_code::bad_request,
                fmt::format("the chat template {} cannot be read: {}", chosen.empty() ? "of the model" : "given", e.what()));
  }
}

}  // namespace

result<std::unique_ptr<language_model>> load_model(const engine_options& o) {
  load_backends();
  auto model = load_weights(o.model);
  if (!model) return fail(model.error());
  model_shape shape;
  shape.name = model_name(o.model);
  shape.sequences = o.sequences;
  shape.context = o.context;
  shape.batch = batch_size(o.sequences);
  const auto trained = static_cast<std::uint32_t>(llama_model_n_ctx_train(model->get()));
  shape.request = trained == 0 ? o.context : std::min(o.context, trained);
  auto context = make_context(model->get(), o, shape.batch);
  if (!context) return fail(context.error());
  auto templates = read_templates(model->get(), o.chat_template);
  if (!templates) return fail(templates.error());
  auto loaded = std::make_unique<gguf_model>(std::move(*model), std::move(*context), std::move(*templates), std::move(shape), o.threads);
  // One trial, so that a template that cannot be used is told at the start and not to the first client.
  if (auto trial = loaded->read_prompt({{"user", "Hello"}}); !trial) return fail(trial.error());
  return loaded;
}

}  // namespace naru::local_backend
