// Rounds of drop copies, and of checks beside them: every drop copy enters, and of those that come to a level no more
// are left untold than the level has room for, whether one book or the books of two accounts are held against it.
#ifndef RCK_STRESS_COPIES_HPP
#define RCK_STRESS_COPIES_HPP

#include "rounds.hpp"

namespace desk {

class Copies {
public:
  explicit Copies(const Run &run) : crowd(run, nullptr, 16 * each * run.threads), meeting(run.threads) {}

  void play() {
    crowd.work([this](uint32_t thread) { live(thread); });
    crowd.need_sound("at rest");
    crowd.need_zero();
    crowd.close();
    printf("%u threads: %llu drop copies, %llu of them told of a level\n", crowd.run.threads, (unsigned long long)all,
           (unsigned long long)told_of);
  }

private:
  static constexpr uint32_t each = 12; // drop copies of a thread in a round
  Crowd crowd;
  Meeting meeting;
  std::atomic<uint64_t> untold{0};
  uint64_t all = 0, told_of = 0;
  int64_t level = 0;

  static bool is_shared(uint64_t round) { return round & 1; }

  void live(uint32_t thread) {
    uint64_t seed = crowd.seed_of(thread);
    for (uint64_t round = 1; round <= crowd.run.turns; round++) {
      if (thread == 0)
        begin(round, drawn(&seed));
      meeting.arrive();
      for (uint32_t turn = 0; turn < each; turn++)
        enter(thread, round, turn);
      meeting.arrive();
      if (thread == 0)
        judge(round);
    }
  }

  void begin(uint64_t round, uint64_t mix) {
    untold = 0;
    level = static_cast<int64_t>(mix % (each * crowd.run.threads));
    const bool shared = is_shared(round);
    rck_limit bound = limit(RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, shared ? RCK_SCOPE_GLOBAL : RCK_SCOPE_ACCOUNT,
                            shared ? 0 : 1, level);
    bound.flags = shared && mix >> 32 & 1 ? RCK_LEASE_ALWAYS : 0;
    set(crowd.engine, bound);
    bound = limit(RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, shared ? RCK_SCOPE_ACCOUNT : RCK_SCOPE_GLOBAL, shared ? 1 : 0,
                  1 << 20);
    set(crowd.engine, bound);
    publish(crowd.engine);
  }

  void enter(uint32_t thread, uint64_t round, uint32_t turn) {
    rck_verdict verdict{};
    const uint64_t id = (round << 8 | thread) << 8 | turn << 1;
    const uint32_t account = is_shared(round) ? 1 + thread % 2 : 1;
    const rck_order asked = order(id, account, either(round >> 1), 1, RCK_SIDE_BUY, 1, 1, 1);
    const rck_order other = order(id + 1, account, either(round >> 1), 1, RCK_SIDE_SELL, 1, 1, 1);
    gives("rck_drop_copy", rck_drop_copy(crowd.ports[thread], &asked, &verdict), {RCK_OK});
    if (verdict.flags & RCK_VERDICT_WOULD_REFUSE) {
      if (verdict.control != RCK_CONTROL_WORKING || verdict.observed <= level)
        wrong("round %llu: %lld is told to exceed %lld", (unsigned long long)round, (long long)verdict.observed,
              (long long)level);
    } else {
      untold++;
    }
    // One that passes counts, and goes again.
    const rck_status status = rck_check(crowd.ports[thread], &other, &verdict);
    gives("rck_check", status, {RCK_OK, RCK_REJECT_WORKING_COUNT, RCK_REJECT_CONTENDED});
    if (status == RCK_OK)
      PASSES(rck_release(crowd.ports[thread], verdict.token, 0, RCK_RELEASE_CANCELLED, 1, &verdict));
  }

  void judge(uint64_t round) {
    const uint64_t entered = open_orders(crowd.engine).size(), here = each * crowd.run.threads;
    if (entered != here)
      wrong("round %llu: %llu of %llu orders are in", (unsigned long long)round, (unsigned long long)entered,
            (unsigned long long)here);
    // Planted: as if the level had room for less.
    if (static_cast<int64_t>(untold + (crowd.run.planted ? 1 : 0)) > level && (!crowd.run.planted || level > 0))
      wrong("round %llu: %llu drop copies are untold at a level of %lld", (unsigned long long)round,
            (unsigned long long)untold.load(), (long long)level);
    all += here;
    told_of += here - untold;
    crowd.release_all();
  }
};

} // namespace desk

#endif
