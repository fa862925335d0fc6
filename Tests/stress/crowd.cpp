// Threads that run freely on the same accounts, strategies and instruments, each on a port of its own.
//
//   crowd <mode> <threads> <turns> <seed> <file> [planted]
//
// What must hold is said at the head of the file of each mode. `planted` numbers a fault of the host's, or a
// demand that is a little more than what does hold: then the run must fail.
#include "copies.hpp"
#include "customs.hpp"
#include "firsts.hpp"
#include "grants.hpp"
#include "ledger.hpp"
#include "legs.hpp"
#include "retold.hpp"
#include "rounds.hpp"
#include "shared.hpp"

// A host that changes an order while the library reads it: a race, for ThreadSanitizer to find.
static void race(const desk::Run &run) {
  desk::Crowd crowd(run, nullptr);
  rck_order asked = desk::order(1, 1, 1, 1, RCK_SIDE_BUY, 1, 1, 1);
  crowd.work([&](uint32_t thread) {
    rck_verdict verdict;
    for (uint64_t turn = 0; turn < run.turns; turn++)
      if (thread)
        asked.correlation_id = turn;
      else
        rck_check_dry(crowd.ports[thread], &asked, &verdict);
  });
  crowd.close();
}

int main(int count, char **words) {
  using namespace desk;
  NEED(count >= 6);
  const std::string mode = words[1];
  Run run;
  run.threads = static_cast<uint32_t>(atoi(words[2]));
  run.turns = strtoull(words[3], nullptr, 10);
  run.seed = strtoull(words[4], nullptr, 10);
  run.planted = count > 6 ? atoi(words[6]) : 0;
  NEED(run.threads >= 2 && run.threads <= 8);
  if (mode == "grants")
    Grants(run, false).play();
  else if (mode == "amends")
    Grants(run, true).play();
  else if (mode == "facts")
    Day(run, words[5]).play();
  else if (mode == "ids")
    Ids(run).play();
  else if (mode == "rates")
    RateRounds(run).play();
  else if (mode == "latches")
    LatchRounds(run).play();
  else if (mode == "copies")
    Copies(run).play();
  else if (mode == "legs")
    LegRounds(run).play();
  else if (mode == "shared")
    Sharing(run).play();
  else if (mode == "firsts")
    Firsts(run).play();
  else if (mode == "customs")
    CustomRounds(run).play();
  else if (mode == "retold" || mode == "moved")
    Retold(run, words[5], mode == "moved").play();
  else if (mode == "raced")
    race(run);
  else
    wrong("no mode %s", mode.c_str());
}
