// One line for each thing that must hold, which Tests/journal/run counts, and what the hosts of the journal's tests
// share: structs with their size, a seeded sequence, a folder in memory.
#ifndef RCK_JOURNAL_CHECKS_HPP
#define RCK_JOURNAL_CHECKS_HPP

#include "../isolation/host.h"
#include "text.hpp"
#include <string>
#include <unistd.h>
#include <vector>

template <class Record> Record sized() {
  Record record{};
  record.struct_size = sizeof record;
  return record;
}

// What was tried under one name: how often, and the first few things that did not hold.
class Tally {
public:
  explicit Tally(std::string what) : name(std::move(what)) {}
  Tally(const Tally &) = delete;
  Tally &operator=(const Tally &) = delete;

  void fault(const std::string &what) {
    if (faults++ < 6)
      details += "\n     " + what;
  }
  uint64_t tried = 0, faults = 0;

  // Prints the line; 1 if something did not hold, or nothing was tried.
  int close(const std::string &figures = "") {
    const std::string counted = text("%llu tried", static_cast<unsigned long long>(tried));
    const bool held = faults == 0 && tried != 0;
    printf("%s %s (%s%s)", held ? "ok  " : "FAIL", name.c_str(), counted.c_str(),
           figures.empty() ? "" : (", " + figures).c_str());
    if (!held)
      printf("\n     %llu did not hold%s", static_cast<unsigned long long>(faults), details.c_str());
    printf("\n");
    fflush(stdout);
    return held ? 0 : 1;
  }

private:
  std::string name, details;
};

class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  uint64_t next() { return drawn(&state); }
  // 0 to count - 1.
  uint64_t below(uint64_t count) { return next() % count; }
  bool once_in(uint64_t count) { return below(count) == 0; }

private:
  uint64_t state;
};

// Whether a word is among the arguments.
inline bool has_word(int count, char **words, const char *word) {
  for (int at = 1; at < count; at++)
    if (strcmp(words[at], word) == 0)
      return true;
  return false;
}

inline std::string plant_of(int count, char **words) {
  for (int at = 1; at < count; at++)
    if (strncmp(words[at], "planted=", 8) == 0)
      return words[at] + 8;
  return "";
}

#endif
