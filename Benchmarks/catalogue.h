// The scenarios by name, with what each measures: what `--list` and `--scenario NAME --help` say, and results repeat.
// A name stands for itself and for all rows that begin so.
#pragma once

#include <cstdio>
#include <string>

namespace bench {

struct About {
  const char *name, *what;
};

constexpr About catalogue[] = {
    {"ring.write1.read1", "records of 64 bytes through a port's ring between two cores, one a call on both sides; "
                          "against boost::lockfree::spsc_queue inlined"},
    {"ring.write1.read64", "likewise, read by as many as there are up to 64"},
    {"ring.write32.read1", "likewise, written by 32, read one by one"},
    {"ring.write32.read64", "likewise, written by 32, read by up to 64"},
    {"ring.pingpong", "one record there and back"},
    {"load.create", "dlopen and an engine of the defaults in a fresh process, against populating as much memory"},
    {"desk.many", "an accepted check of the desk's profile, many writers, against the hand-written floor"},
    {"desk.one", "likewise, one writer"},
    {"desk.refused.many", "an order refused for its quantity, against the floor's and an accepted one"},
    {"desk.refused.one", "likewise, one writer"},
    {"full.many", "every control that rows and rates come with, at every scope, with three levels each"},
    {"full.one", "likewise, one writer"},
    {"controls.many", "each further control armed beside the desk's profile, and all of them"},
    {"controls.one", "likewise, one writer"},
    {"alone.many", "each control alone, accepted and refused, against a desk without limits"},
    {"alone.one", "likewise, one writer"},
    {"lifecycle.many", "a whole life: check, amend, its acceptance, two partial fills, release"},
    {"lifecycle.one", "likewise, one writer"},
    {"growth.rows", "a check with 16 to 1,048,576 position rows, met at random"},
    {"growth.limits", "a check among 10 to 100,000 limits"},
    {"memory", "a check whose rows are hot, in the second cache, in the third, in memory"},
    {"pages", "a million rows on huge pages and on normal ones"},
    {"batch.many", "64 orders a call against one by one, many writers"},
    {"batch.one", "likewise, one writer"},
    {"batch.rows", "64 orders a call on a million rows"},
    {"batch.legs", "4 legs that pass all or none"},
    {"batch.size", "1 to 1,024 orders a call"},
    {"threads.apart", "two threads on accounts of their own, against two engines and the floor"},
    {"threads.together", "two threads on one account, against the floor and one bare word"},
    {"wide.group.many", "what a limit on a group of accounts adds"},
    {"wide.group.one", "likewise, one writer"},
    {"wide.global", "two threads under one limit of the whole engine, leased and not"},
    {"changes.many", "checks while another core publishes limits"},
    {"changes.one", "likewise, one writer"},
    {"latch.many", "how soon a kill latch of one core is seen by checks on another"},
    {"latch.one", "likewise, one writer"},
    {"journal.check.many", "checks that are told and pumped into a journal, that keep violations and statistics, and "
                           "that tell nothing"},
    {"journal.check.one", "likewise, one writer"},
    {"journal.pump", "a pump's time for a record"},
    {"journal.verify", "a verification's time for a record"},
    {"journal.replay", "a replay's time for a command"},
    {"flow.many", "order flow replayed from a file (--flow), or made from the seed"},
    {"flow.one", "likewise, one writer"},
    {"open.poisson.100k", "open loop, 100,000 orders a second at random instants; latency from when they were due"},
    {"open.poisson.1m", "likewise, 1,000,000"},
    {"open.poisson.5m", "likewise, 5,000,000"},
    {"open.bursty.100k", "open loop, bursts of 32 orders at random instants, 100,000 orders a second"},
    {"open.bursty.1m", "likewise, 1,000,000"},
    {"open.bursty.5m", "likewise, 5,000,000"},
};

// Prints the scenarios that begin so; false if there is none.
inline bool print_scenarios(const std::string &prefix) {
  bool any = false;
  for (const About &about : catalogue) {
    if (std::string(about.name).rfind(prefix, 0) != 0)
      continue;
    std::printf("%-22s %s\n", about.name, about.what);
    any = true;
  }
  return any;
}

} // namespace bench
