// The fields of the public structs, as rck_layout tells them, so that every field is printed and none is forgotten,
// and how the numbers of each are written.
#pragma once

#include "names.hpp"

#include <vector>

namespace tool {

/// How a number is written.
struct Form {
  enum Kind { number, one, bits, controls, status, text, real } kind = number;
  Family family = {};
};

struct Field {
  std::string name;
  u32 offset, bytes, count, type;
  Form form;
  bool is_reserved; // or struct_size
};

struct Layout {
  std::string name;
  u32 bytes = 0;
  std::vector<Field> fields;
};

/// The layout of a struct of the header, by its name.
const Layout &layout(std::string_view record);

/// A number of either sign. Unsigned ones may be above 2^63.
struct Number {
  u64 bits;
  bool is_signed;
  bool operator==(const Number &) const = default;
};
std::string text(Number number);

Number number_at(const Field &field, const void *record, u32 index = 0);
/// False: it does not fit.
bool store(const Field &field, void *record, u32 index, Number number);
bool is_zero(const Field &field, const void *record);

/// A name, which ends at its zero byte.
std::string_view chars_at(const Field &field, const void *record);

/// The form of a field in this very record: what a limit refers to depends on its control.
Form form_of(const Layout &layout, const Field &field, const void *record);

/// A number in words; where there are none, the number.
std::string words(Form form, Number number);

/// A field in words, elements with commas, without the zeros at their end; texts as one word: see `one_word`.
std::string words(const Layout &layout, const Field &field, const void *record);

/// Blanks and what tables read as something else, as % and two digits; and back.
std::string one_word(std::string_view text);
std::string from_one_word(std::string_view word);

} // namespace tool
