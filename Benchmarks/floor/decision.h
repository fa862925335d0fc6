// What is said when something was found: the complete mask, and of all findings the one that is shown. The
// caller reports findings in the order in which they are shown: the state of trading, then controls by number,
// each from its widest scope.
#pragma once

#include "riskcheck.h"
#include "limits.h"

#include <cstring>
#include <limits>

namespace desk_floor {

constexpr uint32_t bit_of(uint32_t control) { return uint32_t(1) << (control - 1); }

struct Scope {
  uint8_t kind = RCK_SCOPE_NONE;
  uint64_t id = 0;
};

class Decision {
public:
  Decision() { std::memset(&verdict, 0, sizeof verdict); }

  bool refused() const { return verdict.status != 0; }

  // A refusal that no limit owns.
  void refuse(int32_t status, uint16_t control, Scope scope = {}, int64_t observed = 0) {
    if (control != RCK_CONTROL_NONE)
      failed_ |= bit_of(control);
    if (refused())
      return;
    verdict = rck_verdict{};
    verdict.status = status;
    verdict.control = control;
    verdict.severity = RCK_SEVERITY_HARD;
    verdict.action = RCK_ACTION_BLOCK;
    verdict.scope_kind = scope.kind;
    verdict.scope_id = scope.id;
    verdict.observed = observed;
  }

  // What the levels of a limit say of `observed`. `limit` is what the verdict shows as the limit's value,
  // where that is not the level itself.
  void judge(const Bound &bound, int64_t observed, int32_t status, uint16_t control, Scope scope) {
    uint8_t severity = bound.severity(observed);
    if (severity != RCK_SEVERITY_NONE)
      found(bound, severity, bound.level(severity), observed, status, control, scope);
  }

  void found(const Bound &bound, uint8_t severity, int64_t limit, int64_t observed, int32_t status, uint16_t control,
             Scope scope) {
    bool refusal = severity == RCK_SEVERITY_HARD;
    if (refusal)
      failed_ |= bit_of(control);
    if (refused() || (!refusal && verdict.severity >= severity))
      return;
    uint8_t own = bound.actions[severity - RCK_SEVERITY_WARNING];
    uint8_t usual = refusal ? RCK_ACTION_BLOCK : severity == RCK_SEVERITY_SOFT ? RCK_ACTION_ALERT : RCK_ACTION_LOG;
    verdict = rck_verdict{};
    verdict.status = refusal ? status : 0;
    verdict.control = control;
    verdict.severity = severity;
    verdict.action = own != 0 ? own : usual;
    verdict.scope_kind = scope.kind;
    verdict.scope_id = scope.id;
    verdict.limit_id = bound.limit_id;
    verdict.limit = limit;
    verdict.observed = observed;
    verdict.utilisation_bps = utilisation(observed, limit);
  }

  // `failed` names every control that refused, or the one shown where the order asks to stop at the first.
  rck_verdict finished(bool first_only) const {
    rck_verdict out = verdict;
    out.failed = !first_only ? failed_ : refused() && out.control != 0 ? bit_of(out.control) : 0;
    return out;
  }

  rck_verdict verdict;

private:
  static int32_t utilisation(int64_t observed, int64_t limit) {
    constexpr int64_t most = std::numeric_limits<int32_t>::max();
    if (limit <= 0 || observed < 0)
      return observed > 0 ? int32_t(most) : 0;
    Wide bps = Wide(uint64_t(observed)) * 10'000 / uint64_t(limit);
    return bps > Wide(uint64_t(most)) ? int32_t(most) : int32_t(bps);
  }

  uint32_t failed_ = 0;
};

} // namespace desk_floor
