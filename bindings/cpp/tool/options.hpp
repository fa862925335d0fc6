// What stands on the command line, and the commands there are.
#pragma once

#include "failure.hpp"

#include <optional>
#include <vector>

namespace tool {

struct Options {
  std::string path;                      // the region's file, or the journal's directory
  bool is_json = false, follows = false; // --json, --follow
  std::optional<u64> lines = 10;         // --lines; nothing: all
  std::optional<u64> differences = 10;   // --differences; nothing: all
  std::string limits;                    // --limits
  std::string from;                      // --from: a snapshot's directory; empty: the journal's beginning
};

/// One of the tool's commands: what it is called, and what it gives as exit status.
struct Command {
  std::string_view name;
  std::string_view takes; // its path, then its options
  std::string_view says;
  int (*run)(const Options &);
};

/// The options of a command; throws a Failure whose exit status is `misused`.
Options options_of(const Command &command, const std::vector<std::string_view> &words);

int show_state(const Options &options);
int tail_journal(const Options &options);
int verify_journal(const Options &options);
int replay_journal(const Options &options);
int ask_what_if(const Options &options);
int dump_journal(const Options &options);

} // namespace tool
