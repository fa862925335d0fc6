// catalogue.hpp: the catalogue of controls as constants of C++17, for what is decided when a host is compiled.
// Written by bindings/catalogue.py from the library's own catalogue; do not edit.
#ifndef RISKCHECK_CATALOGUE_HPP
#define RISKCHECK_CATALOGUE_HPP

#include <riskcheck.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace riskcheck::catalogue {

// What rck_control_describe tells; masks as there.
struct Control {
  std::uint32_t number;
  std::string_view name;
  std::uint32_t unit;
  std::uint32_t scopes;
  std::uint64_t measures;
  bool sided;
  bool typed;
  bool reducing;
  std::array<std::uint8_t, 6> actions;
  std::array<std::uint64_t, 2> codes;
};

// clang-format off
inline constexpr std::array<Control, 22> controls{{
    {RCK_CONTROL_VALIDITY, "order validity", RCK_UNIT_NONE, 0x0, 0x0, false, false, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0xc000000f79dfe, 0x10000}},
    {RCK_CONTROL_ORDER_QUANTITY, "order quantity", RCK_UNIT_QUANTITY, 0xfe, 0x1, true, true, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x2, 0x0}},
    {RCK_CONTROL_ORDER_NOTIONAL, "order notional", RCK_UNIT_MONEY, 0xfe, 0x1, true, true, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x4000000000002, 0x10000}},
    {RCK_CONTROL_COLLAR, "price collar", RCK_UNIT_BPS, 0x54, 0x6, true, true, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x7c000000000006, 0x0}},
    {RCK_CONTROL_PERIOD_COLLAR, "period collar", RCK_UNIT_BPS, 0xfe, 0x1, true, true, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x4000000000006, 0x0}},
    {RCK_CONTROL_POSITION, "position", RCK_UNIT_QUANTITY, 0x380, 0x1, true, false, true,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x6, 0x10000}},
    {RCK_CONTROL_EXPOSURE, "exposure", RCK_UNIT_MONEY, 0xbe, 0x18, true, false, true,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0xe, 0x10000}},
    {RCK_CONTROL_BUYING_POWER, "buying power", RCK_UNIT_BPS, 0x4, 0x1, false, false, true,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x1c000000000002, 0x0}},
    {RCK_CONTROL_LIQUIDITY, "liquidity", RCK_UNIT_BPS, 0xfe, 0x7800, true, true, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x1c00000000001e, 0x0}},
    {RCK_CONTROL_RATE, "message rate", RCK_UNIT_COUNT, 0xfe, 0xe0, false, false, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x6, 0x0}},
    {RCK_CONTROL_ACCUMULATED, "accumulated", RCK_UNIT_MONEY, 0xfe, 0x1f8000, false, false, true,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x1e, 0x10000}},
    {RCK_CONTROL_WORKING, "working orders", RCK_UNIT_COUNT, 0xbe, 0x300, false, false, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x6, 0x0}},
    {RCK_CONTROL_DUPLICATE, "duplicate", RCK_UNIT_COUNT, 0xfe, 0x1, true, true, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x4000000000002, 0x0}},
    {RCK_CONTROL_REPEATED_EXECUTION, "repeated execution", RCK_UNIT_COUNT, 0x14, 0x1, false, false, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x6, 0x0}},
    {RCK_CONTROL_LOSS, "loss", RCK_UNIT_MONEY, 0x14, 0xe00000, false, false, true,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0xc00000000000e, 0x0}},
    {RCK_CONTROL_LISTS, "lists", RCK_UNIT_QUANTITY, 0x7fe, 0x1c000000, true, false, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0xc00000000000e, 0x0}},
    {RCK_CONTROL_QUOTE, "quote", RCK_UNIT_BPS, 0xfe, 0x402, true, true, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0xc000000000006, 0x0}},
    {RCK_CONTROL_CONDUCT, "conduct", RCK_UNIT_COUNT, 0x14, 0x3000000, false, false, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x6, 0x0}},
    {RCK_CONTROL_METRIC, "metric", RCK_UNIT_NONE, 0xfe, 0x7e0000000, true, true, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x4000000000002, 0x0}},
    {RCK_CONTROL_CUSTOM, "custom", RCK_UNIT_NONE, 0xfe, 0x1, true, true, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x4000000000006, 0x0}},
    {RCK_CONTROL_GROUP_EXPOSURE, "group exposure", RCK_UNIT_MONEY, 0x800, 0x1, false, false, true,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x2, 0x0}},
    {RCK_CONTROL_STATE, "state of trading", RCK_UNIT_NONE, 0xfe, 0x0, false, false, false,
     {RCK_ACTION_NONE, RCK_ACTION_LOG, RCK_ACTION_ALERT, RCK_ACTION_THROTTLE, RCK_ACTION_BLOCK, RCK_ACTION_HALT},
     {0x1e, 0x0}},
}};
// clang-format on

// The control of this number; its number is 0 if there is none in this version.
constexpr Control control(std::uint32_t number) {
  for (const Control &one : controls) {
    if (one.number == number) {
      return one;
    }
  }
  return {};
}

// Whether limits of this control may be set at this scope.
constexpr bool takes(const Control &control, std::uint32_t scope_kind) {
  return control.measures != 0 && scope_kind < 32 && (control.scopes >> scope_kind & 1) != 0;
}

// Whether this control refuses with this code.
constexpr bool refuses(const Control &control, rck_status code) {
  const auto number = static_cast<std::uint32_t>(code);
  const auto bit = number % 100;
  return number / 100 == control.number && (control.codes[bit / 64] >> bit % 64 & 1) != 0;
}

} // namespace riskcheck::catalogue

#endif
