// What a limit or a rule says of an order, and which of all that was said a verdict shows.
#pragma once

#include "numbers.h"
#include "riskcheck.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace bench::plain {

struct Finding {
  uint32_t control = RCK_CONTROL_NONE;
  uint8_t severity = RCK_SEVERITY_NONE;
  int32_t status = RCK_OK; // what it refuses with
  Wide limit = 0, observed = 0;
};

using Said = std::optional<Finding>;

// A rule is broken, an input is missing, or a number is too large: whatever the levels are.
inline Finding refusal(uint32_t control, int32_t status) { return {control, RCK_SEVERITY_HARD, status, 0, 0}; }

// The highest armed level of which `exceeds` holds. `shown` is what the verdict shows as that level.
template <class Exceeds, class Shown>
Said highest_level(const rck_limit &limit, Wide observed, int32_t status, Exceeds exceeds, Shown shown) {
  auto at = [&](uint32_t level, uint8_t severity, int64_t value) -> Said {
    if (!(limit.levels & level) || !exceeds(value))
      return std::nullopt;
    return Finding{limit.control, severity, status, shown(value), observed};
  };
  if (Said hard = at(RCK_LEVEL_HARD, RCK_SEVERITY_HARD, limit.hard))
    return hard;
  if (Said soft = at(RCK_LEVEL_SOFT, RCK_SEVERITY_SOFT, limit.soft))
    return soft;
  return at(RCK_LEVEL_WARN, RCK_SEVERITY_WARNING, limit.warn);
}

inline Said above(const rck_limit &limit, Wide observed, int32_t status) {
  return highest_level(
      limit, observed, status, [&](int64_t level) { return observed > level; }, [](int64_t level) { return level; });
}

// Of a minimum.
inline Said below(const rck_limit &limit, Wide observed, int32_t status) {
  return highest_level(
      limit, observed, status, [&](int64_t level) { return observed < level; }, [](int64_t level) { return level; });
}

// Findings come from the widest scope to the narrowest, those of one scope as its limits are asked.
class Findings {
public:
  void add(const Said &said) {
    if (said)
      all_.push_back(*said);
  }

  bool refuses(uint32_t control) const {
    return std::any_of(all_.begin(), all_.end(), [control](const Finding &finding) {
      return finding.severity == RCK_SEVERITY_HARD && finding.control == control;
    });
  }
  bool refuses() const {
    return std::any_of(all_.begin(), all_.end(),
                       [](const Finding &finding) { return finding.severity == RCK_SEVERITY_HARD; });
  }

  // The highest severity, of that the lowest control, of that the widest scope; and every control that refuses,
  // unless the order asks to stop at the first.
  rck_verdict verdict(bool first_only) const {
    rck_verdict verdict{};
    const Finding *shown = nullptr;
    for (const Finding &finding : all_) {
      if (finding.severity == RCK_SEVERITY_HARD)
        verdict.failed |= uint32_t{1} << (finding.control - 1);
      if (shown == nullptr || finding.severity > shown->severity ||
          (finding.severity == shown->severity && finding.control < shown->control))
        shown = &finding;
    }
    if (shown == nullptr)
      return verdict;
    bool refused = shown->severity == RCK_SEVERITY_HARD;
    if (refused && first_only)
      verdict.failed = uint32_t{1} << (shown->control - 1);
    verdict.status = refused ? shown->status : RCK_OK;
    verdict.control = uint16_t(shown->control);
    verdict.severity = shown->severity;
    verdict.limit = int64_t(shown->limit);
    verdict.observed = int64_t(shown->observed);
    return verdict;
  }

private:
  std::vector<Finding> all_;
};

} // namespace bench::plain
