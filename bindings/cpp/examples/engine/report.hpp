// The end of a run: what came of it, and whether everybody agrees on it.
#pragma once

#include "housekeeping.hpp"

namespace trading {

/// Once all threads but the first have ended. Prints what was done; gives whether the engine, the gateway, the
/// strategies and the venue say the same, with a line for whatever does not.
bool report(const Run &run, rck::Port &port, const Options &options);

/// Once the journal is closed: whether it is whole and has everything.
bool report_journal(const std::string &directory, const Options &options);

} // namespace trading
