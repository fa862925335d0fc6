// Controls that look at what went before, at lists, and at what the host says: P11, P12, P14, P16, P17, P19, P21 to
// P23.
#pragma once

#include "attempt.h"

#include <cmath>

namespace bench::plain {

// A rate that counts what is judged: orders, or amends.
inline bool counts(const rck_limit &limit, const Attempt &attempt) {
  return limit.control == RCK_CONTROL_RATE &&
         limit.measure == (attempt.amends != nullptr ? RCK_MEASURE_MODIFY : RCK_MEASURE_NEW);
}

inline Said rate(Armed &armed, const Attempt &attempt) {
  if (!counts(armed.limit, attempt))
    return std::nullopt;
  return above(armed.limit, armed.messages.count(attempt.time_ns, armed.limit.window_ns) + 1,
               attempt.amends != nullptr ? RCK_REJECT_RATE_MODIFY : RCK_REJECT_RATE_NEW);
}

inline bool of_quantities(uint32_t measure) {
  return measure == RCK_MEASURE_QUANTITY_DAY || measure == RCK_MEASURE_QUANTITY_MINUTE ||
         measure == RCK_MEASURE_QUANTITY_HOUR;
}

inline int64_t window_of(uint32_t measure) {
  if (measure == RCK_MEASURE_QUANTITY_DAY || measure == RCK_MEASURE_NOTIONAL_DAY)
    return 0;
  bool minute = measure == RCK_MEASURE_QUANTITY_MINUTE || measure == RCK_MEASURE_NOTIONAL_MINUTE;
  return minute ? 60'000'000'000 : 3'600'000'000'000;
}

inline Wide amount_of(uint32_t measure, const Attempt &attempt) {
  return of_quantities(measure) ? attempt.opened.quantity : attempt.opened.value;
}

inline Said accumulated(Armed &armed, const Attempt &attempt) {
  const rck_limit &limit = armed.limit;
  int64_t window_ns = window_of(limit.measure);
  Wide amount = amount_of(limit.measure, attempt), sum = armed.opened.sum(attempt.time_ns, window_ns) + amount;
  if (amount == 0)
    return std::nullopt;
  if (sum > kept_max)
    return refusal(RCK_CONTROL_ACCUMULATED, RCK_REJECT_ACCUMULATED_OVERFLOW);
  int32_t status = window_ns == 0 ? RCK_REJECT_QUANTITY_DAY : RCK_REJECT_QUANTITY_ROLLING;
  return above(limit, sum, of_quantities(limit.measure) ? status : status + 1);
}

inline Said duplicate(const rck_limit &limit, const Attempt &attempt) {
  if (attempt.amends != nullptr)
    return std::nullopt;
  auto last = attempt.past.passed.find(likeness_of(attempt.order));
  bool lately = last != attempt.past.passed.end() && attempt.time_ns - last->second < limit.window_ns;
  return above(limit, lately ? 1 : 0, RCK_REJECT_DUPLICATE);
}

inline Said repeated(const Armed &armed, const Attempt &attempt) {
  if (armed.disabled)
    return refusal(RCK_CONTROL_REPEATED_EXECUTION, RCK_REJECT_EXECUTION_DISABLED);
  int64_t filled = attempt.past.filled_like(attempt.order, attempt.time_ns, armed.limit.window_ns);
  return above(armed.limit, filled + 1, RCK_REJECT_REPEATED_EXECUTION);
}

// Nothing is ever marked here: so what an open position has made or lost is not known.
inline Said loss(const rck_limit &limit, const Sums &sums) {
  if (limit.measure == RCK_MEASURE_REALISED)
    return above(limit, -sums.realised, RCK_REJECT_LOSS_REALISED);
  if (sums.open_positions != 0)
    return refusal(RCK_CONTROL_LOSS, RCK_REJECT_LOSS_MARK_MISSING);
  return limit.measure == RCK_MEASURE_TOTAL ? above(limit, -sums.realised, RCK_REJECT_LOSS_TOTAL)
                                            : above(limit, sums.peak - sums.realised, RCK_REJECT_LOSS_TRAILING);
}

inline Said session(const rck_limit &limit, const Attempt &attempt) {
  auto found = attempt.inputs.calendars.find(limit.reference);
  uint32_t entry = 0;
  if (found == attempt.inputs.calendars.end() || attempt.time_ns < found->second.starts[0] ||
      attempt.time_ns >= found->second.end_ns)
    return refusal(RCK_CONTROL_LISTS, RCK_REJECT_SESSION_MISSING);
  const rck_calendar &calendar = found->second;
  while (entry + 1 < calendar.entries && calendar.starts[entry + 1] <= attempt.time_ns)
    entry++;
  uint32_t needed = permissions_needed(attempt.order);
  if (!attempt.buy && attempt.quantity_after() > 0)
    needed |= RCK_PERMIT_SHORT;
  return above(limit, permits(calendar.permissions[entry], needed) ? 0 : 1, RCK_REJECT_SESSION_CLOSED);
}

inline Said lists(const rck_limit &limit, const Attempt &attempt) {
  switch (limit.measure) {
  case RCK_MEASURE_RESTRICTED:
    return above(limit, 1, RCK_REJECT_RESTRICTED);
  case RCK_MEASURE_SESSION:
    return session(limit, attempt);
  default:
    return attempt.buy ? std::nullopt : above(limit, attempt.quantity_after(), RCK_REJECT_LOCATE_SHORT);
  }
}

// The venue rejects nothing here.
inline Said conduct(const Armed &armed) {
  if (armed.limit.measure == RCK_MEASURE_REJECTS)
    return above(armed.limit, 0, RCK_REJECT_VENUE_REJECTS);
  Wide messages = Wide(armed.sent) + 1;
  if (messages < armed.limit.reference)
    return std::nullopt;
  return above(armed.limit, ceiling_divide(messages, std::max<int64_t>(armed.trades, 1)), RCK_REJECT_ORDER_TO_TRADE);
}

// GREATER alone; whole numbers are compared, since no profile feeds others.
inline Said metric(const rck_limit &limit, const Attempt &attempt) {
  auto found = attempt.inputs.metrics.find(limit.instrument);
  if (found == attempt.inputs.metrics.end())
    return refusal(RCK_CONTROL_METRIC, RCK_REJECT_METRIC_MISSING);
  return above(limit, Wide(std::llround(found->second)), RCK_REJECT_METRIC);
}

// Asked last, when nothing else refuses.
inline Said custom(const rck_limit &limit, const Attempt &attempt) {
  return attempt.inputs.customs.contains(limit.reference)
             ? std::nullopt
             : Said(refusal(RCK_CONTROL_CUSTOM, RCK_REJECT_CUSTOM_MISSING));
}

} // namespace bench::plain
