// Kinds of records: what each has in its first line and in the lines behind it. Nothing here prints.
#pragma once

#include "layout.hpp"

#include <array>

namespace tool {

/// A number in the subject or in a value of a record's first line.
struct Part {
  std::string_view name = {};
  enum Source : std::uint8_t { subject, first, second } source = subject;
  Form form = {};
  std::uint8_t shift = 0, bits = 64;
};

/// How the line of a conformance table is made of a record.
enum class Line : std::uint8_t {
  none,    // it has none
  checked, // an order
  leg,     // an order of the batch before it
  legs,    // the batch
  amended, // an order, and the one that it names
  filled,  // a report
  named,   // arguments, and the order that they name
  given,   // a struct
  called,  // arguments
};

struct Kind {
  u16 number;
  std::string_view name;
  std::array<Part, 4> parts = {};
  std::string_view body = {}; // the struct behind the first line
  bool has_verdict = false;   // and one behind that
  Line line = Line::none;
  std::string_view verb = {}; // of that line
};

/// The kind of this number; nullptr: a host's own, or none that is known.
const Kind *kind_of(u16 number);
std::string name_of_kind(u16 number);

/// A record: its first line, in memory that holds all its lines.
class Record {
public:
  explicit Record(const rck_event *event);

  const rck_event &event() const { return *first; }
  const Kind *kind() const { return known; }
  std::string name() const { return name_of_kind(first->kind); }

  /// nullptr: the record has none.
  const void *body() const;
  const rck_verdict *verdict() const;
  template <typename Struct> const Struct &as() const { return *static_cast<const Struct *>(body()); }

  Number number(const Part &part) const;
  const Part *part(std::string_view name) const;
  /// What came of the command, where a status is told.
  std::optional<rck_status> status() const;
  /// 0: it is about no order.
  u64 order_id() const;
  bool is_overlapped() const;
  u32 severity() const; // without RCK_TOLD_OVERLAPPED

private:
  u32 body_lines() const;
  const rck_event *first;
  const Kind *known;
};

} // namespace tool
