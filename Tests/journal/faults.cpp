// A journal whose system fails at each of its calls: the process is killed there, the call gives an error, is cut short
// or interrupted. Whoever goes on has each record exactly once, as it would have been without.
//
//   faults <folder> kill|again|error|short <stride> <seed> [planted]
//
// `kill`: killed at every `stride`th call, or in the midst of what it writes; the region is opened again. `again`: and
// killed once more while it does, or calls fail. `error`: one or several calls in a row fail, with each of some
// numbers. `short`: writes are cut short, and calls interrupted: nobody notices. `planted`: what is expected has one
// record too many.
#include "successor.hpp"

namespace {

constexpr uint64_t calls_max = 100'000;

struct Host {
  Places places;
  Script script;
  Records all;                  // what the life writes
  std::vector<Counts> by_round; // and how much of it behind each round
  uint64_t stride = 1;
  bool is_planted = false;

  explicit Host(const std::string &base) : places(base) {}

  void learn() {
    by_round.clear();
    places.clear();
    all = lived(script, places.region, &by_round);
    places.clear();
    if (is_planted)
      all[1].insert(all[1].begin(), all[1].front());
  }

  // How many calls the life makes when nothing fails.
  uint64_t calls(uint32_t which) {
    places.clear();
    const std::string wrong = in_child([&] { return with({faults::none, 0, 1, EIO, which}); });
    if (!wrong.empty())
      printf("     without a fault: %s\n", wrong.c_str());
    return report().calls;
  }

  std::string with(const faults::Plan &plan) {
    faults::plan = plan;
    Journalled life(script, places);
    life.live();
    if (!life.wrong.empty())
      return life.wrong;
    Records found;
    const std::string wrong = read_whole(places.folder, found);
    if (!wrong.empty() || script.segments_max)
      return wrong;
    const std::string differs = difference(found, all, false);
    if (!differs.empty())
      return differs;
    const std::string beside = difference(life.follower.records, found, false);
    return beside.empty() ? "" : "who read beside the pump: " + beside;
  }

  std::string killed(const faults::Plan &plan) {
    places.clear();
    report().round = 0;
    return in_child([&] { return with(plan); });
  }

  std::string resumed(const faults::Plan &plan) {
    const uint64_t round = report().round;
    return in_child([&] {
      faults::plan = plan;
      Successor successor(script, places);
      successor.is_visited = round % 2;
      const std::string wrong = successor.go_on(round == 0 ? Records() : first_of(all, by_round[round - 1]));
      report().calls = faults::calls;
      return wrong;
    });
  }
};

const char *const policies[] = {"no sync", "sync by interval", "sync of each batch"};

int kill_at_each_call(Host &host) {
  int failed = 0;
  for (const uint32_t sync : {RCK_SYNC_NONE, RCK_SYNC_BATCH}) {
    host.script.sync = sync;
    host.learn();
    Tally tally(
        text("killed at any call of the system (%s), who goes on has each record exactly once", policies[sync]));
    const uint32_t which = faults::Plan{}.which;
    const uint64_t calls = host.calls(which);
    report().repeats = 0;
    for (const faults::Kind kind : {faults::kill_before, faults::kill_in_part})
      for (uint64_t at = 1; at <= calls; at += host.stride) {
        if (host.killed({kind, at, 1, EIO, which}) != "killed")
          continue; // not a write
        const std::string wrong = host.resumed({});
        tally.tried++;
        if (!wrong.empty())
          tally.fault(text("call %llu of %llu, in round %llu%s: ", static_cast<unsigned long long>(at),
                           static_cast<unsigned long long>(calls), static_cast<unsigned long long>(report().round),
                           kind == faults::kill_before ? "" : ", half done") +
                      wrong);
      }
    failed += tally.close(text("%llu repeats", static_cast<unsigned long long>(report().repeats)));
  }
  return failed;
}

int kill_again(Host &host) {
  host.script.sync = RCK_SYNC_BATCH;
  host.learn();
  Tally tally("killed once more while it goes on, who goes on then has each record exactly once");
  const uint32_t which = faults::Plan{}.which;
  const uint64_t calls = host.calls(which);
  for (uint64_t at = 1; at <= calls; at += host.stride) {
    for (uint64_t again = 1; again < calls_max; again++) {
      const faults::Kind kind = again % 2 ? faults::kill_in_part : faults::kill_before;
      if (host.killed({at % 2 ? faults::kill_before : faults::kill_in_part, at, 1, EIO, which}) != "killed")
        break;
      if (host.resumed({kind, again, 1, EIO, which}) != "killed" && kind == faults::kill_before)
        break;
      const std::string wrong = host.resumed({});
      tally.tried++;
      if (!wrong.empty())
        tally.fault(text("call %llu, then call %llu: ", static_cast<unsigned long long>(at),
                         static_cast<unsigned long long>(again)) +
                    wrong);
    }
  }
  return tally.close();
}

int fail_while_going_on(Host &host) {
  int failed = 0;
  for (const faults::Plan &trouble :
       {faults::Plan{faults::error, 0, 1, EIO, ~0u}, {faults::error, 0, 3, ENOSPC, ~0u}}) {
    Tally tally(
        text("killed, then errno %d for %llu of the calls by which it goes on: each record is there exactly once",
             trouble.number, static_cast<unsigned long long>(trouble.count)));
    host.script.sync = RCK_SYNC_BATCH;
    host.learn();
    const uint32_t which = faults::Plan{}.which;
    const uint64_t calls = host.calls(which);
    for (uint64_t at = 1; at <= calls; at += host.stride)
      for (uint64_t again = 1; again < calls_max; again += 1 + host.stride / 8) {
        const faults::Kind kind = at % 2 ? faults::kill_before : faults::kill_in_part;
        if (host.killed({kind, at, 1, EIO, which}) != "killed")
          break;
        faults::Plan plan = trouble;
        plan.at = again;
        const std::string wrong = host.resumed(plan);
        tally.tried++;
        if (!wrong.empty())
          tally.fault(text("call %llu, then call %llu: ", static_cast<unsigned long long>(at),
                           static_cast<unsigned long long>(again)) +
                      wrong);
        if (report().calls < again)
          break;
      }
    failed += tally.close();
  }
  return failed;
}

struct Trouble {
  const char *what;
  faults::Kind kind;
  int number;
  uint64_t count;
  uint32_t which;
};

int fail_at_each_call(Host &host, const std::vector<Trouble> &troubles) {
  int failed = 0;
  for (const Trouble &trouble : troubles) {
    Tally tally(trouble.what);
    for (const uint32_t sync : {RCK_SYNC_NONE, RCK_SYNC_INTERVAL, RCK_SYNC_BATCH}) {
      host.script.sync = sync;
      host.learn();
      const uint64_t calls = host.calls(trouble.which);
      for (uint64_t at = 1; at <= calls; at += host.stride) {
        const std::string wrong = host.killed({trouble.kind, at, trouble.count, trouble.number, trouble.which});
        tally.tried++;
        if (!wrong.empty())
          tally.fault(text("%s, call %llu of %llu, in round %llu: ", policies[sync],
                           static_cast<unsigned long long>(at), static_cast<unsigned long long>(calls),
                           static_cast<unsigned long long>(report().round)) +
                      wrong);
      }
    }
    failed += tally.close();
  }
  return failed;
}

constexpr uint32_t changes = ~(1u << faults::looks), looks = 1u << faults::looks;

const std::vector<Trouble> errors = {
    {"a full disk, for one call: the status says so, nothing is lost, and the next pump goes on", faults::error, ENOSPC,
     1, 1u << faults::writes | 1u << faults::opens},
    {"a disk that is full in the midst of a write: likewise", faults::part_then_error, ENOSPC, 2, 1u << faults::writes},
    {"a failing disk, for one call: likewise", faults::error, EIO, 1, changes & ~(1u << faults::syncs)},
    {"a failing disk, for four calls in a row: likewise", faults::error, EIO, 4, changes & ~(1u << faults::syncs)},
    {"a sync that fails, once or four times: likewise, also for who reads beside the pump", faults::error, EIO, 1,
     1u << faults::syncs},
    {"a sync that fails four times in a row: likewise", faults::error, EIO, 4, 1u << faults::syncs},
    {"a directory that is gone, for three calls: likewise", faults::error, ENOENT, 3,
     1u << faults::opens | 1u << faults::renames},
    {"no descriptor, or nothing to be read, for one call: likewise", faults::error, EMFILE, 1, looks},
};

const std::vector<Trouble> shorts = {
    {"a write that is cut short is gone on with", faults::part, 0, 1, 1u << faults::writes},
    {"writes that are cut short five times in a row are gone on with", faults::part, 0, 5, 1u << faults::writes},
    {"a call that is interrupted is called again", faults::interrupted, EINTR, 1,
     1u << faults::writes | 1u << faults::looks},
};

} // namespace

int main(int count, char **words) {
  if (count < 5)
    return 2;
  const std::string mode = words[2];
  Host host(words[1]);
  host.stride = strtoull(words[3], nullptr, 10);
  host.script.seed = strtoull(words[4], nullptr, 10);
  host.is_planted = has_word(count, words, "planted");
  if (mode == "kill")
    return kill_at_each_call(host) ? 1 : 0;
  if (mode == "again")
    return kill_again(host) + fail_while_going_on(host) ? 1 : 0;
  return fail_at_each_call(host, mode == "error" ? errors : shorts) ? 1 : 0;
}
