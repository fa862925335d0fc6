// The gateway: the one place through which orders leave and facts come in. It sends on what strategies were allowed,
// tells the engine what the venue says, and then the strategy; at the end it cancels what is open.
//
// Facts go through its own port, before the strategy hears of them. Any port may report on any order, so a fill need
// not wait for a strategy that is busy or has died: by the time that anybody decides upon it, every check knows it.
// It marks positions too. One port that books every fact also keeps a journal of many writers exactly repeatable: what
// a mark or a fill does to a position depends on which came first, and within a port that is known.
#pragma once

#include "histogram.hpp"
#include "id_table.hpp"
#include "shared.hpp"

namespace trading {

struct GatewayCounts {
  Counter sent, fills, late, repeats, rejected, cancelled, cancels_refused, amended, amends_refused, expired;
  Counter unexpected; // answers of the engine that should not be: told in the report, and a failure
  Counter swept;      // orders that were open at the end
};

class Gateway {
public:
  Gateway(rck::Port &port, const rck::Engine &engine, Rings &rings, Stages &stages, Prices &prices)
      : port(port), engine(engine), rings(rings), stages(stages), prices(prices) {}

  /// Until nothing is open and the venue has logged us out.
  void run();
  const GatewayCounts &counts() const { return counted; }
  const Histogram &round_trips() const { return round_trip; }
  /// Quantities as the engine has applied them, which must be the venue's. Once it has ended.
  i64 applied(u32 strategy, u32 instrument) const { return sums[strategy][instrument]; }
  /// The price of the last mark; 0: none.
  i64 marked(u32 instrument) const { return marks[instrument]; }
  /// How often it went through the open orders at the end.
  u32 tries() const { return sweeps; }

private:
  struct Known {
    u64 token;
    i64 sent_ns;
  };
  enum class Stage { trading, cancelling, logging_out, ended };

  bool forward();
  void apply(const Report &report);
  bool fill(const Report &report);
  void release(const Report &report, rck::ReleaseReason reason);
  void expect(rck::Status status, bool fact);
  void count_cancel(rck::Token token, rck::OrderId id);
  void mark();
  void finish();
  void sweep();
  u64 token_of(u64 order_id);

  rck::Port &port;
  const rck::Engine &engine;
  Rings &rings;
  Stages &stages;
  Prices &prices;
  IdTable<Known> orders{4'096};
  std::array<std::array<i64, instruments_max + 1>, strategies + 1> sums{};
  std::array<i64, instruments_max + 1> marks{};
  std::array<bool, instruments_max + 1> moved{}; // by a fill, and not marked since
  i64 next_mark_ns = 0;
  u64 unanswered = 0; // cancels on their way
  u32 sweeps = 0;
  Stage stage = Stage::trading;
  GatewayCounts counted;
  Histogram round_trip;
};

} // namespace trading
