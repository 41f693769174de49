#include "providers/vendors/ollama/ollama.hpp"

namespace naru::vendors {
namespace {

constexpr vendor table{
    .name = "ollama",
    .dialect = "ollama_chat",
    .embeddings = "ollama_embed",
    .base_url = "http://localhost:11434",
    .auth = auth_style::bearer,
    .key_required = false,
    .key_variables = {},  // never on by itself: that a server runs here is for the settings to say
    .headers = {},
    .deviations = {},
    .clearance_note = "a server of your own, unless base_url is ollama.com: say by its clearance who can read what is sent there",
};

}  // namespace

const vendor& ollama() noexcept { return table; }

}  // namespace naru::vendors
