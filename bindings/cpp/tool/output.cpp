// Standard output, and the forms that things have there.
#include "output.hpp"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>

namespace tool {

namespace {

[[noreturn]] void cannot_print() { throw Failure{failed, std::string("standard output: ") + std::strerror(errno)}; }

} // namespace

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
    cannot_print();
}

void flush() {
  if (std::fflush(stdout) != 0)
    cannot_print();
}

std::string time_text(i64 time_ns) {
  using namespace std::chrono;
  const auto time = sys_time<nanoseconds>(nanoseconds(time_ns));
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%09lldZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<long long>(clock.subseconds().count()));
  return text;
}

void Json::separate() {
  if (!is_first)
    text += ',';
  is_first = false;
}

Json &Json::open(char bracket) {
  separate();
  text += bracket;
  is_first = true;
  return *this;
}

Json &Json::close(char bracket) {
  text += bracket;
  is_first = false;
  return *this;
}

Json &Json::key(std::string_view name) {
  value(name);
  text += ':';
  is_first = true; // its value follows without a comma
  return *this;
}

Json &Json::value(std::string_view given) {
  separate();
  text += '"';
  for (const char character : given) {
    const auto byte = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
      text += '\\';
      text += character;
    } else if (byte < ' ') {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", byte);
      text += code;
    } else {
      text += character;
    }
  }
  text += '"';
  return *this;
}

Json &Json::raw(std::string_view json) {
  separate();
  text += json;
  return *this;
}

std::string Json::part() {
  std::string part = std::move(text);
  text.clear();
  return part;
}

std::string Json::line() {
  std::string whole = std::move(text) + "\n";
  text.clear();
  is_first = true;
  return whole;
}

} // namespace tool
