// The floor checks itself: its arithmetic against plain wide integers, its windows against a log of times, and
// what threads do at once: never over a limit, rates exact, one winner an id, nothing left when all is released.
#pragma once

#include "install.h"
#include "order_stream.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <deque>
#include <thread>
#include <vector>

namespace bench {

class FloorCheck {
public:
  int run() {
    values();
    windows();
    shared_windows();
    sums<true>(1);
    sums<false>(1);
    sums<true>(3);
    ids();
    latches();
    return failed_;
  }

private:
  void must(bool holds, const char *what) {
    std::printf("%s %s\n", holds ? "pass" : "FAIL", what);
    failed_ += !holds;
  }

  void values() {
    Random random(7);
    bool exact = true, divides = true, margins = true;
    for (int i = 0; i < 200'000; i++) {
      uint64_t divisor = 1;
      for (uint64_t e = random.below(13); e > 0; e--)
        divisor *= 10;
      uint64_t factor = 1 + (random.next() >> (30 + random.below(34)));
      int64_t price = int64_t(random.next() >> (11 + random.below(52))) * (random.below(2) ? 1 : -1);
      int64_t quantity = 1 + int64_t(random.next() >> (11 + random.below(52)));
      desk_floor::Conversion conversion;
      conversion.begin(factor, divisor);
      desk_floor::Wide units = desk_floor::Wide(desk_floor::magnitude(price)) * uint64_t(quantity), product;
      bool over = __builtin_mul_overflow(units, desk_floor::Wide(factor), &product);
      desk_floor::Wide amount = (product + divisor - 1) / divisor;
      over = over || amount > desk_floor::Wide(desk_floor::amount_max);
      auto value = conversion.value(quantity, price);
      exact = exact && (over ? !value : value && *value == int64_t(amount));

      desk_floor::Divisor step;
      uint64_t of = 1 + (random.next() >> (20 + random.below(44)));
      step.begin(of);
      uint64_t number = random.next() >> random.below(60);
      number -= random.below(2) ? number % of : 0;
      divides = divides && step.divides(number) == (number % of == 0);

      int64_t exposure = int64_t(random.next() >> (4 + random.below(56)));
      uint32_t bps = uint32_t(1 + random.below(1'000'000));
      desk_floor::Wide margin = (desk_floor::Wide(uint64_t(exposure)) * bps + 9'999) / 10'000;
      margins = margins && desk_floor::margin_of(exposure, bps) == int64_t(margin);
    }
    must(exact, "floor: values are exact and rounded up, or refused");
    must(divides, "floor: multiples are told from what is none");
    must(margins, "floor: margins are rounded up");
  }

  template <bool Shared> struct OneWindow {
    explicit OneWindow(uint64_t capacity) : slots(capacity) { window.begin(slots.data(), capacity); }
    std::vector<int64_t> slots;
    desk_floor::Window<Shared> window;
  };

  template <bool Shared> bool window_agrees(uint64_t seed) {
    Random random(seed);
    OneWindow<Shared> one(16);
    std::deque<int64_t> taken;
    int64_t now = 1'000, latest = 0;
    for (int i = 0; i < 20'000; i++) {
      now += int64_t(random.below(4)) * int64_t(random.below(40)) - 10; // back, too
      int64_t most = 1 + int64_t(random.below(15)), width = 1 + int64_t(random.below(200));
      int64_t time = std::max(now, latest), recent = 0;
      for (int64_t at : taken)
        recent += time - at < width;
      auto place = one.window.place(now, {most, most, width});
      if (place.above_hard != (recent >= most) || one.window.count(now, width) != std::min<int64_t>(recent, 15))
        return false;
      if (place.above_hard)
        continue;
      if (!one.window.take(place))
        return false;
      latest = time;
      taken.push_back(time);
      if (taken.size() > 15)
        taken.pop_front();
    }
    return true;
  }

  void windows() {
    must(window_agrees<true>(1) && window_agrees<true>(2), "floor: a shared window takes what a log of times allows");
    must(window_agrees<false>(3), "floor: a plain window takes what a log of times allows");
  }

  void shared_windows() {
    constexpr int threads = 3;
    constexpr int64_t most = 7, width = 500;
    OneWindow<true> one(8);
    std::vector<int64_t> taken[threads];
    std::atomic<int64_t> clock{1'000};
    std::vector<std::thread> all;
    for (auto &mine : taken) {
      all.emplace_back([&one, &mine, &clock] {
        for (int i = 0; i < 200'000; i++) {
          int64_t now = clock.fetch_add(10, std::memory_order_relaxed);
          auto place = one.window.place(now, {most, most, width});
          if (!place.above_hard && one.window.take(place))
            mine.push_back(place.time);
        }
      });
    }
    for (auto &thread : all)
      thread.join();
    std::vector<int64_t> times;
    for (const auto &mine : taken)
      times.insert(times.end(), mine.begin(), mine.end());
    std::sort(times.begin(), times.end());
    bool exact = times.size() > most;
    for (size_t i = most; i < times.size(); i++)
      exact = exact && times[i] - times[i - most] >= width;
    must(exact, "floor: threads together never take more than a window allows");
  }

  // Limits that are met all the time, by every thread on one account and one instrument.
  static Profile tight_profile() {
    Tightness tight = wide_limits();
    tight.position = {0, 0, 3'000};
    tight.gross = {0, 0, 100'000'000};
    tight.power_bps = {0, 0, 10'000};
    tight.cash = 80'000'000;
    tight.count = {0, 0, 12};
    tight.rate = {0, 0, 900};
    return desk_profile(tight, 1, 1, 2);
  }

  template <bool Shared> struct Trader {
    desk_floor::Floor<Shared> *floor;
    uint32_t number;
    uint64_t passed = 0, refused = 0;
    bool sane = true;

    void trade(uint64_t seed, int count) {
      StreamOf of{1, 1, 1, 2, 1 + uint64_t(number) * 10'000'000};
      OrderStream stream(seed, of);
      auto &port = floor->engine.port(number);
      std::vector<uint64_t> live;
      Random random(seed);
      for (int i = 0; i < count; i++) {
        rck_order order;
        rck_verdict verdict{};
        stream.make(order);
        order.time_ns = of.begun_ns + int64_t(i) * 4'000'000;
        rck_status status = floor->check(port, &order, &verdict);
        sane = sane && status == verdict.status && (status == 0) == (verdict.token != 0);
        status == 0 ? passed++ : refused++;
        if (status == 0)
          live.push_back(verdict.token);
        if (live.size() > 8 || (random.below(3) == 0 && !live.empty())) {
          size_t which = random.below(live.size());
          sane = sane && floor->release(port, live[which], order.time_ns) == RCK_OK;
          sane = sane && floor->release(port, live[which], order.time_ns) == RCK_REPEAT;
          live.erase(live.begin() + long(which));
        }
      }
      for (uint64_t token : live)
        sane = sane && floor->release(port, token, port.time_ns) == RCK_OK;
    }
  };

  // A book or a row as it was at one instant.
  template <class Rows> static auto whole(const Rows &rows, const uint64_t &word, uint64_t row) {
    while (true) {
      auto seen = rows.see(word, row);
      if (rows.still(word, seen))
        return seen.record;
    }
  }

  template <bool Shared> void sums(uint32_t threads) {
    Profile profile = tight_profile();
    auto floor = std::make_unique<desk_floor::Floor<Shared>>(desk_floor::Sizes{});
    install(*floor, profile);
    auto &engine = floor->engine;
    std::vector<Trader<Shared>> traders;
    for (uint32_t i = 0; i < threads; i++)
      traders.push_back({floor.get(), i + 1});
    std::atomic<uint32_t> left{threads};
    std::vector<std::thread> all;
    for (auto &trader : traders) {
      all.emplace_back([&trader, &left] {
        trader.trade(trader.number, 60'000);
        left.fetch_sub(1);
      });
    }
    bool within = true;
    while (Shared && left.load() > 0) { // at every instant that anybody can see
      desk_floor::Book book = whole(engine.book_rows, engine.book_words[1], 1);
      within = within && book.gross <= 100'000'000 && book.orders <= 12 && book.margin <= 80'000'000;
      for (uint64_t row = 0; row < 2; row++) {
        auto position = whole(engine.position_rows, engine.positions.head(row).word, row);
        within = within && position.net + position.open_buys <= 3'000;
        within = within && position.open_sells - position.net <= 3'000;
      }
    }
    for (auto &thread : all)
      thread.join();
    bool sane = true;
    uint64_t passed = 0, refused = 0;
    for (const auto &trader : traders) {
      sane = sane && trader.sane;
      passed += trader.passed;
      refused += trader.refused;
    }
    desk_floor::Book book = whole(engine.book_rows, engine.book_words[1], 1);
    bool nothing = (book.gross | book.net_long | book.net_short | book.margin | book.orders | book.orders_value) == 0;
    for (uint64_t row = 0; row < 2; row++) {
      auto position = whole(engine.position_rows, engine.positions.head(row).word, row);
      nothing =
          nothing && (position.open_buys | position.open_sells | position.buys | position.sells | position.margin) == 0;
    }
    must(passed > 1'000 && refused > 1'000, "floor: the traders of the test pass and are refused");
    must(sane, "floor: every order is released once, and its token then says so");
    must(within, "floor: no sum is ever seen above its limit");
    must(nothing, "floor: when all is released, every sum is zero");
  }

  void ids() {
    constexpr int threads = 3, count = 50'000;
    auto floor = std::make_unique<desk_floor::Floor<true>>(desk_floor::Sizes{});
    Tightness wide = wide_limits();
    wide.rate = {};
    wide.count = {};
    install(*floor, desk_profile(wide));
    std::vector<std::atomic<int>> winners(count);
    std::atomic<bool> sane{true};
    std::vector<std::thread> all;
    for (uint32_t thread = 1; thread <= threads; thread++) {
      all.emplace_back([&, thread] {
        OrderStream stream(1, {}); // the same orders for all
        for (int i = 0; i < count; i++) {
          rck_order order;
          rck_verdict verdict{};
          stream.make(order);
          do {
            floor->check(thread, &order, &verdict);
          } while (verdict.status == RCK_REJECT_CONTENDED);
          winners[size_t(i)] += verdict.status == RCK_OK;
          if (verdict.token == 0 || verdict.status > RCK_REPEAT)
            sane = false;
        }
      });
    }
    for (auto &thread : all)
      thread.join();
    bool one = true;
    for (const auto &count_of : winners)
      one = one && count_of == 1;
    must(one && sane, "floor: of several checks of one id one wins, and the others learn its token");
  }

  void latches() {
    auto floor = std::make_unique<desk_floor::Floor<true>>(desk_floor::Sizes{});
    install(*floor, desk_profile(wide_limits()));
    OrderStream stream(1, {});
    rck_order order;
    rck_verdict verdict{};
    auto status = [&](uint32_t account) {
      stream.make(order);
      order.account = account;
      return floor->check(1, &order, &verdict);
    };
    bool before = status(1) == RCK_OK;
    floor->engine.latch(RCK_SCOPE_ACCOUNT, 1, RCK_STATE_HALTED);
    bool during = status(1) == RCK_REJECT_HALTED && verdict.scope_kind == RCK_SCOPE_ACCOUNT && status(2) == RCK_OK;
    floor->engine.latch(RCK_SCOPE_ACCOUNT, 1, RCK_STATE_ACTIVE);
    must(before && during && status(1) == RCK_OK, "floor: a latch refuses its own account until it is cleared");
  }

  int failed_ = 0;
};

} // namespace bench
