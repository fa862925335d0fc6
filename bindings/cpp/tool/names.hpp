// The header's constants by number and by name, without their beginnings: what is printed, and what is read.
#pragma once

#include "failure.hpp"

#include <optional>
#include <span>

namespace tool {

struct Constant {
  std::string_view word;
  i64 number;
};
using Family = std::span<const Constant>;

extern const Family controls, measures, scopes, severities, actions, sides, types, forces, reports, releases, states,
    references, groups, kinds_of_definition, breakers, healths, violations, levels, permissions, order_flags,
    verdict_flags, definition_flags, limit_flags, journal_flags;

/// The name of a number; empty if it has none.
std::string_view word_of(Family family, i64 number);

/// The number of a name, in whatever case.
std::optional<i64> number_of(Family family, std::string_view word);

/// The names of set bits, those of 0 and of all of them alone; what has no name is a number.
std::string words_of_bits(Family family, u64 bits);

/// As a control is called in the catalogue.
std::string name_of_control(u32 control);

} // namespace tool
