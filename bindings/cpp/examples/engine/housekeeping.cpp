#include "housekeeping.hpp"
#include "words.hpp"

#include <ctime>
#include <unistd.h>

namespace trading {

namespace {

constexpr i64 second_ns = 1'000'000'000;
constexpr i64 turn_ns = 2'000'000; // a ring holds what a port tells in many times that
constexpr u64 watch_turns = 50;
constexpr int table_lines = 4;

} // namespace

KillSwitch::KillSwitch() {
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

int KillSwitch::pulled(i64 wait_ns) const {
  const timespec wait{wait_ns / second_ns, wait_ns % second_ns};
  const int signal = sigtimedwait(&signals, nullptr, &wait);
  return signal < 0 ? 0 : signal;
}

void KillSwitch::release() const {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

Housekeeping::Housekeeping(const Run &run, Stages &stages, rck::Journal &journal, const KillSwitch &kill,
                           const Options &options)
    : run(run), stages(stages), journal(journal), kill(kill), options(options), began_ns(monotonic_ns()),
      terminal(isatty(STDOUT_FILENO) == 1) {}

void Housekeeping::loop() {
  for (u64 turn = 1; !stages.drained.load(std::memory_order_acquire); turn++) {
    const bool stopping = stages.stopping.load(std::memory_order_relaxed);
    if (stopping)
      std::this_thread::sleep_for(std::chrono::nanoseconds(turn_ns));
    else if (const int signal = kill.pulled(turn_ns)) {
      killed_by = signal;
      stop(rck::TradingState::halted, "kill switch");
      kill.release();
    } else if (monotonic_ns() - began_ns >= static_cast<i64>(options.seconds) * second_ns) {
      stop(rck::TradingState::cancel_only, "the day is over");
      kill.release();
    }
    if (const auto pumped = journal.pump(); !pumped)
      broken("journal", pumped.status()); // unaudited trading is not what was asked for
    u32 silent = 0;
    if (turn % watch_turns == 0)
      must(run.engine.watch(rck::Time{}, nullptr, 0, silent), "watch");
    const u64 passed = static_cast<u64>((monotonic_ns() - began_ns) / second_ns);
    if (passed > seconds && !stopping) {
      seconds = passed;
      print_table();
    }
  }
}

/// First the latch: whatever the threads do, no check that begins from now on passes. Then the rest may take its time.
void Housekeeping::stop(rck::TradingState state, const char *why) {
  const rck::Latch latch{
      .scope = rck::everything, .state = state, .actor = kill_actor, .reason = rck::Text<32>(std::string_view(why))};
  if (const auto set = run.engine.set(latch); !set)
    broken("latch", set.status());
  stages.stopping.store(true, std::memory_order_release);
  if (options.quiet)
    return;
  std::printf("%s: %s, open orders are being cancelled\n", why,
              state == rck::TradingState::halted ? "everything is halted" : "nothing new");
  std::fflush(stdout);
}

void Housekeeping::print_table() {
  rck::Statistics statistics;
  must(run.engine.get(RCK_ALL_PORTS, statistics), "statistics");
  const rck::BookInfo book = account_book(run.engine);
  const u64 rate = statistics.checks - checks_before;
  checks_before = statistics.checks;
  if (options.quiet)
    return;
  const char *end = terminal ? "\x1b[K\n" : "\n";
  if (terminal && seconds > 1)
    std::printf("\x1b[%dA", table_lines);
  std::printf("%4llu s   %s ticks, %s checks/s, %s accepted, %s refused, %lld open, P&L %s (realised %s)%s",
              static_cast<unsigned long long>(seconds), grouped(run.feed.ticks.get()).c_str(), grouped(rate).c_str(),
              grouped(statistics.checks - statistics.refused).c_str(), grouped(statistics.refused).c_str(),
              static_cast<long long>(book.orders), money(book.day_total.get()).c_str(),
              money(book.realised.get()).c_str(), end);
  std::printf("         check p50 %s, p99 %s, p99.9 %s; order to acknowledgement p50 %s, p99 %s%s",
              duration(run.check_ns(0.5)).c_str(), duration(run.check_ns(0.99)).c_str(),
              duration(run.check_ns(0.999)).c_str(), duration(run.round_trip_ns(0.5)).c_str(),
              duration(run.round_trip_ns(0.99)).c_str(), end);
  std::printf("         refused by %s%s", refused_by(statistics).c_str(), end);
  std::string positions;
  for (u32 id = 1; id <= run.instruments(); id++)
    positions += "   " + run.market.products()[id].name + " " +
                 signed_text(position_of(run.engine, account, rck::StrategyId{}, id).net.get());
  std::printf("      %s%s", positions.c_str(), end);
  std::fflush(stdout);
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
