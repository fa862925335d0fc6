// The desk: what the engine is told before anybody trades. Instruments, the account, its strategies, their limits.
#pragma once

#include "market.hpp"
#include "shared.hpp"

namespace trading {

/// An engine with everything defined and all limits in force; throws Fault with the library's reason.
rck::Engine open_desk(const Market &market);

/// Cash, the day, and memory that is touched before the first order; through the gateway's port.
void open_day(rck::Port &port);

} // namespace trading
