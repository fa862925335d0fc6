// What callgrind counts: calls of many kinds, a thousand operations each, and nothing measured. Each kind has an engine
// of its own, made while callgrind looks away, works through first touches, and then has its counts dumped alone,
// named KIND.DISCIPLINE CALL CALLS OPERATIONS: what is counted is what is done inside CALL.
//   riskbench-instructions [NAME]...   all whose names begin with one of these; all of them if none is given
// `batch_` and a number checks in batches of so many, `batch` of 64, `legs` of 4 that pass all or none; `told` has
// commands told, `kept` violations and statistics kept; `beside.` has a control armed beside the desk's profile,
// `shared.` a limit on what many share; `alone.` has one control and no other, `refused.` likewise, with orders that it
// refuses. Exits 0 if every call said what it had to, 2 if there is no such kind.
#include "counted_calls.h"
#include "alone_profiles.h"
#include "full_profile.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <valgrind/callgrind.h>

namespace {

using namespace bench;

constexpr uint64_t first_operations = 192, counted_operations = 1'024;
// Engines at a time: callgrind translates anew after it looked away, and each takes some megabytes.
constexpr size_t engines_most = 16;

struct Kind {
  std::string name;
  const char *call;
  std::function<Work(uint32_t discipline)> make;
  uint64_t each = 1; // operations of a call
};
using Kinds = std::vector<Kind>;

template <class Turn>
void add(Kinds &kinds, const std::string &name, const char *call, const Profile &profile, Turn turn, uint64_t each = 1,
         uint32_t flags = 0) {
  auto make = [profile, turn, flags](uint32_t discipline) { return work(profile, discipline, turn, flags); };
  kinds.push_back({name, call, make, each});
}

void add_orders(Kinds &kinds) {
  const Profile desk = desk_profile(wide_limits());
  const char *check = "rck_check", *in_batch = "rck_check_batch";
  Armoury all;
  all.arm("catalogue");
  add(kinds, "accepted", check, desk, accepted<>);
  add(kinds, "refused", check, desk, [](Stand &at) {
    return refused(at, [](rck_order &order) { order.quantity = 10'010; }, RCK_REJECT_ORDER_QUANTITY);
  });
  add(kinds, "full", check, full_profile(), accepted<>);
  add(kinds, "batch", in_batch, desk, batch<batch_orders>, batch_orders);
  add(kinds, "batch_1", in_batch, desk, batch<1>);
  add(kinds, "batch_16", in_batch, desk, batch<16>, 16);
  add(kinds, "batch_1024", in_batch, desk, batch<RCK_BATCH_MAX>, RCK_BATCH_MAX);
  add(kinds, "legs", in_batch, desk, batch<legs_each, RCK_BATCH_ALL_OR_NONE>, legs_each);
  add(kinds, "catalogue", check, all.profile(), accepted<decide>);
  add(kinds, "told", check, desk, accepted<>, 1, RCK_TELL_COMMANDS);
  add(kinds, "kept", check, desk, accepted<>, 1, RCK_KEEP_VIOLATIONS | RCK_KEEP_STATISTICS);
}

void add_controls(Kinds &kinds) {
  add(kinds, "beside.nothing", "rck_check", Armoury().profile(), accepted<decide>);
  for (const char *name : control_names) {
    Armoury armoury;
    armoury.arm(name);
    add(kinds, std::string("beside.") + name, "rck_check", armoury.profile(), accepted<decide>);
  }
  add(kinds, "shared.group_of_accounts", "rck_check", shared(RCK_SCOPE_ACCOUNT_GROUP), accepted<>);
  add(kinds, "shared.engine", "rck_check", shared(RCK_SCOPE_GLOBAL), accepted<>);
  add(kinds, "alone.nothing", "rck_check", alone("nothing"), accepted<decide>);
  for (const DeskControl &control : desk_controls)
    add(kinds, std::string("alone.") + control.name, "rck_check", alone(control.name), accepted<decide>);
  for (const char *name : control_names)
    add(kinds, std::string("alone.") + name, "rck_check", alone(name), accepted<decide>);
  for (const Refusal &refusal : refusals) {
    auto make = [&refusal](uint32_t discipline) {
      auto at = std::make_shared<Stand>(refusing(refusal.name), discipline, 0);
      if (refusal.prepare != nullptr)
        refusal.prepare(at->desk);
      return work_with(at, [&refusal](Stand &stand) { return refused(stand, refusal.alter, refusal.status); });
    };
    kinds.push_back({std::string("refused.") + refusal.name, "rck_check", make});
  }
}

void add_calls(Kinds &kinds) {
  const Profile desk = desk_profile(wide_limits());
  add(kinds, "release", "rck_release", desk, accepted<>);
  add(kinds, "cancel", "rck_cancel", desk, cancel);
  add(kinds, "amend", "rck_amend", desk, amend);
  add(kinds, "amend_result", "rck_amend_result", desk, amend);
  add(kinds, "amend_batch", "rck_amend_batch", desk, change_batch<false>, batch_orders);
  add(kinds, "fill", "rck_fill", desk, fill);
  add(kinds, "fill_batch", "rck_fill_batch", desk, change_batch<true>, batch_orders);
  add(kinds, "drop_copy", "rck_drop_copy", desk, drop_copy);
  add(kinds, "check_dry", "rck_check_dry", desk, check_dry);
  add(kinds, "headroom", "rck_headroom", desk, headroom);
  add(kinds, "explain", "rck_explain", desk, explain);
  add(kinds, "order_get", "rck_order_get", desk, order_get);
  add(kinds, "position_get", "rck_position_get", desk, position_get);
  add(kinds, "book_get", "rck_book_get", desk, book_get);
  add(kinds, "quote", "rck_market_quote", desk, quote);
  add(kinds, "trade", "rck_market_trade", desk, trade);
  add(kinds, "book", "rck_market_book", desk, book);
  add(kinds, "mark", "rck_mark", desk, mark);
  add(kinds, "metric", "rck_metric_set", desk, feed_metric);
  add(kinds, "beat", "rck_beat", desk, beat);
  add(kinds, "event_write", "rck_event_write", desk, through_ring<1>);
  add(kinds, "event_write_64", "rck_event_write", desk, through_ring<64>, 64);
  add(kinds, "events_read", "rck_events_read", desk, through_ring<1>);
  add(kinds, "events_read_64", "rck_events_read", desk, through_ring<64>, 64);
}

// A kind under one discipline.
struct Counting {
  const Kind *kind;
  uint32_t discipline;
  std::string name() const { return kind->name + (discipline == RCK_MANY_WRITERS ? ".many" : ".one"); }
};

bool is_named(const Counting &counted, const std::vector<std::string> &names) {
  auto begins = [&counted](const std::string &name) { return counted.name().starts_with(name); };
  return std::any_of(names.begin(), names.end(), begins);
}

bool count(const Counting &counted, const Work &work) {
  const uint64_t each = counted.kind->each;
  bool good = work(std::max<uint64_t>(1, first_operations / each));
  CALLGRIND_ZERO_STATS;
  good = work(counted_operations / each) && good;
  std::string calls = std::to_string(counted_operations / each);
  std::string told = counted.name() + " " + counted.kind->call + " " + calls + " " + std::to_string(counted_operations);
  CALLGRIND_DUMP_STATS_AT(told.c_str());
  if (!good)
    std::fprintf(stderr, "riskbench-instructions: %s: a call did not say what it had to\n", counted.name().c_str());
  return good;
}

bool count_all(const std::vector<Counting> &chosen) {
  bool good = true;
  for (size_t from = 0; from < chosen.size(); from += engines_most) {
    size_t to = std::min(from + engines_most, chosen.size());
    std::vector<Work> works;
    for (size_t i = from; i < to; i++)
      works.push_back(chosen[i].kind->make(chosen[i].discipline));
    CALLGRIND_START_INSTRUMENTATION;
    for (size_t i = from; i < to; i++)
      good = count(chosen[i], works[i - from]) && good;
    CALLGRIND_STOP_INSTRUMENTATION;
  }
  return good;
}

} // namespace

int main(int words, char **word) {
  const std::vector<std::string> names(word + 1, word + words);
  Kinds kinds;
  add_orders(kinds);
  add_controls(kinds);
  add_calls(kinds);
  std::vector<Counting> chosen;
  for (const Kind &kind : kinds)
    for (uint32_t discipline : {RCK_MANY_WRITERS, RCK_ONE_WRITER})
      if (Counting each{&kind, discipline}; words == 1 || is_named(each, names))
        chosen.push_back(each);
  if (chosen.empty()) {
    std::fprintf(stderr, "usage: riskbench-instructions [NAME]...: no kind begins so\n");
    return 2;
  }
  return count_all(chosen) ? 0 : 1;
}
