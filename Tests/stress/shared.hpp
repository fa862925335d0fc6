// What accounts have in common: small orders of all under a limit of the engine that they reach again and again, so
// that leases are handed out and called in, while the level rises and falls.
//
// Two counters that only grow see what no look at a total could: what was granted, counted afterwards, and what was
// released, counted before. When an order passes, no less is taken than was counted as granted before the call, less
// what was counted as released by its end, and the order itself: that must be within the level.
#ifndef RCK_STRESS_SHARED_HPP
#define RCK_STRESS_SHARED_HPP

#include "crowd.hpp"

namespace desk {

class Sharing {
public:
  explicit Sharing(const Run &run) : crowd(run, nullptr, each * run.threads), run(run) { put(high()); }

  void play() {
    crowd.work([this](uint32_t thread) { live(thread); });
    crowd.need_sound("at rest");
    const int64_t left = book(crowd.engine, RCK_SCOPE_GLOBAL, 0).gross;
    if (left != granted - released)
      wrong("%lld are taken, and %lld were granted and not released", (long long)left, (long long)(granted - released));
    crowd.release_all();
    crowd.need_zero();
    crowd.need_sound("after every release");
    crowd.close();
    printf("%u threads: %llu orders passed, %llu did not fit, at %llu levels\n", run.threads,
           (unsigned long long)passed, (unsigned long long)refused, (unsigned long long)told.load() / 2 + 1);
  }

private:
  static constexpr uint32_t each = 400; // orders that a thread has at most, of 2 on the average
  Crowd crowd;
  const Run run;
  std::atomic<int64_t> granted{0}, released{0};
  std::atomic<uint64_t> passed{0}, refused{0};
  std::atomic<uint64_t> told{0}; // how many levels have begun and ended; even: one alone can be in force
  std::atomic<uint64_t> board[16] = {};

  int64_t high() const { return 500 * run.threads; }
  // The level of a time between two publications; the higher of both while one runs.
  int64_t level(uint64_t time) const { return time % 4 == 2 ? high() * 3 / 4 : high(); }

  void put(int64_t hard) {
    rck_limit bound = limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_GLOBAL, 0, hard);
    bound.flags = run.seed % 2 ? RCK_LEASE_ALWAYS : 0;
    set(crowd.engine, bound);
    publish(crowd.engine);
  }

  void live(uint32_t thread) {
    uint64_t seed = crowd.seed_of(thread);
    std::vector<uint64_t> mine;
    for (uint64_t turn = 0; turn < run.turns; turn++) {
      const uint64_t mix = drawn(&seed);
      if (thread == 0 && mix % 1024 == 0) {
        told++;
        put(told % 4 == 1 ? high() * 3 / 4 : high());
        told++;
      } else if (mix % 16 < 9 && mine.size() < each) {
        check(thread, turn, mix >> 8, &mine);
      } else if (!mine.empty()) {
        end(thread, &mine, (mix >> 8) % mine.size());
      }
    }
  }

  // What an order comes to is in its id. Others may end it.
  void check(uint32_t thread, uint64_t turn, uint64_t mix, std::vector<uint64_t> *mine) {
    const int64_t amount = static_cast<int64_t>(mix % 3) + 1;
    const uint64_t id = ((turn + 1) << 8 | thread) << 2 | static_cast<uint64_t>(amount);
    const uint32_t account = static_cast<uint32_t>(mix >> 8) % accounts + 1;
    const rck_order asked = order(id, account, mix >> 16 & 1 ? 0 : untracked, 1, RCK_SIDE_BUY, amount, 1, 1);
    rck_verdict verdict;
    const uint64_t begun = told.load(std::memory_order_acquire);
    const int64_t before = granted.load(std::memory_order_acquire);
    const rck_status status = rck_check(crowd.ports[thread], &asked, &verdict);
    gives("rck_check", status, {RCK_OK, RCK_REJECT_EXPOSURE_GROSS, RCK_REJECT_CONTENDED});
    if (status != RCK_OK) {
      refused.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    const int64_t taken = before - released.load(std::memory_order_acquire) + amount;
    const uint64_t ended = told.load(std::memory_order_acquire);
    const int64_t most = begun == ended ? level(begun) : high();
    if (taken > most - run.planted * high() / 8)
      wrong("an order passed that makes %lld of %lld", (long long)taken, (long long)most);
    granted.fetch_add(amount, std::memory_order_acq_rel);
    passed.fetch_add(1, std::memory_order_relaxed);
    mine->push_back(board[mix >> 20 & 15].exchange(id, std::memory_order_acq_rel));
    if (mine->back() == 0)
      mine->pop_back();
  }

  void end(uint32_t thread, std::vector<uint64_t> *mine, size_t at) {
    const uint64_t id = (*mine)[at];
    (*mine)[at] = mine->back();
    mine->pop_back();
    released.fetch_add(static_cast<int64_t>(id & 3), std::memory_order_acq_rel);
    rck_verdict verdict;
    PASSES(rck_release(crowd.ports[thread], 0, id, RCK_RELEASE_CANCELLED, 1, &verdict));
  }
};

} // namespace desk

#endif
