// Rounds in which batches of two legs that cross each other's rows meet under tight limits, while one thread lists,
// publishes and at last latches. Of a batch that is refused no leg is ever listed or found, unless it was taken back
// because of the latch; of one that passed before the latch both are listed. At the end of a round what lives is both
// legs of each batch that passed, and the sums are theirs.
#ifndef RCK_STRESS_LEGS_HPP
#define RCK_STRESS_LEGS_HPP

#include "rounds.hpp"
#include <set>

namespace desk {

class LegRounds {
public:
  explicit LegRounds(const Run &run) : crowd(run, nullptr, 256), meeting(run.threads), mine(run.threads) {
    gather(crowd.engine, accounts, strategies);
    for (uint32_t id = 1; id <= 2; id++) {
      set(crowd.engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, id, gross_most));
      set(crowd.engine, limit(RCK_CONTROL_WORKING, RCK_MEASURE_COUNT, RCK_SCOPE_STRATEGY, id, 30));
    }
    set(crowd.engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT_GROUP, 1, 2 * gross_most - 50));
    publish(crowd.engine);
  }

  void play() {
    crowd.work([this](uint32_t thread) { live(thread); });
    crowd.need_sound("at rest");
    crowd.need_zero();
    crowd.close();
    printf("%u threads: %llu batches passed, %llu refused, %llu taken back\n", crowd.run.threads,
           (unsigned long long)passed, (unsigned long long)refused, (unsigned long long)taken_back);
  }

private:
  static constexpr uint32_t each = 24; // batches of a thread in a round
  static constexpr int64_t gross_most = 260;
  struct Mine {
    std::vector<uint64_t> passed, refused; // the first id of each batch
    uint64_t taken_back = 0;
  };
  Crowd crowd;
  Meeting meeting;
  std::vector<Mine> mine;
  std::set<uint64_t> ever; // ids that were listed in this round
  std::vector<rck_order_info> listed;
  uint64_t passed = 0, refused = 0, taken_back = 0;

  void live(uint32_t thread) {
    uint64_t seed = crowd.seed_of(thread);
    for (uint64_t round = 1; round <= crowd.run.turns; round++) {
      mine[thread] = Mine{};
      meeting.arrive();
      if (thread == 0)
        stir(round, drawn(&seed) % 8);
      else
        ask(thread, round, &seed);
      meeting.arrive();
      if (thread == 0)
        judge(round);
      meeting.arrive();
    }
  }

  static rck_latch latch_of(uint64_t round) {
    return round & 1 ? latch(RCK_SCOPE_GLOBAL, 0, RCK_STATE_HALTED) : latch(RCK_SCOPE_ACCOUNT, 2, RCK_STATE_HALTED);
  }

  void stir(uint64_t round, uint64_t looks) {
    ever.clear();
    for (uint64_t look = 0; look <= looks; look++) {
      for (const rck_order_info &order : open_orders(crowd.engine))
        ever.insert(order.order_id);
      if (look % 4 == 1) {
        const int64_t most = gross_most + static_cast<int64_t>(round + look) % 3;
        set(crowd.engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_ACCOUNT, 3, most));
        publish(crowd.engine);
      }
    }
    const rck_latch halt = latch_of(round);
    PASSES(rck_latch_set(crowd.engine, &halt, nullptr));
    listed = open_orders(crowd.engine);
    for (const rck_order_info &order : listed)
      ever.insert(order.order_id);
  }

  void ask(uint32_t thread, uint64_t round, uint64_t *seed) {
    Mine &own = mine[thread];
    for (uint32_t turn = 0; turn < each; turn++) {
      const uint64_t id = ((round << 8 | thread) << 8 | turn) << 1;
      rck_order legs[2];
      rck_verdict verdicts[2];
      uint32_t good = 0;
      for (uint32_t leg = 0; leg < 2; leg++)
        // Every other batch goes through the rows the other way around; every third is of strategies with sums.
        legs[leg] = order(id + leg, 1 + ((leg + turn) & 1), turn % 3 ? 0 : 1 + leg, 1 + ((leg + turn / 2) & 1),
                          RCK_SIDE_BUY + ((leg ^ turn / 4) & 1), 1 + static_cast<int64_t>(drawn(seed) % 2), 10, 1);
      PASSES(rck_check_batch(crowd.ports[thread], legs, verdicts, 2, RCK_BATCH_ALL_OR_NONE, &good));
      if (good == 2) {
        own.passed.push_back(id);
        continue;
      }
      const rck_verdict &told = verdicts[verdicts[0].status == RCK_REJECT_BATCH];
      gives("rck_check_batch", told.status,
            {RCK_REJECT_EXPOSURE_GROSS, RCK_REJECT_WORKING_COUNT, RCK_REJECT_HALTED, RCK_REJECT_ORDERS_FULL,
             RCK_REJECT_CONTENDED});
      const rck_verdict &other = verdicts[&told == verdicts];
      if (other.status != RCK_REJECT_BATCH || other.token || told.token || good)
        wrong("a batch is refused in part");
      for (uint32_t leg = 0; leg < 2; leg++) {
        rck_order_info found{};
        if (rck_order_get(crowd.engine, 0, id + leg, &found) != RCK_REJECT_ORDER_UNKNOWN)
          wrong("a leg of a batch that was refused is found");
      }
      const bool was_there = told.control == RCK_CONTROL_STATE && told.flags & RCK_VERDICT_CONTENDED;
      if (was_there)
        own.taken_back++;
      else
        own.refused.push_back(id);
    }
  }

  void judge(uint64_t round) {
    const auto number = static_cast<unsigned long long>(round);
    if (crowd.run.planted) // a leg of some batch ends by itself
      for (const rck_order_info &order : open_orders(crowd.engine)) {
        rck_verdict verdict;
        PASSES(rck_release(crowd.spare(), order.token, 0, RCK_RELEASE_DONE, 1, &verdict));
        break;
      }
    std::set<uint64_t> lives, told;
    for (const rck_order_info &order : open_orders(crowd.engine))
      lives.insert(order.order_id);
    for (const rck_order_info &order : listed)
      told.insert(order.order_id);
    uint64_t legs = 0;
    for (const Mine &own : mine) {
      for (const uint64_t id : own.passed)
        for (uint64_t leg = id; leg < id + 2; leg++, legs++) {
          if (!lives.count(leg))
            wrong("round %llu: a leg of a batch that passed does not live", number);
          // Behind the latch only batches pass that it does not apply to.
          if (round & 1 && !told.count(leg))
            wrong("round %llu: a leg of a batch that passed is not listed", number);
        }
      for (const uint64_t id : own.refused)
        if (ever.count(id) || ever.count(id + 1))
          wrong("round %llu: a leg of a batch that was refused was listed", number);
      passed += own.passed.size();
      refused += own.refused.size();
      taken_back += own.taken_back;
    }
    if (legs != lives.size())
      wrong("round %llu: %zu orders live, of %llu legs that passed", number, lives.size(), (unsigned long long)legs);
    for (uint32_t account = 1; account <= 2; account++)
      if (book(crowd.engine, RCK_SCOPE_ACCOUNT, account).gross > gross_most)
        wrong("round %llu: account %u is above its limit", number, account);
    if (round % 16 == 0)
      crowd.need_sound("between rounds");
    const rck_latch halt = latch_of(round);
    PASSES(insist([&] { return rck_latch_clear(crowd.engine, &halt, nullptr); }));
    crowd.release_all();
  }
};

} // namespace desk

#endif
