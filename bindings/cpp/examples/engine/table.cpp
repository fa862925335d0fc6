#include "table.hpp"
#include "words.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace trading {

namespace {

constexpr const char *indent = "         ";

/// Columns of the terminal; 0: there is none.
std::size_t columns() {
  winsize size{};
  if (isatty(STDOUT_FILENO) != 1)
    return 0;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

} // namespace

void Table::print(u64 seconds) {
  const std::vector<std::string> block = lines(seconds);
  const std::size_t width = columns();
  if (width != 0 && !first)
    std::printf("\x1b[%zuA", block.size());
  for (const std::string &line : block)
    if (width != 0)
      std::printf("%s\x1b[K\n", line.substr(0, width - 1).c_str());
    else
      std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  first = false;
}

std::vector<std::string> Table::lines(u64 seconds) {
  rck::Statistics statistics;
  must(run.engine.get(RCK_ALL_PORTS, statistics), "statistics");
  const rck::BookInfo book = account_book(run.engine);
  const u64 rate = statistics.checks - checks;
  checks = statistics.checks;
  const std::string number = std::to_string(seconds);
  std::string numbers = std::string(number.size() < 4 ? 4 - number.size() : 0, ' ') + number + " s   ";
  numbers += grouped(rate) + " checks/s, " + grouped(statistics.checks - statistics.refused) + " accepted, " +
             grouped(statistics.refused) + " refused, " + grouped(static_cast<u64>(book.orders)) + " open, P&L " +
             money(book.day_total.get()) + " (realised " + money(book.realised.get()) + "), " +
             grouped(run.feed.ticks.get()) + " ticks";
  std::string times = indent;
  times += "check p50 " + duration(run.check_ns(0.5)) + ", p99 " + duration(run.check_ns(0.99)) + ", p99.9 " +
           duration(run.check_ns(0.999)) + "; to the venue and back p50 " + duration(run.round_trip_ns(0.5)) +
           ", p99 " + duration(run.round_trip_ns(0.99));
  std::string positions = indent;
  for (u32 id = 1; id <= run.instruments(); id++)
    positions += run.market.products()[id].name + " " +
                 signed_text(position_of(run.engine, account, rck::StrategyId{}, id).net.get()) + "   ";
  return {numbers, times, indent + ("refused by " + refused_by(statistics)), positions};
}

std::string refused_by(const rck::Statistics &statistics) {
  std::string text;
  for (u32 control = 0; control < statistics.refused_by.size(); control++) {
    if (statistics.refused_by[control] == 0)
      continue;
    const auto info = rck::describe(static_cast<rck::Control>(control));
    text += (text.empty() ? "" : ", ") + (info ? std::string(info->name.view()) : std::string("no control")) + " " +
            grouped(statistics.refused_by[control]);
  }
  return text.empty() ? "none" : text;
}

rck::BookInfo account_book(const rck::Engine &engine) {
  rck::BookInfo book{.scope = rck::of(account)};
  must(engine.get(book), "book");
  return book;
}

rck::PositionInfo position_of(const rck::Engine &engine, rck::AccountId account, rck::StrategyId strategy,
                              u32 instrument) {
  rck::PositionInfo row{.account = account, .strategy = strategy, .instrument = rck::InstrumentId(instrument)};
  const rck::Status status = engine.get(row);
  if (status != RCK_E_UNKNOWN)
    must(status, "position");
  return row;
}

} // namespace trading
