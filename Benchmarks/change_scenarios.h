// What happens beside checks: limits that another thread changes and publishes all the time, and a kill latch, of which
// is measured how soon a thread that checks all the time is refused for it.
#pragma once

#include "thread_scenarios.h"

namespace bench {

constexpr const char *change_names[] = {"changes.many", "changes.one"};
constexpr const char *latch_names[] = {"latch.many", "latch.one"};

// Changes one limit after another, each published by itself, until it is told to stop.
class Publisher {
public:
  Publisher(rck_engine *engine, const Profile &profile) : engine_(engine), limits_(profile.limits) {
    std::erase_if(limits_, [](const rck_limit &limit) { return limit.control != RCK_CONTROL_ORDER_QUANTITY; });
  }

  void run() {
    while (!stop_.load(std::memory_order_acquire)) {
      rck_limit &limit = limits_[published % limits_.size()];
      limit.hard ^= 1; // no order is near it
      good = good && rck_limit_set(engine_, &limit, RCK_LOOSEN, nullptr) == RCK_OK &&
             rck_limits_publish(engine_, nullptr, nullptr) == RCK_OK;
      published++;
      for (int i = 0; i < 256; i++)
        _mm_pause();
    }
  }
  void begin() { stop_.store(false, std::memory_order_release); }
  void stop() { stop_.store(true, std::memory_order_release); }

  uint64_t published = 0;
  bool good = true;

private:
  rck_engine *engine_;
  std::vector<rck_limit> limits_;
  std::atomic<bool> stop_{false};
};

inline void run_changes(Report &report, const Options &options, const TickClock &clock, Partner &partner,
                        uint32_t discipline) {
  Profile profile = desk_profile(wide_limits());
  LibraryDesk changed(profile, discipline), quiet(profile, discipline);
  Publisher publisher(changed.engine(), profile);
  double busy_ns = 0;
  Contender beside = desk_contender("", changed, options, clock, StreamOf{}, Expected{});
  auto block = beside.block;
  beside.count = nullptr; // nobody would publish meanwhile
  beside.block = [&, block](uint64_t seed, Plant plant) {
    uint64_t from = now_ns();
    publisher.begin();
    uint64_t preemptions = 0;
    partner.start([&] {
      uint64_t own = preemptions_of_thread();
      publisher.run();
      preemptions = preemptions_of_thread() - own;
    });
    Outcome outcome = block(seed, plant);
    publisher.stop();
    partner.finish();
    outcome.preemptions += preemptions;
    busy_ns += double(now_ns() - from);
    outcome.intact &= publisher.good;
    return outcome;
  };
  std::vector<Contender> contenders{judged(beside, profile, discipline, options, Expected{}),
                                    judged(desk_contender("quiet", quiet, options, clock, StreamOf{}, Expected{}),
                                           profile, discipline, options, Expected{})};
  const char *name = change_names[discipline - 1];
  Rounds rounds = run_rounds(contenders, options.order_rounds / 3 + 1, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, name);
  std::vector<Row> rows = order_rows(rounds, rounds_of(rounds, Verdict::Near), contenders, name);
  rows[0].extra.emplace_back("publications_per_second", double(publisher.published) / busy_ns * 1e9);
  rows[0].note = "changes: another core sets one limit after another and publishes each, a few microseconds apart; "
                 "/quiet without";
  add_order_rows(report, rows);
}

// One thread checks and ends orders without a pause; the other sets a latch on all, at an instant that it draws.
class LatchTrial {
public:
  LatchTrial(LibraryDesk &desk, uint64_t seed)
      : engine_(desk.engine()), seat_(desk.seat(1)), random_(seed),
        stream_(1, {1, 1, 2, 16, 1, 1'700'000'000'000'000'000, 4'000'000}) {
    latch_.struct_size = sizeof latch_;
    latch_.scope_kind = RCK_SCOPE_GLOBAL;
    latch_.state = RCK_STATE_HALTED;
    latch_.actor = 1;
    std::strcpy(latch_.reason, "benchmark");
  }

  // Ticks from before the call that sets it until the first refusal is in hand. `returned`: ticks that the call took.
  uint64_t run(Partner &partner, uint64_t &returned) {
    std::atomic<uint64_t> set_at{0}, done_at{0};
    uint64_t pauses = 200 + random_.below(400);
    partner.start([&] {
      for (uint64_t i = 0; i < pauses; i++)
        _mm_pause();
      uint64_t before = ticks_before();
      good &= rck_latch_set(engine_, &latch_, nullptr) == RCK_OK;
      uint64_t after = ticks_after();
      set_at.store(before, std::memory_order_release);
      done_at.store(after, std::memory_order_release);
    });
    uint64_t refused_at = 0;
    while (refused_at == 0) {
      bool is_set = done_at.load(std::memory_order_acquire) != 0; // then this check begins behind the call's return
      rck_order order;
      rck_verdict verdict;
      stream_.make(order);
      seat_.check(order, verdict);
      uint64_t now = ticks_after();
      if (verdict.status == RCK_REJECT_HALTED) {
        refused_at = now;
        continue;
      }
      good &= verdict.status == RCK_OK && seat_.release(verdict.token, order.time_ns) == RCK_OK;
      passed_behind += is_set;
      if (passed_behind > 1000) // it never comes
        break;
    }
    partner.finish();
    seat_.drain();
    good &= rck_latch_clear(engine_, &latch_, nullptr) == RCK_OK;
    returned = done_at.load() - set_at.load();
    return refused_at > set_at.load() ? refused_at - set_at.load() : 0;
  }

  bool good = true;
  uint64_t passed_behind = 0; // that began when the call had returned, and passed all the same

private:
  rck_engine *engine_;
  LibraryDesk::Seat seat_;
  Random random_;
  OrderStream stream_;
  rck_latch latch_{};
};

inline void run_latch(Report &report, const Options &options, const TickClock &clock, Partner &partner,
                      uint32_t discipline) {
  LibraryDesk desk(desk_profile(wide_limits()), discipline);
  LatchTrial trial(desk, options.seed);
  Histogram seen, call;
  for (uint64_t i = 0; i < options.order_rounds * 4 + 16; i++) {
    uint64_t returned = 0, ticks = trial.run(partner, returned);
    if (i < 16) // the first ones warm up
      continue;
    seen.record(double(ticks) * clock.ns_per_tick);
    call.record(double(returned) * clock.ns_per_tick);
  }
  trial.passed_behind += options.plant != Plant::None; // as if one had
  Row row;
  row.scenario = latch_names[discipline - 1];
  row.unit = "ns";
  row.p50 = seen.percentile(0.5);
  put_singles(row, seen, clock.cost_ns);
  row.kept = seen.count();
  row.ghz = core_ghz();
  row.extra.emplace_back("call_p50_ns", call.percentile(0.5).value_or(0));
  row.extra.emplace_back("call_p99_ns", call.percentile(0.99).value_or(0));
  row.note = "latch: from before rck_latch_set on one core until a thread on the other, which checks and ends orders "
             "without a pause, has its first refusal; time stamps of both cores are taken for one clock. None passed "
             "that began behind the call's return, or the run would be INVALID";
  report.checksum += seen.count();
  if (!trial.good || trial.passed_behind != 0)
    report.found_corrupt(row.scenario);
  report.rows.push_back(std::move(row));
}

inline void run_change_scenarios(Report &report, const Options &options, const TickClock &clock) {
  std::vector<int> cores = allowed_cores();
  std::vector<std::string> asked;
  for (const auto *names : {&change_names, &latch_names}) {
    for (const char *name : *names)
      if (wanted(options, name))
        asked.push_back(name);
  }
  if (asked.empty())
    return;
  if (cores.size() < 2) {
    for (const std::string &name : asked)
      report.skipped.push_back({name, "needs two cores"});
    return;
  }
  Partner partner(cores[0], second_core());
  for (uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER}) {
    if (wanted(options, change_names[discipline - 1]))
      run_changes(report, options, clock, partner, discipline);
    if (wanted(options, latch_names[discipline - 1]))
      run_latch(report, options, clock, partner, discipline);
  }
}

} // namespace bench
