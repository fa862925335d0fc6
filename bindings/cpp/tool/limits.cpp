// Reads limits. What the library would refuse for its form is refused here, where the line is known.
#include "limits.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>

namespace tool {

namespace {

/// What cannot be read in a line.
struct Wrong {
  std::string field, text;
};

/// A number, or a name of the field's family; several with bars if they are bits.
Number number_of_word(const Field &field, std::string_view word) {
  i64 number = 0;
  const auto read = std::from_chars(word.data(), word.data() + word.size(), number);
  if (!word.empty() && read.ec == std::errc() && read.ptr == word.data() + word.size())
    return {static_cast<u64>(number), true};
  if (field.form.kind == Form::one)
    if (const auto known = number_of(field.form.family, word))
      return {static_cast<u64>(*known), true};
  if (field.form.kind != Form::bits)
    throw Wrong{field.name, "what is " + std::string(word) + "?"};
  u64 bits = 0;
  for (std::size_t at = 0; at <= word.size();) {
    const auto bar = std::min(word.find('|', at), word.size());
    const auto known = number_of(field.form.family, word.substr(at, bar - at));
    if (!known)
      throw Wrong{field.name, "what is " + std::string(word.substr(at, bar - at)) + "?"};
    bits |= static_cast<u64>(*known);
    at = bar + 1;
  }
  return {bits, false};
}

void store_text(const Field &field, rck_limit &limit, std::string_view word) {
  const std::string text = from_one_word(word);
  if (text.empty() || text.size() >= field.count)
    throw Wrong{field.name, "takes 1 to " + std::to_string(field.count - 1) + " bytes"};
  std::memcpy(reinterpret_cast<char *>(&limit) + field.offset, text.c_str(), text.size() + 1);
}

void store_word(const Field &field, rck_limit &limit, std::string_view word) {
  if (field.type == RCK_FIELD_CHAR)
    return store_text(field, limit, word);
  u32 index = 0;
  for (std::size_t at = 0; at <= word.size(); index++) {
    const auto comma = std::min(word.find(',', at), word.size());
    if (!store(field, &limit, index, number_of_word(field, word.substr(at, comma - at))))
      throw Wrong{field.name, std::string(word) + " does not fit"};
    at = comma + 1;
  }
}

/// One line's words.
class Line {
public:
  explicit Line(const std::string &line) : text(line.substr(0, line.find("#"))) {}

  /// Nothing: the line is empty.
  std::optional<rck_limit> limit() {
    auto limit = sized<rck_limit>();
    for (std::string word; text >> word && word != "->";) // behind an arrow stands what a table expects
      take(word, limit);
    if (seen.empty())
      return std::nullopt;
    complete(limit);
    check(limit);
    return limit;
  }

private:
  void take(const std::string &word, rck_limit &limit) {
    if (word == "limit_set" && seen.empty())
      return; // a line of riskcheck dump
    const auto equals = word.find('=');
    if (equals == word.npos)
      throw Wrong{word, "is no name=value"};
    std::string name = word.substr(0, equals);
    if (name == "scope")
      name = "scope_kind";
    if (has(name))
      throw Wrong{name, "is there twice"};
    seen.push_back(name);
    if (name == "loosen")
      return; // every limit of a what-if may loosen
    const auto &fields = layout("rck_limit").fields;
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const Field &one) { return one.name == name; });
    if (field == fields.end() || field->is_reserved || name == "limit_id" || name == "generation")
      throw Wrong{name, "a limit has no such field to be set"};
    store_word(*field, limit, std::string_view(word).substr(equals + 1));
  }

  bool has(std::string_view name) const { return std::find(seen.begin(), seen.end(), name) != seen.end(); }

  /// What need not be said.
  void complete(rck_limit &limit) const {
    if (!has("levels"))
      limit.levels =
          (has("warn") ? RCK_LEVEL_WARN : 0) | (has("soft") ? RCK_LEVEL_SOFT : 0) | (has("hard") ? RCK_LEVEL_HARD : 0);
    if (!has("actor"))
      limit.actor = 1;
    if (!has("reason"))
      std::strcpy(limit.reason, "what-if");
  }

  void check(const rck_limit &limit) const {
    for (const char *name : {"control", "scope_kind"})
      if (!has(name))
        throw Wrong{name, "is missing"};
    auto info = sized<rck_control_info>();
    if (rck_control_describe(limit.control, &info) != RCK_OK || info.measures == 0)
      throw Wrong{"control", "takes no limits"};
    const std::string control = info.name;
    if (limit.measure >= 64 || (info.measures >> limit.measure & 1) == 0)
      throw Wrong{"measure", has("measure") ? control + " has no such measure" : "is missing"};
    if (limit.scope_kind >= 32 || (info.scopes >> limit.scope_kind & 1) == 0)
      throw Wrong{"scope_kind", control + " takes no limits there"};
    if (limit.side != 0 && info.sided == 0)
      throw Wrong{"side", control + " takes none"};
    if (limit.order_type != 0 && info.typed == 0)
      throw Wrong{"order_type", control + " takes none"};
  }

  std::istringstream text;
  std::vector<std::string> seen;
};

} // namespace

Failure limit_fault(const std::string &path, u32 line, std::string_view field, std::string_view text) {
  return {misused, path + ":" + std::to_string(line) + ": " + std::string(field) + ": " + std::string(text)};
}

std::vector<GivenLimit> limits_of(const std::string &path) {
  errno = 0;
  std::ifstream file(path);
  std::vector<GivenLimit> found;
  std::string text;
  for (u32 line = 1; std::getline(file, text); line++) {
    try {
      if (const auto limit = Line(text).limit())
        found.push_back({*limit, line});
    } catch (const Wrong &wrong) {
      throw limit_fault(path, line, wrong.field, wrong.text);
    }
  }
  if (!file.is_open() || file.bad())
    throw Failure{unreadable, path + ": " + std::strerror(errno != 0 ? errno : EIO)};
  if (found.empty())
    throw Failure{misused, path + ": there is no limit in it"};
  return found;
}

} // namespace tool
