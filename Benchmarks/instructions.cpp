// What callgrind counts: so many checks of one kind by the desk's profile, and nothing measured. `batch` has accepted
// ones in batches of 64, `legs` in batches of 4 that pass all or none; `told` accepted ones with commands told, `kept`
// with violations and statistics kept. `unarmed`, `catalogue` and the names of
// control_profile.h have accepted ones, with what is named armed beside the desk's profile.
//   riskbench-instructions accepted|refused|full|batch|legs|told|kept|unarmed|catalogue|CONTROL many|one CHECKS
// Exits 0 if every check said what it had to.
#include "control_profile.h"
#include "desks.h"
#include "full_profile.h"
#include "order_blocks.h"
#include "order_stream.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using namespace bench;

bool check_all(const std::string &kind, uint32_t discipline, uint64_t checks) {
  Armoury armoury;
  const bool is_armed = armoury.arm(kind);
  Capacity capacity;
  if (kind == "told")
    capacity.flags = RCK_TELL_COMMANDS;
  if (kind == "kept")
    capacity.flags = RCK_KEEP_VIOLATIONS | RCK_KEEP_STATISTICS;
  LibraryDesk desk(is_armed         ? armoury.profile()
                   : kind == "full" ? full_profile()
                                    : desk_profile(wide_limits()),
                   discipline, capacity);
  LibraryDesk::Seat seat = desk.seat(1);
  OrderStream stream(1, {});
  bool good = true;
  for (uint64_t i = 0; i < checks; i++) {
    rck_order order;
    rck_verdict verdict;
    stream.make(order);
    if (is_armed)
      decide(order);
    if (kind == "refused")
      order.quantity = 10'010;
    rck_status status = seat.check(order, verdict);
    if (kind == "refused") {
      good = good && status == RCK_REJECT_ORDER_QUANTITY;
      seat.drain();
    } else {
      if (kind == "told" && i % 64 == 0)
        seat.drain();
      good = good && status == RCK_OK && seat.release(verdict.token, order.time_ns) == RCK_OK;
    }
  }
  return good;
}

bool check_batches(uint32_t discipline, uint64_t checks, uint32_t size, uint32_t flags) {
  LibraryDesk desk(desk_profile(wide_limits()), discipline);
  LibraryDesk::Seat seat = desk.seat(1);
  OrderStream stream(1, {});
  bool good = true;
  for (uint64_t done = 0; done < checks; done += size) {
    rck_order orders[batch_orders];
    rck_verdict verdicts[batch_orders];
    uint32_t passed = 0;
    for (uint32_t at = 0; at < size; at++) {
      stream.make(orders[at]);
      if (flags == RCK_BATCH_ALL_OR_NONE)
        of_one_party(orders[at]);
    }
    good = good && rck_check_batch(seat.port, orders, verdicts, size, flags, &passed) == RCK_OK;
    for (uint32_t at = 0; at < size; at++)
      good = good && seat.release(verdicts[at].token, stream.time_ns()) == RCK_OK;
    good = good && passed == size;
  }
  return good;
}

} // namespace

int main(int count, char **words) {
  std::string kind = count == 4 ? words[1] : "", discipline = count == 4 ? words[2] : "";
  bool is_legs = kind == "legs";
  bool is_known = kind == "accepted" || kind == "refused" || kind == "full" || kind == "batch" || kind == "told" ||
                  kind == "kept" || is_legs;
  if ((!is_known && !Armoury().arm(kind)) || (discipline != "many" && discipline != "one")) {
    std::fprintf(stderr, "usage: riskbench-instructions "
                         "accepted|refused|full|batch|legs|told|kept|unarmed|catalogue|CONTROL many|one CHECKS\n");
    return 2;
  }
  uint64_t checks = std::strtoull(words[3], nullptr, 10);
  uint32_t writers = discipline == "many" ? RCK_MANY_WRITERS : RCK_ONE_WRITER;
  if (is_legs)
    return check_batches(writers, checks, legs_each, RCK_BATCH_ALL_OR_NONE) ? 0 : 1;
  return (kind == "batch" ? check_batches(writers, checks, batch_orders, 0) : check_all(kind, writers, checks)) ? 0 : 1;
}
