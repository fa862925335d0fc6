// The floor: the order path of the desk's profile as a C++ program would have it that needs no ABI and no crash
// contract. Verdicts are riskcheck's own, field by field; the promises between threads are the same (never over
// a limit, rates exact, nothing leaked); a kill loses everything.
//
// With many writers an accepted check needs five locked instructions: one for each of two rate windows, one for
// the order's id, one for the position's row, one for the account's book. Everything else is loads and plain
// stores. What pass one judged is not judged again: the swaps of pass two succeed only if nothing moved.
#pragma once

#include "check_cold.h"

#include <ctime>

namespace desk_floor {

inline int64_t utc_now() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return int64_t(time.tv_sec) * 1'000'000'000 + int64_t(time.tv_nsec);
}

// What the library calls an engine, with its calls. A port belongs to one thread.
template <bool Shared> class Floor {
public:
  explicit Floor(const Sizes &sizes) : engine(sizes) {}

  rck_status check(uint32_t port_number, const rck_order *order, rck_verdict *verdict) {
    return check(engine.port(port_number), order, verdict);
  }

  [[gnu::always_inline]] rck_status check(Port<Shared> &port, const rck_order *order, rck_verdict *verdict) {
    if (order == nullptr || verdict == nullptr) [[unlikely]]
      return RCK_E_NULL;
    const uint64_t *reserved = order->reserved;
    if ((reserved[0] | reserved[1] | reserved[2] | reserved[3] | reserved[4] | order->reserved0) != 0) [[unlikely]]
      return RCK_E_RESERVED;
    if (order->order_id == 0) [[unlikely]]
      return RCK_E_RANGE;
    Check<Shared> call(engine, port, *order);
    int64_t time_ns = 0;
    int32_t refused = judge_time(port, order->time_ns, time_ns);
    if (refused == 0 && order->deadline_ns != 0 && time_ns > order->deadline_ns) [[unlikely]]
      refused = RCK_REJECT_DEADLINE;
    if (refused != 0) [[unlikely]] {
      Decision decision;
      decision.refuse(refused, RCK_CONTROL_NONE);
      return refuse(port, *order, port.time_ns, decision.finished(false), *verdict);
    }
    uint64_t half = engine.generation.enter(port.working);
    rck_status status = call.run(half, time_ns, look<true>(engine.latches), *verdict);
    Generation::leave(port.working);
    return status;
  }

  [[gnu::always_inline]] rck_status release(Port<Shared> &port, uint64_t token, int64_t time_ns) {
    int64_t now = 0;
    int32_t refused = judge_time(port, time_ns, now);
    if (refused != 0) [[unlikely]]
      return refused;
    uint64_t half = engine.generation.enter(port.working);
    rck_status status = release_order(engine, port, token, half);
    Generation::leave(port.working);
    return status;
  }

  Engine<Shared> engine;

private:
  // Time goes forward on a port: a little back is clamped, more is refused, and that leaves no trace.
  [[gnu::always_inline]] int32_t judge_time(Port<Shared> &port, int64_t given, int64_t &time_ns) {
    time_ns = given != 0 ? given : utc_now();
    if (uint64_t(time_ns) > uint64_t(RCK_TIME_NS_MAX)) [[unlikely]]
      return port.clock_refusals++, RCK_REJECT_TIME_RANGE;
    int64_t latest = port.time_ns;
    if (time_ns < latest) [[unlikely]] {
      if (latest - time_ns > engine.sizes.clock_back_ns_max)
        return port.clock_refusals++, RCK_REJECT_TIME_BACK;
      port.clamps++;
      time_ns = latest;
    }
    port.time_ns = time_ns;
    return 0;
  }
};

} // namespace desk_floor
