// Words of the command line become options, or are told to be none.
#include "options.hpp"

#include <charconv>

namespace tool {

namespace {

[[noreturn]] void misuse(const Command &command, const std::string &text) {
  throw Failure{misused, std::string(command.name) + ": " + text + "\nusage: riskcheck " + std::string(command.name) +
                             " " + std::string(command.takes)};
}

/// A number, or nothing for `all`.
std::optional<u64> count_of(const Command &command, std::string_view option, std::string_view word) {
  if (word == "all")
    return std::nullopt;
  u64 number = 0;
  const auto read = std::from_chars(word.data(), word.data() + word.size(), number);
  if (word.empty() || read.ec != std::errc() || read.ptr != word.data() + word.size() || number > UINT32_MAX)
    misuse(command, std::string(option) + " takes a number or all, not " + std::string(word));
  return number;
}

/// Words one after the other, and the value that an option has behind it.
class Words {
public:
  Words(const Command &command, const std::vector<std::string_view> &words) : command(command), words(words) {}

  bool are_left() const { return at < words.size(); }

  /// The next option or path; a value that was joined to an option waits.
  std::string_view next() {
    word = words[at++];
    joined.reset();
    const auto equals = word.find('=');
    if (word.starts_with("--") && equals != word.npos) {
      joined = word.substr(equals + 1);
      word = word.substr(0, equals);
    }
    return word;
  }

  std::string_view value() {
    if (!joined && at == words.size())
      misuse(command, std::string(word) + " takes a value");
    return joined ? *joined : words[at++];
  }

  void must_have_no_value() const {
    if (joined)
      misuse(command, std::string(word) + " takes no value");
  }

private:
  const Command &command;
  const std::vector<std::string_view> &words;
  std::size_t at = 0;
  std::string_view word;
  std::optional<std::string_view> joined;
};

void take_path(const Command &command, Options &options, std::string_view word) {
  if (!options.path.empty())
    misuse(command, "one path is enough, what is " + std::string(word) + "?");
  if (word.empty())
    misuse(command, "the path is empty");
  options.path = word;
}

} // namespace

Options options_of(const Command &command, const std::vector<std::string_view> &words) {
  const auto takes = [&](std::string_view option) { return command.takes.find(option) != std::string_view::npos; };
  Options options;
  Words given(command, words);
  bool only_paths = false;
  while (given.are_left()) {
    const std::string_view word = given.next();
    if (only_paths || !word.starts_with('-') || word == "-")
      take_path(command, options, word);
    else if (word == "--")
      only_paths = true;
    else if (!takes(word))
      misuse(command, "no option " + std::string(word));
    else if (word == "--lines")
      options.lines = count_of(command, word, given.value());
    else if (word == "--differences")
      options.differences = count_of(command, word, given.value());
    else if (word == "--limits")
      options.limits = given.value();
    else if (word == "--from") {
      options.from = given.value();
      if (options.from.empty())
        misuse(command, "the path of --from is empty");
    } else {
      given.must_have_no_value();
      (word == "--json" ? options.is_json : options.follows) = true;
    }
  }
  if (options.path.empty())
    misuse(command, "what of? A path is missing");
  if (takes("--limits") && options.limits.empty())
    misuse(command, "--limits is missing");
  return options;
}

} // namespace tool
