// Limits of many: what one on a group of accounts adds to a check, and what one on the whole engine costs two threads
// on accounts of their own, with leases and with one shared word.
#pragma once

#include "alone_profiles.h"
#include "thread_scenarios.h"

namespace bench {

constexpr const char *group_names[] = {"wide.group.many", "wide.group.one"};
constexpr const char *global_name = "wide.global";

inline Profile group_profile(bool limited) {
  Profile profile = grouped();
  if (limited)
    profile.limits.push_back(gross_limit(RCK_SCOPE_ACCOUNT_GROUP, 1));
  return profile;
}

template <bool Shared>
void run_group(Report &report, const Options &options, const TickClock &clock, const std::string &name) {
  uint32_t discipline = Shared ? RCK_MANY_WRITERS : RCK_ONE_WRITER;
  LibraryDesk with(group_profile(true), discipline), without(group_profile(false), discipline);
  std::vector<Contender> contenders{judged(desk_contender("", with, options, clock, StreamOf{}, Expected{}),
                                           group_profile(true), discipline, options, Expected{}),
                                    judged(desk_contender("without", without, options, clock, StreamOf{}, Expected{}),
                                           group_profile(false), discipline, options, Expected{})};
  Rounds rounds = run_rounds(contenders, options.order_rounds, nullptr, options.seed, options.plant);
  collect_orders(report, rounds, contenders, name, 1);
  std::vector<size_t> chosen = rounds_of(rounds, Verdict::Near);
  std::vector<Row> rows = order_rows(rounds, chosen, contenders, name);
  double most = Shared ? 12 : 5;
  rows[0].target = std::string("a limit on a group of accounts adds at most ") + (Shared ? "12" : "5") + " ns";
  if (rows[0].p50) {
    double added =
        median_of(rounds, chosen, [](const auto &of) { return median(of[0].batches) - median(of[1].batches); });
    rows[0].extra.emplace_back("added_ns", added);
    rows[0].met = added <= most;
  }
  add_order_rows(report, rows);
}

inline Profile global_profile(bool limited, uint32_t flags = 0) {
  Profile profile = apart_profile();
  if (limited)
    profile.limits.push_back(gross_limit(RCK_SCOPE_GLOBAL, 0, flags));
  return profile;
}

inline void run_global(Report &report, const Options &options, const TickClock &clock, Partner &partner) {
  Capacity capacity = thread_capacity();
  LibraryDesk leased(global_profile(true), RCK_MANY_WRITERS, capacity),
      without(global_profile(false), RCK_MANY_WRITERS, capacity),
      word(global_profile(true, RCK_LEASE_NEVER), RCK_MANY_WRITERS, capacity);
  std::vector<Contender> contenders{pair_contender("", leased, leased, 2, 2, partner, options, clock),
                                    pair_contender("without", without, without, 2, 2, partner, options, clock),
                                    pair_contender("one-word", word, word, 2, 2, partner, options, clock)};
  Rounds rounds = run_rounds(contenders, options.order_rounds, &partner, options.seed, options.plant);
  collect_orders(report, rounds, contenders, global_name);
  std::vector<size_t> chosen = rounds_of(rounds, Verdict::Near);
  std::vector<Row> rows = thread_rows(rounds, chosen, contenders, global_name);
  rows[0].target = "two threads under one limit of the engine: at least 0.95 times the same without it";
  if (rows[0].ratio) {
    rows[0].met = *rows[0].ratio >= 0.95;
    rows[0].extra.emplace_back("time_of_one_word_to_without", median_of(rounds, chosen, [](const auto &of) {
                                 return ns_each(of[2]) / ns_each(of[1]);
                               }));
  }
  rows[0].note = "wide.global: one limit on gross exposure of the whole engine, its headroom leased to ports; "
                 "/one-word the same limit with leases forbidden";
  add_order_rows(report, rows);
}

inline void run_wide_scenarios(Report &report, const Options &options, const TickClock &clock) {
  std::vector<int> cores = allowed_cores();
  if (!cores.empty())
    pin(cores[0]);
  if (wanted(options, group_names[0]))
    run_group<true>(report, options, clock, group_names[0]);
  if (wanted(options, group_names[1]))
    run_group<false>(report, options, clock, group_names[1]);
  if (!wanted(options, global_name))
    return;
  if (cores.size() < 2) {
    report.skipped.push_back({global_name, "needs two cores"});
    return;
  }
  Partner partner(cores[0], second_core());
  run_global(report, options, clock, partner);
}

} // namespace bench
