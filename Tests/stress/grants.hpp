// Grants alone: no fact moves a position, so nothing that is ever seen may be above the limit in force. Threads
// check, amend, release and look; one raises limits, publishes, latches; one more only watches. A limit that is
// raised is told before it is published, and the watcher looks at what was told after it has looked at the sums:
// what it saw was there when no more than that could be in force.
#ifndef RCK_STRESS_GRANTS_HPP
#define RCK_STRESS_GRANTS_HPP

#include "crowd.hpp"

namespace desk {

class Grants {
public:
  // With `amends` orders are amended too. One that others overtake holds its larger terms in the books until it
  // is taken back: only rows can be watched then, and the books at rest.
  Grants(const Run &run, bool amends) : crowd(run, nullptr), run(run), amends(amends) {
    gather(crowd.engine, accounts - 1, strategies);
    for (Bound &bound : bounds)
      bound.told = bound.hard;
    raise(0);
    for (uint32_t account = 1; account <= accounts; account++)
      give_cash(crowd.spare(), account, cash);
  }

  void play() {
    std::thread watcher([this] { watch(); });
    crowd.work([this](uint32_t thread) { live(thread); });
    done = true;
    watcher.join();
    crowd.need_sound("at rest");
    look(true);
    lower();
    crowd.release_all();
    crowd.need_sound("after every release");
    crowd.need_zero();
    need_counted();
    crowd.close();
    printf("%u threads: %llu granted, %llu refused, %llu of them contended; %llu looks, %llu at a limit\n", run.threads,
           (unsigned long long)granted, (unsigned long long)refused, (unsigned long long)contended,
           (unsigned long long)looks, (unsigned long long)reached);
  }

private:
  static constexpr int64_t cash = 45;
  struct Bound {
    uint32_t control, measure, scope, id, instrument, side;
    int64_t hard;
    std::atomic<int64_t> told{0};
  };
  // Of each kind some, low enough for a few orders to reach them.
  Bound bounds[23] = {
      {RCK_CONTROL_POSITION, 0, RCK_SCOPE_ACCOUNT_INSTRUMENT, 1, 1, 0, 8},
      {RCK_CONTROL_POSITION, 0, RCK_SCOPE_ACCOUNT_INSTRUMENT, 2, 1, 0, 6},
      {RCK_CONTROL_POSITION, 0, RCK_SCOPE_STRATEGY_INSTRUMENT, 1, 1, 0, 9},
      {RCK_CONTROL_LISTS, RCK_MEASURE_LOCATE, RCK_SCOPE_ACCOUNT_INSTRUMENT, 3, 2, RCK_SIDE_SELL, 4},
      {RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, 1, 0, 0, 220},
      {RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, 2, 0, 0, 260},
      {RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET, RCK_SCOPE_ACCOUNT, 1, 0, RCK_SIDE_BUY, 130},
      {RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET, RCK_SCOPE_ACCOUNT, 1, 0, RCK_SIDE_SELL, 120},
      {RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_STRATEGY, 1, 0, 0, 290},
      {RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_STRATEGY, 2, 0, 0, 280},
      {RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_ACCOUNT, 2, 0, 0, 4},
      {RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, RCK_SCOPE_ACCOUNT, 3, 0, 0, 180},
      {RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_STRATEGY, 2, 0, 0, 5},
      {RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, RCK_SCOPE_STRATEGY, 1, 0, 0, 270},
      {RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_GLOBAL, 0, 0, 0, 400},
      {RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET, RCK_SCOPE_ACCOUNT_GROUP, 1, 0, RCK_SIDE_BUY, 170},
      {RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_GLOBAL, 0, 0, 0, 9},
      {RCK_CONTROL_WORKING, RCK_MEASURE_NOTIONAL, RCK_SCOPE_STRATEGY_GROUP, 2, 0, 0, 300},
      {RCK_CONTROL_POSITION, 0, RCK_SCOPE_INSTRUMENT_GROUP, 3, 0, RCK_SIDE_BUY, 15},
      {RCK_CONTROL_EXPOSURE, RCK_MEASURE_NET, RCK_SCOPE_INSTRUMENT_GROUP, 3, 0, RCK_SIDE_SELL, 180},
      {RCK_CONTROL_GROUP_EXPOSURE, 0, RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP, 2, 3, 0, 240},
      {RCK_CONTROL_GROUP_EXPOSURE, 0, RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP, 3, 3, 0, 210},
      {RCK_CONTROL_BUYING_POWER, 0, RCK_SCOPE_ACCOUNT, 3, 0, 0, 10000}, // basis points of the cash
  };
  Crowd crowd;
  const Run run;
  const bool amends;
  std::atomic<bool> done{false};
  std::atomic<uint64_t> granted{0}, refused{0}, contended{0};
  uint64_t looks = 0, reached = 0, risen = 0;
  std::atomic<uint64_t> board[16] = {}; // tokens of others

  void give_cash(rck_port *port, uint32_t account, int64_t amount) {
    auto given = sized<rck_cash>();
    given.account = account;
    given.cash = amount;
    given.actor = 1;
    strcpy(given.reason, "stress");
    PASSES(rck_cash_set(port, &given, nullptr));
  }

  // Publishes all bounds, each higher by so much.
  void raise(int64_t by) {
    for (Bound &bound : bounds) {
      if (bound.control != RCK_CONTROL_BUYING_POWER)
        bound.hard += by;
      bound.told.store(bound.hard, std::memory_order_release);
      publish_one(bound, bound.hard);
    }
    publish(crowd.engine);
  }
  void publish_one(const Bound &bound, int64_t hard) {
    rck_limit limit = desk::limit(bound.control, bound.measure, bound.scope, bound.id, hard);
    limit.instrument = bound.instrument;
    limit.side = bound.side;
    set(crowd.engine, limit);
  }

  // What a bound is about, as it is now.
  int64_t seen(const Bound &bound) {
    if (bound.scope == RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP)
      return book(crowd.engine, bound.scope, bound.id, bound.instrument).gross;
    if (bound.instrument) {
      const bool account = bound.scope == RCK_SCOPE_ACCOUNT_INSTRUMENT;
      const rck_position_info held =
          row(crowd.engine, account ? bound.id : 0, account ? 0 : bound.id, bound.instrument);
      const int64_t shorted = held.open_sells - held.net;
      return bound.side == RCK_SIDE_SELL ? shorted : std::max(held.net + held.open_buys, shorted);
    }
    const rck_book_info sum = book(crowd.engine, bound.scope, bound.id);
    if (bound.control == RCK_CONTROL_POSITION)
      return sum.quantity_long;
    switch (bound.measure) {
    case RCK_MEASURE_GROSS:
      return sum.gross;
    case RCK_MEASURE_NET:
      return bound.side == RCK_SIDE_BUY ? sum.net_long : sum.net_short;
    case RCK_MEASURE_COUNT:
      return sum.orders;
    case RCK_MEASURE_NOTIONAL:
      return sum.orders_value;
    default:
      return sum.margin;
    }
  }
  void look(bool rest) {
    for (const Bound &bound : bounds) {
      if (!rest && amends && !bound.instrument)
        continue;
      const int64_t amount = seen(bound);
      const bool power = bound.control == RCK_CONTROL_BUYING_POWER;
      int64_t most = power ? cash : bound.told.load(std::memory_order_acquire);
      if (run.planted)
        most--;
      if (amount > most)
        wrong("control %u, measure %u, scope %u, id %u: %lld above %lld", bound.control, bound.measure, bound.scope,
              bound.id, (long long)amount, (long long)most);
      looks++;
      reached += amount == most;
    }
  }
  void watch() {
    const Unrest unrest(run.seed);
    while (!done)
      look(false);
  }

  // Lowered below what is used, a limit lets nothing more in; what is there may leave.
  void lower() {
    for (const Bound &bound : bounds)
      if (bound.control != RCK_CONTROL_BUYING_POWER)
        publish_one(bound, 0);
    publish(crowd.engine);
    const uint64_t before = granted;
    crowd.work([this](uint32_t thread) {
      std::vector<uint64_t> none;
      uint64_t seed = crowd.seed_of(thread) + 1;
      for (uint32_t turn = 0; turn < 200; turn++)
        check(thread, turn + run.turns, &seed, &none, RCK_CONTROL_NONE);
    });
    if (granted != before)
      wrong("%llu orders were granted under limits of zero", (unsigned long long)(granted - before));
  }

  // The ports have counted what was flagged.
  void need_counted() {
    uint64_t counted = 0;
    auto stats = sized<rck_stats>();
    for (uint32_t port = 0; rck_stats_read(crowd.engine, port, &stats) == RCK_OK; port++)
      counted += stats.contended;
    if (counted != contended)
      wrong("%llu refusals were contended, and %llu are counted", (unsigned long long)contended,
            (unsigned long long)counted);
  }

  void count(rck_status status, const rck_verdict &verdict) {
    (status == RCK_OK ? granted : refused).fetch_add(1, std::memory_order_relaxed);
    if (status > RCK_REPEAT && verdict.flags & RCK_VERDICT_CONTENDED)
      contended.fetch_add(1, std::memory_order_relaxed);
    if (status == RCK_REJECT_CONTENDED && !(verdict.flags & RCK_VERDICT_CONTENDED))
      wrong("a refusal for contention is not flagged");
  }

  rck_order drawn_order(uint32_t thread, uint64_t number, uint64_t *seed) {
    const uint64_t mix = drawn(seed);
    const Name name{static_cast<uint32_t>(mix % accounts) + 1,
                    static_cast<uint32_t>(mix >> 40) % untracked + 1,
                    static_cast<uint32_t>(mix >> 9 & 1) + 1,
                    static_cast<uint32_t>(mix >> 10 & 1) + 1,
                    thread,
                    number + 1};
    return order(name.id(), name.account, name.strategy, name.instrument, name.side,
                 static_cast<int64_t>(mix >> 11 & 3) + 1, static_cast<int64_t>(mix >> 13) % 16 + 5, 1);
  }

  void check(uint32_t thread, uint64_t number, uint64_t *seed, std::vector<uint64_t> *mine, uint32_t other) {
    const rck_order asked = drawn_order(thread, number, seed);
    rck_verdict verdict;
    const rck_status status = rck_check(crowd.ports[thread], &asked, &verdict);
    if (status < 0)
      wrong("rck_check gave %s", rck_status_name(status));
    count(status, verdict);
    if (status != RCK_OK)
      return;
    mine->push_back(verdict.token);
    board[other % 16].store(verdict.token, std::memory_order_relaxed);
  }

  void end(uint32_t thread, uint64_t token) {
    rck_verdict verdict;
    const rck_status status = rck_release(crowd.ports[thread], token, 0, RCK_RELEASE_CANCELLED, 1, &verdict);
    gives("rck_release", status, {RCK_OK, RCK_REPEAT, RCK_REJECT_ORDER_UNKNOWN});
  }

  void amend(uint32_t thread, uint64_t number, uint64_t *seed, uint64_t token) {
    rck_order asked = drawn_order(thread, number, seed);
    rck_verdict verdict;
    rck_status status = rck_amend(crowd.ports[thread], token, &asked, &verdict);
    if (status < 0)
      wrong("rck_amend gave %s", rck_status_name(status));
    count(status, verdict);
    if (status != RCK_OK)
      return;
    status = rck_amend_result(crowd.ports[thread], token, 0, drawn(seed) % 2, &verdict);
    gives("rck_amend_result", status, {RCK_OK, RCK_REPEAT, RCK_REJECT_ORDER_UNKNOWN});
  }

  // Bounds rise a few times in a run; in between they are published as they are.
  void administrate(uint32_t thread, uint64_t mix, uint64_t turn) {
    if (mix % 4 == 0 && thread == 0) {
      const uint64_t part = turn * 16 / run.turns;
      const int64_t by = part > risen ? 1 : 0;
      risen = part;
      return raise(by);
    }
    const rck_latch latch = desk::latch(RCK_SCOPE_STRATEGY, 2, RCK_STATE_HALTED);
    const rck_status status =
        mix % 2 ? rck_latch_set(crowd.engine, &latch, nullptr) : rck_latch_clear(crowd.engine, &latch, nullptr);
    gives("rck_latch_", status, {RCK_OK, RCK_REPEAT, RCK_E_BUSY});
  }

  void look_around(uint32_t thread, uint64_t number, uint64_t *seed) {
    const rck_order asked = drawn_order(thread, number + (uint64_t{1} << 40), seed);
    rck_verdict verdict;
    int64_t quantity = 0;
    rck_order_info info;
    const uint64_t token = board[drawn(seed) % 16].load(std::memory_order_relaxed);
    switch (drawn(seed) % 4) {
    case 0:
      NEED(rck_check_dry(crowd.ports[thread], &asked, &verdict) >= 0);
      break;
    case 1:
      NEED(rck_headroom(crowd.ports[thread], &asked, &quantity, &verdict) >= 0);
      break;
    case 2:
      if (token)
        gives("rck_order_get", rck_order_get(crowd.engine, token, 0, &info), {RCK_OK, RCK_REJECT_ORDER_UNKNOWN});
      break;
    default:
      open_orders(crowd.engine);
    }
  }

  void live(uint32_t thread) {
    uint64_t seed = crowd.seed_of(thread);
    std::vector<uint64_t> mine;
    for (uint64_t turn = 0; turn < run.turns; turn++) {
      const uint64_t mix = drawn(&seed), token = mine.empty() ? 0 : mine[(mix >> 32) % mine.size()];
      const uint32_t what = mix % 100;
      if (what < 50 && mine.size() < 8) {
        check(thread, turn, &seed, &mine, static_cast<uint32_t>(mix >> 8));
      } else if (what < 80 && token) {
        end(thread, token);
        mine.erase(std::find(mine.begin(), mine.end(), token));
      } else if (what < 85) {
        if (const uint64_t other = board[mix >> 8 & 15].load(std::memory_order_relaxed))
          end(thread, other);
      } else if (what < 92 && token && amends) {
        amend(thread, turn, &seed, token);
      } else if (what < 99) {
        look_around(thread, turn, &seed);
      } else {
        administrate(thread, mix >> 16, turn);
      }
    }
    for (const uint64_t token : mine)
      if (token & 1 << 24)
        end(thread, token);
  }
};

} // namespace desk

#endif
