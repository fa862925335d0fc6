#include "options.hpp"

#include <charconv>
#include <string_view>

namespace trading {

const char *const usage = R"(engine [--data FILE] [--seed N] [--seconds N] [--journal DIR] [--quiet]

Two strategies trade against a simulated venue, every order checked by riskcheck on its way.

  --data FILE    market data: one-minute bars (timestamp,open,high,low,close,volume) or quotes (date time, bid, ask,
                 size), played within the time of the run; without it the market is made up
  --seed N       of the market that is made up, and of the venue: 0 to 2^64 - 1, or else 1
  --seconds N    how long it trades: 1 to 86400, or else 5
  --journal DIR  keeps the journal, in a folder that is made if it is not there
  --quiet        prints only whether everything agrees at the end
  --help         prints this

Ctrl-C is the kill switch: everything is halted, what is open is cancelled, and the report follows. Once more ends at
once. The status is 0 if the engine and the venue agree at the end, 1 if not, 2 for options or data that cannot be used.
)";

namespace {

u64 number(std::string_view option, std::string_view text, u64 least, u64 most) {
  u64 value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
    throw Fault{std::string(option) + " takes a number from " + std::to_string(least) + " to " + std::to_string(most) +
                ", not \"" + std::string(text) + "\""};
  return value;
}

} // namespace

Options options_of(int count, char **words) {
  Options options;
  for (int at = 1; at < count; at++) {
    const std::string_view option = words[at];
    if (option == "--quiet") {
      options.quiet = true;
      continue;
    }
    if (option == "--help") {
      options.help = true;
      continue;
    }
    if (option != "--data" && option != "--seed" && option != "--seconds" && option != "--journal")
      throw Fault{"there is no option \"" + std::string(option) + "\""};
    if (at + 1 == count || words[at + 1][0] == 0)
      throw Fault{std::string(option) + " needs a value"};
    const std::string_view value = words[++at];
    if (option == "--data")
      options.data = value;
    else if (option == "--journal")
      options.journal = value;
    else if (option == "--seed")
      options.seed = number(option, value, 0, UINT64_MAX);
    else
      options.seconds = number(option, value, 1, 86'400);
  }
  return options;
}

} // namespace trading
