// Orders from a seed: limit orders around the market, within every limit of the desk's wide profile. Time
// goes forward by so much an order that no rate is reached.
#pragma once

#include "profile.h"
#include "random.h"

namespace bench {

struct StreamOf {
  uint32_t accounts = 4, first_account = 1, strategies = 4, instruments = 16;
  uint64_t first_id = 1;
  int64_t begun_ns = 1'700'000'000'000'000'000;
  // 2,000 orders a second over four accounts: half of what their rates allow, and 15 deviations below it.
  int64_t step_ns = 500'000;
};

class OrderStream {
public:
  OrderStream(uint64_t seed, const StreamOf &of) : random_(seed), of_(of), id_(of.first_id), time_ns_(of.begun_ns) {}

  // Ids and time go on.
  void reseed(uint64_t seed) { random_ = Random(seed); }

  void make(rck_order &order) {
    order = rck_order{};
    order.order_id = id_++;
    order.correlation_id = order.order_id ^ 0x5555;
    order.time_ns = time_ns_ += of_.step_ns;
    order.account = of_.first_account + uint32_t(random_.below(of_.accounts));
    order.strategy = 1 + uint32_t(random_.below(of_.strategies));
    order.instrument = 1 + uint32_t(random_.below(of_.instruments));
    order.venue = 1;
    uint64_t drawn = random_.next();
    order.side = drawn & 1 ? RCK_SIDE_BUY : RCK_SIDE_SELL;
    order.type = RCK_TYPE_LIMIT;
    order.time_in_force = RCK_FORCE_DAY;
    int64_t away = int64_t(drawn >> 8 & 0xff) - 128; // of a market of 10,000: up to 128 bps
    bool foreign = order.instrument % 2 == 0;
    order.price = last_price(order.instrument) + away * (foreign ? 50 : 1);
    order.quantity = (1 + int64_t(drawn >> 16 & 0x1ff)) * (foreign ? 10 : 1);
  }

  int64_t time_ns() const { return time_ns_; }

private:
  Random random_;
  StreamOf of_;
  uint64_t id_;
  int64_t time_ns_;
};

// An order of many legs has one account and one strategy.
constexpr uint32_t legs_each = 4;
inline void of_one_party(rck_order &order) {
  order.account = 1 + uint32_t((order.order_id - 1) / legs_each % 4);
  order.strategy = order.account;
}

} // namespace bench
