// What any strategy does with its port: asks before it sends, passes on what was allowed, and reacts to what was not.
// An idea (reversion.hpp, momentum.hpp) says what is wanted at each tick. It is one thread's, and allocates nothing
// once it runs.
#pragma once

#include "histogram.hpp"
#include "id_table.hpp"
#include "market.hpp"
#include "shared.hpp"

namespace trading {

// Of averages: parts of half a step that they are kept in, and ticks before one is believed.
inline constexpr i64 scale = 256;
inline constexpr u64 learning_ticks = 128;

struct TraderCounts {
  Counter accepted, refused, held_back; // held back: no headroom, or told to wait
  Counter unsent;                       // allowed, but the gateway's ring was full: released
  Counter amended, amends_refused, cancels, fills, late;
};

class Trader {
public:
  Trader(rck::StrategyId id, rck::Port port, const Market &market, Rings &rings, Stages &stages);
  virtual ~Trader() = default;
  Trader(const Trader &) = delete;
  Trader &operator=(const Trader &) = delete;

  /// Until the venue has said all.
  void run();
  const TraderCounts &counts() const { return counted; }
  /// How long checks took, two reads of the clock with them.
  const Histogram &checks() const { return check_times; }
  /// Once it has ended: whether it traded to the end, or what it was told before.
  const char *standing() const;
  /// As it was told of fills. Once it has ended.
  i64 net(u32 instrument) const { return rows[instrument].net; }

protected:
  /// One of its orders that the venue has, or will have.
  struct Working {
    u64 token;
    Request terms;
    i64 cumulative;
    u64 since; // the tick of its instrument at which it was sent
    bool cancelling, amending;
    i64 leaves() const { return terms.quantity - cumulative; }
  };

  /// What it sees of an instrument. `mean` and `spread` are of twice the middle, in 256ths, since halves do not divide.
  struct Row {
    Tick last{};
    u64 ticks = 0, calm_until = 0; // no orders before that tick
    i64 net = 0;
    i64 factor = 8; // eighths of what is wanted that it asks for: less after a refusal for size
    std::array<i64, 2> room{};
    std::array<u32, 2> room_uses{}; // 0: to be asked for anew
    std::array<u32, 2> working{};
  };

  /// Whether the library is asked for headroom first, or all that is wanted is sent and the check decides.
  enum class Size { by_headroom, as_wanted };

  virtual void decide(u32 instrument) = 0;

  /// Sizes it, asks, and sends it if it may; whether it was sent.
  bool enter(u32 instrument, Side side, i64 price, i64 wanted, Type type, Force force, Size size = Size::by_headroom);
  void amend(u64 order_id, Working &order, i64 price, i64 quantity);
  void cancel(u64 order_id, Working &order);

  const Product &product(u32 instrument) const { return market.products()[instrument]; }
  bool has_at(u32 instrument, Side side, i64 price);
  static std::size_t index(Side side) { return side == Side::buy ? 0 : 1; }

  std::array<Row, instruments_max + 1> rows;
  IdTable<Working> orders{64};

private:
  void listen();
  void take(const Report &report);
  void ended(const Report &report);
  void react(u32 instrument, Side side, const rck::Verdict &verdict);
  i64 headroom(const rck::Order &order, u32 instrument, Side side, i64 wanted);
  void cancel_oldest();
  bool may_enter(u32 instrument, Side side) const;
  bool waits() const;

  rck::StrategyId id;
  rck::Port port;
  const Market &market;
  Rings &rings;
  Stages &stages;
  TraderCounts counted;
  Histogram check_times;
  u64 next_order = 0;
  i64 wait_until_ns = 0;
  bool reduce_only = false, stopped = false;
};

} // namespace trading
