// What callgrind counts: so many checks of one kind by the desk's profile, and nothing measured.
//   riskbench-instructions accepted|refused|full many|one CHECKS
// Exits 0 if every check said what it had to.
#include "desks.h"
#include "full_profile.h"
#include "order_stream.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using namespace bench;

bool check_all(const std::string &kind, uint32_t discipline, uint64_t checks) {
  LibraryDesk desk(kind == "full" ? full_profile() : desk_profile(wide_limits()), discipline);
  LibraryDesk::Seat seat = desk.seat(1);
  OrderStream stream(1, {});
  bool good = true;
  for (uint64_t i = 0; i < checks; i++) {
    rck_order order;
    rck_verdict verdict;
    stream.make(order);
    if (kind == "refused")
      order.quantity = 10'010;
    rck_status status = seat.check(order, verdict);
    if (kind == "refused") {
      good = good && status == RCK_REJECT_ORDER_QUANTITY;
      seat.drain();
    } else {
      good = good && status == RCK_OK && seat.release(verdict.token, order.time_ns) == RCK_OK;
    }
  }
  return good;
}

} // namespace

int main(int count, char **words) {
  std::string kind = count == 4 ? words[1] : "", discipline = count == 4 ? words[2] : "";
  if ((kind != "accepted" && kind != "refused" && kind != "full") ||
      (discipline != "many" && discipline != "one")) {
    std::fprintf(stderr, "usage: riskbench-instructions accepted|refused|full many|one CHECKS\n");
    return 2;
  }
  uint64_t checks = std::strtoull(words[3], nullptr, 10);
  return check_all(kind, discipline == "many" ? RCK_MANY_WRITERS : RCK_ONE_WRITER, checks) ? 0 : 1;
}
