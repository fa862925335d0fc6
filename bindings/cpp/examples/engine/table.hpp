// The table of a run: one block a second. On a terminal each takes the place of the one before, and no line is longer
// than that is wide; elsewhere they follow each other.
#pragma once

#include "run.hpp"

#include <string>
#include <vector>

namespace trading {

class Table {
public:
  explicit Table(const Run &run) : run(run) {}
  /// Since the run began.
  void print(u64 seconds);

private:
  std::vector<std::string> lines(u64 seconds);

  const Run &run;
  u64 checks = 0;    // at the last block
  bool first = true; // nothing to take the place of
};

/// The controls that have refused something: "price collar 3, message rate 12".
std::string refused_by(const rck::Statistics &statistics);
rck::BookInfo account_book(const rck::Engine &engine);
/// Zero if there is no such row yet. Of the account, or with account 0 of the strategy.
rck::PositionInfo position_of(const rck::Engine &engine, rck::AccountId account, rck::StrategyId strategy,
                              u32 instrument);

} // namespace trading
