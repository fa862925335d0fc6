// The exit status and the words that belong to a status of the library.
#include "failure.hpp"

#include <cstring>

namespace tool {

namespace {

bool cannot_be_read(rck_status status) {
  // Regions and files, from "not a region" to "no journal", and what the system says.
  return (status <= RCK_E_NOT_REGION && status > RCK_E_DAMAGED) || status == RCK_E_SYSTEM;
}

} // namespace

Failure failure(rck_status status, const rck_fault &fault, std::string_view about) {
  std::string text = std::string(about) + ": " + rck_status_name(status);
  if (fault.status == status && status != RCK_E_DAMAGED && !cannot_be_read(status) && fault.field[0] != 0) {
    text += " (" + std::string(fault.record) + "." + fault.field;
    if (fault.value != 0)
      text += " is " + std::to_string(fault.value);
    if (fault.minimum != 0 || fault.maximum != 0)
      text += ", allowed is " + std::to_string(fault.minimum) + " to " + std::to_string(fault.maximum);
    text += ")";
  }
  if (fault.status == status && fault.system_error != 0)
    text += std::string(": ") + std::strerror(fault.system_error);
  const int exit_status = status == RCK_E_DAMAGED ? differs : cannot_be_read(status) ? unreadable : failed;
  return {exit_status, text};
}

void must(rck_status status, const rck_fault &fault, std::string_view about) {
  if (status != RCK_OK)
    throw failure(status, fault, about);
}

} // namespace tool
