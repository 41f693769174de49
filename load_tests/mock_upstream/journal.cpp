#include "load_tests/mock_upstream/journal.hpp"

#include <simdjson.h>

#include <fstream>
#include <stdexcept>

#include "core/json/writer.hpp"

namespace naru::mock {
namespace {

std::string base64(std::string_view bytes) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k) three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : letters[three >> (18 - 6 * k) & 63];
  }
  return out;
}

/// Bytes as a JSON string where they are UTF-8, else as Base64 under `key` + "_base64".
void write_bytes(json::writer& w, const std::string& key, const std::string& bytes) {
  if (simdjson::validate_utf8(bytes.data(), bytes.size()))
    w.field(key, bytes);
  else
    w.field(key + "_base64", base64(bytes));
}

void write_optional(json::writer& w, std::string_view key, const std::optional<std::int64_t>& n) {
  w.key(key);
  n ? w.number(*n) : w.null();
}

void write_entry(json::writer& w, const entry& e) {
  w.begin_object().field("id", e.id).field("connection", e.connection).field("at_unix_ms", e.at_unix_ms);
  w.field("method", e.method).field("target", e.target).field("model", e.model).field("directive", e.directive).field("problem", e.problem);
  w.field("status", e.status);
  write_optional(w, "finished_after_ms", e.finished_after_ms);
  w.field("closed_early", e.closed_after_ms.has_value());
  write_optional(w, "closed_after_ms", e.closed_after_ms);
  write_bytes(w, "head", e.head);
  write_bytes(w, "body", e.body);
  w.end_object();
}

}  // namespace

journal::journal(std::size_t keep, std::filesystem::path record_dir) : keep_(keep), record_dir_(std::move(record_dir)) {
  if (!record_dir_.empty()) std::filesystem::create_directories(record_dir_);
}

std::uint64_t journal::add(std::uint64_t connection, const http_request& r) {
  const std::uint64_t id = next_id_++;
  if (!record_dir_.empty()) record(connection, r.head + r.raw_body);
  if (keep_ == 0) return id;
  entry e;
  e.id = id;
  e.connection = connection;
  e.at = std::chrono::steady_clock::now();
  e.at_unix_ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  e.method = r.method;
  e.target = r.query.empty() ? r.path : r.path + "?" + r.query;
  e.problem = r.malformed;
  e.head = r.head;
  e.body = r.raw_body;
  entries_.push_back(std::move(e));
  if (entries_.size() > keep_) {
    entries_.pop_front();
    ++dropped_;
  }
  return id;
}

entry* journal::find(std::uint64_t id) noexcept {
  if (entries_.empty() || id < entries_.front().id || id > entries_.back().id) return nullptr;
  return &entries_[id - entries_.front().id];
}

void journal::record(std::uint64_t connection, std::string_view bytes) {
  if (record_dir_.empty() || bytes.empty()) return;
  const auto path = record_dir_ / ("connection-" + std::to_string(connection) + ".bin");
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

void journal::clear() {
  entries_.clear();
  dropped_ = 0;
}

std::string journal::to_json(std::uint64_t after, const std::optional<std::string>& model) const {
  std::string out;
  json::writer w(out);
  w.begin_object().key("requests").begin_array();
  for (const auto& e : entries_) {
    if (e.id > after && (!model || e.model == *model)) write_entry(w, e);
  }
  w.end_array().field("dropped", dropped_).end_object();
  return out;
}

}  // namespace naru::mock
