#include "housekeeping.hpp"

#include <ctime>

namespace trading {

namespace {

constexpr i64 turn_ns = 2'000'000; // a ring holds what a port tells in many times that
constexpr u64 watch_turns = 50;

} // namespace

KillSwitch::KillSwitch() {
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

bool KillSwitch::pulled(i64 wait_ns) const {
  const timespec wait{wait_ns / second_ns, wait_ns % second_ns};
  return sigtimedwait(&signals, nullptr, &wait) > 0;
}

void KillSwitch::release() const {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

Housekeeping::Housekeeping(const Run &run, Stages &stages, rck::Journal &journal, const KillSwitch &kill,
                           const Options &options)
    : run(run), stages(stages), journal(journal), kill(kill), options(options), table(run), began_ns(monotonic_ns()) {}

void Housekeeping::loop() {
  for (u64 turn = 1; !stages.drained.load(std::memory_order_acquire); turn++) {
    const bool stopping = stages.stopping.load(std::memory_order_relaxed);
    const i64 passed_ns = monotonic_ns() - began_ns;
    if (!stopping && !options.quiet && static_cast<u64>(passed_ns / second_ns) > seconds) {
      seconds = static_cast<u64>(passed_ns / second_ns);
      table.print(seconds);
    }
    if (stopping)
      std::this_thread::sleep_for(std::chrono::nanoseconds(turn_ns));
    else if (kill.pulled(turn_ns))
      stop(rck::TradingState::halted, "kill switch");
    else if (passed_ns >= static_cast<i64>(options.seconds) * second_ns)
      stop(rck::TradingState::cancel_only, "the day is over");
    if (const auto pumped = journal.pump(); !pumped)
      broken("journal", pumped.status()); // unaudited trading is not what was asked for
    u32 silent = 0;
    if (turn % watch_turns == 0)
      must(run.engine.watch(rck::Time{}, nullptr, 0, silent), "watch");
  }
}

/// First the latch: whatever the threads do, no check that begins from now on passes. Then the rest may take its time.
void Housekeeping::stop(rck::TradingState state, const char *why) {
  const rck::Latch latch{
      .scope = rck::everything, .state = state, .actor = kill_actor, .reason = rck::Text<32>(std::string_view(why))};
  if (const auto set = run.engine.set(latch); !set)
    broken("latch", set.status());
  stages.stopping.store(true, std::memory_order_release);
  kill.release();
  if (options.quiet)
    return;
  std::printf("%s: %s, open orders are being cancelled\n", why,
              state == rck::TradingState::halted ? "everything is halted" : "nothing new");
  std::fflush(stdout);
}

} // namespace trading
