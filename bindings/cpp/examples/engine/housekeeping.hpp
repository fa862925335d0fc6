// What goes on beside the trading, in the first thread: the journal is written, silent ports are watched for, the table
// is printed, and the end begins: when the time is over, or when somebody pulls the kill switch.
#pragma once

#include "table.hpp"

#include <csignal>

namespace trading {

/// Signals that pull the kill switch. Blocked in every thread, they wait until housekeeping takes them: nothing runs
/// inside a handler.
class KillSwitch {
public:
  /// To be made before any thread is.
  KillSwitch();
  /// Whether a signal comes within this time.
  bool pulled(i64 wait_ns) const;
  /// From now on a signal ends the process at once, wherever its threads are. The journal has what was pumped.
  void release() const;

private:
  sigset_t signals;
};

class Housekeeping {
public:
  Housekeeping(const Run &run, Stages &stages, rck::Journal &journal, const KillSwitch &kill, const Options &options);

  /// Until the venue has said all.
  void loop();

private:
  void stop(rck::TradingState state, const char *why);

  const Run &run;
  Stages &stages;
  rck::Journal &journal;
  const KillSwitch &kill;
  const Options &options;
  Table table;
  i64 began_ns;
  u64 seconds = 0;
};

} // namespace trading
