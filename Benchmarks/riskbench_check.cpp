// Is the floor what it says, and does it decide as the library does?
//   riskbench-check floor       the floor alone, many threads at once (also under ThreadSanitizer)
//   riskbench-check agreement   the floor against the library, order by order
//   riskbench-check planted     the same with one falsified verdict in each stream: it must be found
//   riskbench-check oracle      the oracle of the harness against the library and the floor, order by order
// One line a check, "pass" or "FAIL" and what must hold. Exits 0 when all hold.
#include "agreement.h"
#include "floor_check.h"
#include "oracle/oracle_check.h"

#include <string>

namespace {

using namespace bench;

int must(bool holds, const std::string &what) {
  std::printf("%s %s\n", holds ? "pass" : "FAIL", what.c_str());
  return holds ? 0 : 1;
}

int agree(Plant plant) {
  constexpr uint64_t orders = 100'000, differing_when_planted = 1;
  int failed = 0;
  for (uint64_t seed = 1; seed <= 3; seed++) {
    uint64_t many = disagreements<true>(seed, orders, plant), one = disagreements<false>(seed, orders, plant);
    uint64_t expected = plant == Plant::None ? 0 : differing_when_planted;
    const char *said = plant == Plant::None ? "floor and library judge every order alike"
                                            : "a planted disagreement of floor and library is found";
    failed += must(many == expected, std::string(said) + ", many writers, seed " + std::to_string(seed));
    failed += must(one == expected, std::string(said) + ", one writer, seed " + std::to_string(seed));
  }
  return failed;
}

} // namespace

int main(int count, char **words) {
  std::string what = count == 2 ? words[1] : "";
  if (what == "floor")
    return FloorCheck().run() == 0 ? 0 : 1;
  if (what == "agreement")
    return agree(Plant::None) == 0 ? 0 : 1;
  if (what == "planted")
    return agree(Plant::Verdict) + OracleCheck(true).run() == 0 ? 0 : 1;
  if (what == "oracle")
    return OracleCheck(false).run() == 0 ? 0 : 1;
  std::fprintf(stderr, "usage: riskbench-check floor|agreement|planted|oracle\n");
  return 2;
}
