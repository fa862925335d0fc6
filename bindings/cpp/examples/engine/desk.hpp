// The desk: what the engine is told before anybody trades. Instruments, the account, its strategies, their limits.
#pragma once

#include "market.hpp"
#include "shared.hpp"

namespace trading {

/// What one of a currency is worth in the desk's own, in thousandths.
constexpr i64 rate_of(u32 currency) { return currency == 2 ? 1'085 : 1'000; }

/// An engine with everything defined and all limits in force; throws Fault with the library's reason.
rck::Engine open_desk(const Market &market);

/// Cash, the day, and memory that is touched before the first order; through the gateway's port.
void open_day(rck::Port &port);

} // namespace trading
