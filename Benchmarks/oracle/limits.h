// The limits of a profile by the scope that they hold for, and what each has counted.
#pragma once

#include "numbers.h"
#include "../profile.h"
#include "validity.h"
#include "windows.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace bench::plain {

// Of a pair both ids. Ids are below 2^24.
struct Scope {
  uint32_t kind = RCK_SCOPE_NONE, id = 0, instrument = 0;

  uint64_t key() const { return uint64_t(kind) << 48 | uint64_t(id) << 24 | instrument; }
};

// The scopes that an order falls under, those that are known alone, the widest first.
inline std::vector<Scope> scopes_of(const Parties &parties) {
  std::vector<Scope> scopes{{RCK_SCOPE_GLOBAL}};
  scopes.reserve(24);
  const auto &[account, strategy, instrument] = parties;
  auto groups = [&scopes](uint32_t kind, const uint32_t (&ids)[RCK_GROUPS_EACH], uint32_t of = 0) {
    for (uint32_t id : ids)
      if (id != 0)
        scopes.push_back(kind == RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP ? Scope{kind, of, id} : Scope{kind, id, of});
  };
  if (account != nullptr) {
    groups(RCK_SCOPE_ACCOUNT_GROUP, account->groups);
    scopes.push_back({RCK_SCOPE_ACCOUNT, account->id});
  }
  if (strategy != nullptr) {
    groups(RCK_SCOPE_STRATEGY_GROUP, strategy->groups);
    scopes.push_back({RCK_SCOPE_STRATEGY, strategy->id});
  }
  if (instrument != nullptr) {
    groups(RCK_SCOPE_INSTRUMENT_GROUP, instrument->groups);
    scopes.push_back({RCK_SCOPE_INSTRUMENT, instrument->id});
  }
  if (account != nullptr && instrument != nullptr) {
    groups(RCK_SCOPE_ACCOUNT_INSTRUMENT_GROUP, instrument->groups, account->id);
    groups(RCK_SCOPE_ACCOUNT_GROUP_INSTRUMENT, account->groups, instrument->id);
    scopes.push_back({RCK_SCOPE_ACCOUNT_INSTRUMENT, account->id, instrument->id});
  }
  if (strategy != nullptr && instrument != nullptr)
    scopes.push_back({RCK_SCOPE_STRATEGY_INSTRUMENT, strategy->id, instrument->id});
  return scopes;
}

// A limit in force with what it has counted since it was published.
struct Armed {
  rck_limit limit;
  Scope scope;
  Messages messages;     // rates
  Accumulation opened;   // accumulated
  int64_t sent = 0;      // conduct: messages of the day
  int64_t trades = 0;    // conduct: of the day
  bool disabled = false; // repeated execution
};

class Limits {
public:
  void add(const rck_limit &limit) {
    bool pair = limit.scope_kind >= RCK_SCOPE_ACCOUNT_INSTRUMENT;
    Scope scope{limit.scope_kind, limit.id, pair ? limit.instrument : 0};
    std::vector<Armed> &there = by_scope_[scope.key()];
    auto behind = std::find_if(there.begin(), there.end(), [&limit](const Armed &armed) {
      return std::pair(limit.control, limit.measure) < std::pair(armed.limit.control, armed.limit.measure);
    });
    there.insert(behind, Armed{limit, scope, {}, {}});
  }

  bool holds(const Scope &scope) const { return by_scope_.contains(scope.key()); }

  // All that hold for an order, the widest scope first, of one scope by control and measure.
  std::vector<Armed *> of(const std::vector<Scope> &scopes) {
    std::vector<Armed *> found;
    found.reserve(64);
    for (const Scope &scope : scopes) {
      auto there = by_scope_.find(scope.key());
      if (there == by_scope_.end())
        continue;
      for (Armed &armed : there->second)
        found.push_back(&armed);
    }
    return found;
  }

private:
  std::unordered_map<uint64_t, std::vector<Armed>> by_scope_;
};

} // namespace bench::plain
