// Rounds in which all threads ask for the same thing at once, and after which what each was told is put together.
//
// ids      One order, one execution, one end, one new id, each asked for by every thread: one of them has it.
// rates    Time stands still in a round: of all attempts within a window exactly as many pass as are allowed.
// latches  Nobody ends an order while a latch is set: after the return of the set none is granted, and those that
//          were granted are what the setter finds listed.
#ifndef RCK_STRESS_ROUNDS_HPP
#define RCK_STRESS_ROUNDS_HPP

#include "crowd.hpp"

namespace desk {

// Checks of every other number go the shortest way.
inline uint32_t either(uint64_t number) { return number & 1 ? 1 : untracked; }

class Ids {
public:
  explicit Ids(const Run &run) : crowd(run, nullptr), meeting(run.threads), told(run.threads) {}

  void play() {
    crowd.work([this](uint32_t thread) { live(thread); });
    crowd.need_sound("at rest");
    crowd.close();
    printf("%u threads: %llu rounds, %llu answers contended\n", crowd.run.threads, (unsigned long long)crowd.run.turns,
           (unsigned long long)contended);
  }

private:
  struct Told {
    rck_status status = 0;
    rck_verdict verdict{};
  };
  Crowd crowd;
  Meeting meeting;
  std::vector<Told> told;
  uint64_t contended = 0;

  // All threads make the call at once; one of them then judges what all were told.
  template <class Call> void together(uint32_t thread, const char *what, bool repeats, Call call) {
    meeting.arrive();
    told[thread].status = call(&told[thread].verdict);
    meeting.arrive();
    if (thread == 0)
      judge(what, repeats);
  }

  // One has it. The others repeat it, of one token; or were in its way, and are told so.
  void judge(const char *what, bool repeats) {
    uint64_t winners = 0, token = 0;
    for (const Told &one : told)
      if (one.status == RCK_OK) {
        winners++;
        token = one.verdict.token;
      }
    if (winners != (crowd.run.planted ? 2 : 1))
      wrong("%llu of %u threads have %s", (unsigned long long)winners, crowd.run.threads, what);
    for (const Told &one : told) {
      if (one.status == RCK_OK)
        continue;
      const bool met = one.verdict.flags & RCK_VERDICT_CONTENDED || one.status == RCK_REJECT_CONTENDED;
      const bool repeat =
          repeats ? one.status == RCK_REPEAT && one.verdict.token == token : one.status == RCK_REJECT_AMEND_PENDING;
      contended += met;
      if (!met && !repeat)
        wrong("%s: a thread was told %s and token %llx, not %llx", what, rck_status_name(one.status),
              (unsigned long long)one.verdict.token, (unsigned long long)token);
    }
  }

  void live(uint32_t thread) {
    rck_port *port = crowd.ports[thread];
    uint64_t seed = crowd.seed_of(0); // all draw the same
    for (uint64_t turn = 1; turn <= crowd.run.turns; turn++) {
      const uint64_t id = turn * 4;
      const uint32_t side = 1 + (drawn(&seed) & 1);
      const rck_order asked = order(id, 1, either(turn >> 1), 1, side, 10, 10, 1);
      // Of some it is somebody else's.
      const auto bring = (turn + thread) % 4 ? rck_check : rck_drop_copy;
      together(thread, "an order", true, [&](rck_verdict *verdict) { return bring(port, &asked, verdict); });
      rck_report report = fill(0, 4, 4, 10, id, 1);
      report.order_id = id;
      together(thread, "an execution", true, [&](rck_verdict *verdict) { return rck_fill(port, &report, verdict); });
      const rck_order amended = order(id, 0, 0, 0, 0, 20, 11, 1);
      together(thread, "an amend", false, [&](rck_verdict *verdict) { return rck_amend(port, 0, &amended, verdict); });
      together(thread, "an answer", true,
               [&](rck_verdict *verdict) { return rck_amend_result(port, 0, id, turn & 1, verdict); });
      together(thread, "an end", true,
               [&](rck_verdict *verdict) { return rck_release(port, 0, id, RCK_RELEASE_CANCELLED, 1, verdict); });
      rck_report unknown = fill(0, 3, 3, 10, id + 1, 1);
      unknown.order_id = id + 2;
      unknown.account = unknown.strategy = unknown.instrument = 1;
      unknown.side = static_cast<uint8_t>(3 - side);
      together(thread, "an unknown order's execution", true,
               [&](rck_verdict *verdict) { return rck_fill(port, &unknown, verdict); });
    }
  }
};

class RateRounds {
public:
  explicit RateRounds(const Run &run) : crowd(run, nullptr), meeting(run.threads), passed(run.turns + 1) {}

  void play() {
    uint64_t all = 0;
    rounds(RCK_SCOPE_ACCOUNT, 1, RCK_MEASURE_NEW);
    all += exact(32);
    rounds(RCK_SCOPE_INSTRUMENT, 1, RCK_MEASURE_NEW);
    all += exact(32);
    rounds(RCK_SCOPE_STRATEGY, untracked, RCK_MEASURE_NEW);
    all += exact(32);
    rounds(RCK_SCOPE_STRATEGY, 1, RCK_MEASURE_MODIFY);
    all += exact(32);
    crowd.release_all();
    crowd.close();
    printf("%u threads: %llu messages passed in %llu rounds, %llu attempts contended\n", crowd.run.threads,
           (unsigned long long)all, (unsigned long long)crowd.run.turns * 4, (unsigned long long)contended.load());
  }

private:
  static constexpr int64_t window = 4, attempts = 8; // rounds, and attempts of each thread in one
  Crowd crowd;
  Meeting meeting;
  std::vector<std::atomic<uint64_t>> passed;
  std::atomic<uint64_t> contended{0};
  int64_t begin = 0;

  void rounds(uint32_t scope, uint32_t id, uint32_t measure) {
    for (auto &count : passed)
      count = 0;
    begin += static_cast<int64_t>(crowd.run.turns) + window;
    rck_limit bound = limit(RCK_CONTROL_RATE, measure, scope, id, 32);
    bound.window_ns = window;
    set(crowd.engine, bound);
    publish(crowd.engine);
    crowd.work([&](uint32_t thread) { live(thread, measure == RCK_MEASURE_NEW); });
    bound.actor = 1;
    PASSES(rck_limit_remove(crowd.engine, &bound, RCK_LOOSEN, nullptr));
    publish(crowd.engine);
  }

  void live(uint32_t thread, bool fresh) {
    rck_port *port = crowd.ports[thread];
    rck_verdict verdict{};
    uint64_t token = 0;
    const uint64_t base = (static_cast<uint64_t>(begin) << 8 | thread) << 20;
    if (!fresh) {
      const rck_order asked = order(base, 1, 1, 1, RCK_SIDE_BUY, 10, 10, begin);
      PASSES(rck_check(port, &asked, &verdict));
      token = verdict.token;
    }
    for (uint64_t round = 1; round <= crowd.run.turns; round++) {
      meeting.arrive();
      const int64_t now = begin + static_cast<int64_t>(round);
      for (uint64_t attempt = 0; attempt < attempts;) {
        const rck_order asked = order(fresh ? base + round * attempts + attempt : base, 1, fresh ? untracked : 1, 1,
                                      RCK_SIDE_BUY, 10, 10, now);
        const rck_status status = fresh ? rck_check(port, &asked, &verdict) : rck_amend(port, token, &asked, &verdict);
        // One that lost its row at every try had its place in the window all the same.
        if (status == RCK_OK || status == RCK_REJECT_CONTENDED)
          passed[round]++;
        if (status == RCK_OK) {
          PASSES(fresh ? rck_release(port, verdict.token, 0, RCK_RELEASE_CANCELLED, now, &verdict)
                       : rck_amend_result(port, token, 0, 0, &verdict));
        } else {
          gives("an attempt", status, {RCK_REJECT_RATE_NEW, RCK_REJECT_RATE_MODIFY, RCK_REJECT_CONTENDED});
        }
        // What met another in flight says nothing about the rate.
        if (status != RCK_OK && verdict.flags & RCK_VERDICT_CONTENDED)
          contended++;
        else
          attempt++;
      }
      meeting.arrive();
    }
  }

  // What passed in a round is what the rounds before left over, as far as it was asked for.
  uint64_t exact(uint64_t most) {
    uint64_t all = 0;
    const uint64_t asked = crowd.run.threads * attempts;
    for (uint64_t round = 1; round < passed.size(); round++) {
      uint64_t before = 0;
      for (uint64_t past = 1; past < window && past < round; past++)
        before += passed[round - past];
      const uint64_t room = std::min(asked, most - before) - (crowd.run.planted && round == passed.size() - 1);
      if (passed[round] != room)
        wrong("in round %llu %llu messages passed, and %llu in the window before it, of %llu",
              (unsigned long long)round, (unsigned long long)passed[round].load(), (unsigned long long)before,
              (unsigned long long)most);
      all += room;
    }
    return all;
  }
};

class LatchRounds {
public:
  explicit LatchRounds(const Run &run)
      : crowd(run, nullptr, 2 * each * run.threads), meeting(run.threads), granted(run.threads) {
    // Orders of account 2 accumulate, those of account 1 go the usual way: what takes back one of these leaves those.
    rck_limit day = limit(RCK_CONTROL_ACCUMULATED, RCK_MEASURE_QUANTITY_DAY, RCK_SCOPE_ACCOUNT, 2, int64_t{1} << 50);
    day.levels |= RCK_LEVEL_WARN;
    desk::set(crowd.engine, day);
    publish(crowd.engine);
    auto group = sized<rck_group>();
    group.id = 1;
    group.kind = RCK_GROUP_OF_ACCOUNTS;
    PASSES(insist([&] { return rck_group_set(crowd.engine, &group, nullptr); }));
    auto account = sized<rck_account>();
    account.id = 1;
    PASSES(rck_account_get(crowd.engine, 1, &account));
    account.groups[0] = 1;
    PASSES(insist([&] { return rck_account_set(crowd.engine, &account, nullptr); }));
  }

  void play() {
    crowd.work([this](uint32_t thread) { live(thread); });
    crowd.need_sound("at rest");
    crowd.need_zero();
    need_accumulated();
    crowd.close();
    printf("%u threads: %llu latches set, %llu orders granted before, %llu taken back\n", crowd.run.threads,
           (unsigned long long)crowd.run.turns, (unsigned long long)before, (unsigned long long)taken_back.load());
  }

private:
  static constexpr uint32_t each = 40; // orders that a thread asks for in a round
  Crowd crowd;
  Meeting meeting;
  std::atomic<uint64_t> latched{0}; // the last round whose latch is set: its store is visible
  std::atomic<uint64_t> taken_back{0}, accumulated{0};
  std::vector<std::vector<uint64_t>> granted;
  std::vector<rck_order_info> listed;
  uint64_t before = 0;

  // Every other time it is the silence of a port that latches.
  static bool is_silence(uint64_t round) { return round / 5 % 2; }

  static rck_latch latch_of(uint64_t round) {
    const uint32_t scopes[] = {RCK_SCOPE_GLOBAL, RCK_SCOPE_ACCOUNT, RCK_SCOPE_ACCOUNT_GROUP, RCK_SCOPE_STRATEGY,
                               RCK_SCOPE_INSTRUMENT};
    const uint32_t scope = scopes[round % 5];
    const uint32_t id = scope == RCK_SCOPE_STRATEGY ? either(round) : 1;
    return desk::latch(scope, scope == RCK_SCOPE_GLOBAL ? 0 : id, round & 1 ? RCK_STATE_HALTED : RCK_STATE_CANCEL_ONLY);
  }

  void live(uint32_t thread) {
    uint64_t seed = crowd.seed_of(thread);
    for (uint64_t round = 1; round <= crowd.run.turns; round++) {
      granted[thread].clear();
      meeting.arrive();
      if (thread == 0)
        set(round, drawn(&seed) % 512);
      else
        ask(thread, round);
      meeting.arrive();
      if (thread == 0)
        judge(round);
      meeting.arrive();
    }
  }

  void set(uint64_t round, uint64_t pause) {
    const rck_latch latch = latch_of(round);
    for (; pause; pause--)
      asm volatile("pause");
    if (crowd.run.planted)
      listed = open_orders(crowd.engine); // too early
    if (is_silence(round)) {
      // The port of this thread, which has had no time yet.
      const rck_port_watch silent = watch(1, 1, latch);
      uint32_t listed_port = 0, count = 0;
      PASSES(insist([&] { return rck_port_watch_set(crowd.engine, &silent, nullptr); }));
      PASSES(rck_watch(crowd.engine, 2, &listed_port, 1, &count));
      if (count != 1 || listed_port != 1)
        wrong("round %llu: the silent port is not listed", (unsigned long long)round);
    } else {
      PASSES(rck_latch_set(crowd.engine, &latch, nullptr));
    }
    latched.store(round, std::memory_order_release);
    if (!crowd.run.planted)
      listed = open_orders(crowd.engine);
  }

  void need_accumulated() {
    rck_verdict verdict{};
    const rck_order asked = order(1, 2, 0, 1, RCK_SIDE_BUY, 1, 1, 1);
    PASSES(rck_check_dry(crowd.ports[0], &asked, &verdict));
    if (verdict.observed != static_cast<int64_t>(accumulated) + 1)
      wrong("%llu orders have accumulated, and %lld count", (unsigned long long)accumulated.load(),
            (long long)verdict.observed - 1);
  }

  // A usual order behind it finds what it left.
  void accumulate(uint32_t thread, uint64_t id) {
    rck_verdict verdict;
    const rck_order asked = order(id, 2, 0, 1, RCK_SIDE_BUY, 1, 1, 1);
    if (rck_check(crowd.ports[thread], &asked, &verdict) == RCK_OK)
      accumulated++;
  }

  void ask(uint32_t thread, uint64_t round) {
    rck_verdict verdict;
    for (uint32_t turn = 0; turn < each; turn++) {
      const uint64_t id = (round << 8 | thread) << 8 | (turn + 1);
      accumulate(thread, id | 128);
      const rck_order asked = order(id, 1, either(round), 1, RCK_SIDE_BUY, 1, 1, 1);
      const bool closed = latched.load(std::memory_order_acquire) == round;
      const rck_status status = rck_check(crowd.ports[thread], &asked, &verdict);
      gives("rck_check", status,
            {RCK_OK, RCK_REJECT_HALTED, RCK_REJECT_CANCEL_ONLY, RCK_REJECT_DISCONNECTED, RCK_REJECT_ORDERS_FULL,
             RCK_REJECT_CONTENDED});
      const bool disconnected = status == RCK_REJECT_DISCONNECTED;
      if (is_silence(round) ? closed && !disconnected : disconnected)
        wrong("round %llu: a refusal names another cause than there is", (unsigned long long)round);
      if (status == RCK_OK && closed)
        wrong("round %llu: a check that began after the latch was set has passed", (unsigned long long)round);
      if (status == RCK_OK)
        granted[thread].push_back(id);
      else if (verdict.flags & RCK_VERDICT_CONTENDED)
        taken_back++;
    }
  }

  void judge(uint64_t round) {
    for (const auto &ids : granted)
      for (const uint64_t id : ids) {
        before++;
        if (std::none_of(listed.begin(), listed.end(), [=](const auto &order) { return order.order_id == id; }))
          wrong("round %llu: an order that was granted is not listed", (unsigned long long)round);
      }
    const rck_latch latch = latch_of(round);
    PASSES(insist([&] { return rck_latch_clear(crowd.engine, &latch, nullptr); }));
    crowd.release_all();
  }
};

} // namespace desk

#endif
