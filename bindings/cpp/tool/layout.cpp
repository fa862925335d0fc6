// Structs as rck_layout tells them, and the way from their bytes to words.
#include "layout.hpp"

#include <bit>
#include <charconv>
#include <cstring>
#include <map>

namespace tool {

namespace {

Form one(Family family) { return {Form::one, family}; }

/// The form of fields that have this name in whatever record.
Form form_by_name(std::string_view field) {
  static const std::map<std::string_view, Form> forms = {
      {"status", {Form::status}},
      {"failed", {Form::controls}},
      {"control", one(controls)},
      {"measure", one(measures)},
      {"scope_kind", one(scopes)},
      {"severity", one(severities)},
      {"action", one(actions)},
      {"actions", one(actions)},
      {"side", one(sides)},
      {"type", one(types)},
      {"order_type", one(types)},
      {"time_in_force", one(forces)},
      {"reference", one(references)},
      {"state", one(states)},
      {"breaker", one(breakers)},
      {"levels", {Form::bits, levels}},
      {"permissions", {Form::bits, permissions}},
  };
  const auto found = forms.find(field);
  return found == forms.end() ? Form{} : found->second;
}

/// Of fields whose meaning is the record's own.
Form form_by_both(std::string_view record, std::string_view field) {
  if (field == "kind")
    return record == "rck_report" ? one(reports) : record == "rck_group" ? one(groups) : Form{};
  if (field == "state" && record == "rck_health_info")
    return one(healths);
  if (field == "state" && record == "rck_violation")
    return one(violations);
  if (field != "flags")
    return form_by_name(field);
  if (record == "rck_order")
    return {Form::bits, order_flags};
  if (record == "rck_verdict")
    return {Form::bits, verdict_flags};
  if (record == "rck_limit")
    return {Form::bits, limit_flags};
  if (record == "rck_account" || record == "rck_strategy" || record == "rck_instrument")
    return {Form::bits, definition_flags};
  if (record == "rck_verify_info" || record == "rck_journal_cursor")
    return {Form::bits, journal_flags};
  return {};
}

std::map<std::string, Layout, std::less<>> all_layouts() {
  std::map<std::string, Layout, std::less<>> found;
  auto told = sized<rck_field>();
  for (u32 index = 0; rck_layout(index, &told) == RCK_OK; index++) {
    Layout &layout = found[told.record];
    layout.name = told.record;
    layout.bytes = told.record_bytes;
    const bool is_reserved = std::strncmp(told.name, "reserved", 8) == 0 || std::strcmp(told.name, "struct_size") == 0;
    const Form form = told.type == RCK_FIELD_CHAR ? Form{Form::text} : form_by_both(told.record, told.name);
    layout.fields.push_back({told.name, told.offset, told.bytes, told.count, told.type, form, is_reserved});
  }
  return found;
}

bool is_signed(u32 type) {
  return type == RCK_FIELD_INT8 || type == RCK_FIELD_INT16 || type == RCK_FIELD_INT32 || type == RCK_FIELD_INT64;
}

std::string words_of_controls(u64 bits) {
  std::string text;
  for (u32 control = 1; control <= 32; control++) {
    if ((bits >> (control - 1) & 1) == 0)
      continue;
    const auto word = word_of(controls, control);
    if (word.empty())
      return std::to_string(bits);
    text += (text.empty() ? "" : "|") + std::string(word);
  }
  return text.empty() ? "0" : text;
}

} // namespace

const Layout &layout(std::string_view record) {
  static const auto layouts = all_layouts();
  const auto found = layouts.find(record);
  if (found == layouts.end())
    throw Failure{failed, "the library knows no " + std::string(record)};
  return found->second;
}

std::string text(Number number) {
  return number.is_signed ? std::to_string(static_cast<i64>(number.bits)) : std::to_string(number.bits);
}

Number number_at(const Field &field, const void *record, u32 index) {
  u64 bits = 0; // x86-64 is little-endian: the low bytes come first
  std::memcpy(&bits, static_cast<const char *>(record) + field.offset + index * field.bytes, field.bytes);
  const u32 unused = 64 - 8 * field.bytes;
  if (is_signed(field.type))
    bits = static_cast<u64>(static_cast<i64>(bits << unused) >> unused);
  return {bits, is_signed(field.type)};
}

bool store(const Field &field, void *record, u32 index, Number number) {
  if (index >= field.count)
    return false;
  char *target = static_cast<char *>(record) + field.offset + index * field.bytes;
  std::memcpy(target, &number.bits, field.bytes);
  const Number stored = number_at(field, record, index);
  const bool keeps_sign = number.is_signed == stored.is_signed || static_cast<i64>(number.bits) >= 0;
  return stored.bits == number.bits && keeps_sign;
}

bool is_zero(const Field &field, const void *record) {
  const char *start = static_cast<const char *>(record) + field.offset;
  for (u32 at = 0; at < field.bytes * field.count; at++)
    if (start[at] != 0)
      return false;
  return true;
}

std::string_view chars_at(const Field &field, const void *record) {
  const char *start = static_cast<const char *>(record) + field.offset;
  return {start, strnlen(start, field.count)};
}

Form form_of(const Layout &layout, const Field &field, const void *record) {
  if (layout.name != "rck_limit" || field.name != "reference")
    return field.form;
  const u32 control = static_cast<const rck_limit *>(record)->control;
  return control == RCK_CONTROL_COLLAR ? field.form : Form{};
}

std::string words(Form form, Number number) {
  const auto known = [&](std::string_view word) { return word.empty() ? text(number) : std::string(word); };
  switch (form.kind) {
  case Form::one:
    return known(word_of(form.family, static_cast<i64>(number.bits)));
  case Form::bits:
    return number.bits == 0 ? "0" : words_of_bits(form.family, number.bits);
  case Form::controls:
    return words_of_controls(number.bits);
  case Form::status: {
    const std::string name = rck_status_name(static_cast<rck_status>(number.bits));
    return name.starts_with("RCK_") ? name.substr(4) : text(number);
  }
  case Form::real: {
    char digits[32]; // the shortest that are this number and no other
    return {digits, std::to_chars(digits, digits + sizeof digits, std::bit_cast<double>(number.bits)).ptr};
  }
  default:
    return text(number);
  }
}

std::string words(const Layout &layout, const Field &field, const void *record) {
  if (field.type == RCK_FIELD_CHAR)
    return one_word(chars_at(field, record));
  u32 count = field.count;
  while (count > 1 && number_at(field, record, count - 1).bits == 0)
    count--;
  const Form form = form_of(layout, field, record);
  std::string joined;
  for (u32 index = 0; index < count; index++)
    joined += (index == 0 ? "" : ",") + words(form, number_at(field, record, index));
  return joined;
}

std::string one_word(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string word;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte > ' ' && byte != 0x7f && character != '%' && character != '>' && character != '#')
      word += character;
    else
      word += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return word;
}

std::string from_one_word(std::string_view word) {
  const auto digit = [](char character) {
    return character >= '0' && character <= '9'   ? character - '0'
           : character >= 'a' && character <= 'f' ? character - 'a' + 10
           : character >= 'A' && character <= 'F' ? character - 'A' + 10
                                                  : -1;
  };
  std::string text;
  for (std::size_t at = 0; at < word.size(); at++) {
    const bool is_coded =
        word[at] == '%' && at + 2 < word.size() && digit(word[at + 1]) >= 0 && digit(word[at + 2]) >= 0;
    text += is_coded ? static_cast<char>(digit(word[at + 1]) << 4 | digit(word[at + 2])) : word[at];
    at += is_coded ? 2 : 0;
  }
  return text;
}

} // namespace tool
