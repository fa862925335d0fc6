// What goes to standard output: text, JSON, times. It knows nothing of records.
#pragma once

#include "failure.hpp"

namespace tool {

/// Writes to standard output; throws when that takes no more.
void print(std::string_view text);
void flush();

/// 2023-11-14T22:13:20.000000001Z
std::string time_text(i64 time_ns);

/// JSON put together from left to right: one line, integers exact.
class Json {
public:
  Json &open(char bracket);
  Json &close(char bracket);
  Json &key(std::string_view name);
  Json &value(std::string_view text);
  Json &value(const char *text) { return value(std::string_view(text)); }
  Json &value(i64 number) { return raw(std::to_string(number)); }
  Json &value(u64 number) { return raw(std::to_string(number)); }
  Json &value(u32 number) { return raw(std::to_string(number)); }
  Json &value(bool holds) { return raw(holds ? "true" : "false"); }
  /// Text that is JSON already.
  Json &raw(std::string_view json);

  template <typename Value> Json &pair(std::string_view name, Value given) { return key(name).value(given); }

  /// What there is of the line as yet; it goes on behind that.
  std::string part();
  /// The line to its end; it is empty again.
  std::string line();

private:
  void separate();
  std::string text;
  bool is_first = true;
};

} // namespace tool
