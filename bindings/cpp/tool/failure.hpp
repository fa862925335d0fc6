// How a command ends: its exit status, and what it says of a failure. Nothing here prints.
#pragma once

#include <riskcheck.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace tool {

using i64 = std::int64_t;
using u64 = std::uint64_t;
using u32 = std::uint32_t;
using u16 = std::uint16_t;

// Exit statuses. They are documented in riskcheck.1, and never change their meaning.
constexpr int fine = 0, differs = 1, misused = 2, unreadable = 3, failed = 4;

/// What a command throws when it cannot go on.
struct Failure {
  int exit_status;
  std::string text;
};

/// A negative status of the library, about a file or directory. What cannot be opened or read is `unreadable`, a
/// journal that is not what was written `differs`, all else `failed`.
Failure failure(rck_status status, const rck_fault &fault, std::string_view about);

/// Throws unless the status is 0.
void must(rck_status status, const rck_fault &fault, std::string_view about);

/// A record whose struct_size says what it is.
template <typename Record> Record sized() {
  Record record{};
  record.struct_size = sizeof record;
  return record;
}

} // namespace tool
