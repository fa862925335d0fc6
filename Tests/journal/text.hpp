// A line of text from a form, as printf makes it.
#ifndef RCK_JOURNAL_TEXT_HPP
#define RCK_JOURNAL_TEXT_HPP

#include <cstdarg>
#include <cstdio>
#include <string>

__attribute__((format(printf, 1, 2))) inline std::string text(const char *form, ...) {
  char line[512];
  va_list list;
  va_start(list, form);
  vsnprintf(line, sizeof line, form, list);
  va_end(list);
  return line;
}

#endif
