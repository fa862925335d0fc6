// A simulated venue: price-time matching of our orders and of a background that follows the market, latency both ways,
// partial fills, and what makes real venues hard: rejects, cancels that come too late, executions that are told late or
// twice. It has no thread, no clock and no randomness but its seed: the same calls give the same reports.
#pragma once

#include "book.hpp"
#include "id_table.hpp"
#include "random.hpp"
#include "schedule.hpp"

namespace trading {

/// "One in n" is never for 0.
struct VenueSettings {
  i64 latency_ns_min = 50'000, latency_ns_max = 250'000; // each way
  i64 slow_ns = 2'000'000;                               // what comes to that now and then
  u64 slow_one_in = 200;
  u64 reject_one_in = 150;       // orders
  u64 cancel_reject_one_in = 60; // cancels that could have been carried out
  u64 amend_reject_one_in = 25;  // amends, likewise
  u64 repeat_one_in = 100;       // fills that are told twice
  u64 late_one_in = 50;          // fills that are told by another way than all else, and later
  i64 late_ns_min = 1'000'000, late_ns_max = 10'000'000;
  std::size_t orders_max = 4'096; // live ones of ours
};

/// What the venue made of our orders of one owner in one instrument.
struct Traded {
  i64 net = 0;
  u64 count = 0;
  double paid = 0; // the sum of signed quantities at their prices
};

struct VenueCounts {
  u64 entered = 0, rejected = 0, executions = 0, partial = 0, repeats = 0, told_late = 0;
  u64 cancelled = 0, cancels_refused = 0, amended = 0, amends_refused = 0, expired = 0;
};

class Venue {
public:
  /// `ticks` is the price step of each instrument, by id from 1.
  Venue(const VenueSettings &settings, const std::array<i64, instruments_max + 1> &ticks, u64 seed);

  /// Whether it may be told anything: the reports that may come of it have room.
  bool ready() const;
  /// What the market shows and trades: the background follows it, and meets our orders where it goes.
  void market(const Tick &tick, i64 now_ns);
  /// A request, which arrives after its latency and in the order in which it was sent.
  void receive(const Request &request, i64 now_ns);
  /// Carries out what has arrived.
  void advance(i64 now_ns);
  /// The next report that has arrived with us.
  bool take(Report &report, i64 now_ns);
  /// Nothing is under way, in either direction.
  bool idle() const { return arriving.empty() && leaving.empty(); }

  const Traded &traded(u32 owner, u32 instrument) const { return sums[owner][instrument]; }
  std::size_t live() const { return orders.size(); }
  const VenueCounts &counts() const { return counted; }

private:
  static constexpr std::size_t levels = 3; // of the background on each side
  static constexpr u64 background = 1ULL << 63;

  struct Order {
    Request terms;
    i64 cumulative = 0;
    Book::Place place = Book::none;
    i64 fills_due_ns = 0; // the latest time of a report of a fill: those of one order stay in order
  };

  void carry_out(const Request &request);
  void enter(const Request &request);
  void amend(const Request &request);
  void cancel(const Request &request);
  void match(u64 order_id);
  void fill(u64 order_id, i64 quantity, i64 price);
  void quote(u32 instrument, Side side, std::size_t level, i64 price, i64 quantity);
  void withdraw(u32 instrument, Side side, std::size_t level);
  i64 takes(u32 instrument, u64 order_id, Side side, i64 limit, i64 quantity);
  void answer(Report::Kind kind, const Request &request, i64 cumulative, i64 leaves);
  void answer_fill(Order &order, i64 quantity, i64 price);
  i64 latency();
  Book::Place &resting(u32 instrument, Side side, std::size_t level);

  VenueSettings settings;
  std::array<i64, instruments_max + 1> ticks;
  Random random;
  std::vector<Book> books; // by instrument
  std::array<std::array<std::array<Book::Place, levels>, 2>, instruments_max + 1> quotes;
  IdTable<Order> orders;
  Schedule<Request> arriving;
  Schedule<Report> leaving;
  std::size_t reports_most;
  i64 now_ns = 0, arrival_ns = 0, told_ns = 0, fills_ns = 0;
  u64 executions = 0;
  std::array<std::array<Traded, instruments_max + 1>, strategies + 1> sums{};
  VenueCounts counted;
};

} // namespace trading
