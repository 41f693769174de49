#pragma once
#include <string_view>

#include "core/chat.hpp"

/// `translation: lenient`: what a form cannot carry is left out, and the client is told.
namespace naru::dialects {

/// Takes out what `field` names, as `cannot_carry` names it ("seed", "messages[2].content[1].image_url.url", "tools[0]", the name of an
/// extra). @return false: nothing was taken out, because nothing of that name is there or a request without it would be another one (a
/// role, a whole conversation)
[[nodiscard]] bool drop(chat_request& r, std::string_view field);

}  // namespace naru::dialects
