// Where the market data come from: a file, or a walk made up from a seed. Either gives one tick after the other, and
// says what is traded. Nothing here knows of threads or of the time of day.
#pragma once

#include "messages.hpp"

#include <memory>
#include <string>
#include <vector>

namespace trading {

/// What cannot be used, in one sentence.
struct Fault {
  std::string text;
};

/// An instrument, with what the desk takes for a usual order of it.
struct Product {
  std::string name;
  u32 currency;
  u32 price_decimals, quantity_decimals;
  i64 multiplier, tick;
  i64 price; // at first
  i64 clip;  // a usual order: worth about 50,000
  u32 margin_bps, collar_bps;
};

class Market {
public:
  virtual ~Market() = default;
  /// By id, from 1; row 0 is nothing.
  const std::vector<Product> &products() const { return known; }
  /// The next tick, with its number; false at the end.
  virtual bool next(Tick &tick) = 0;
  /// When tick `number` is due in a run of this length: of a file all come within it, evenly.
  virtual i64 due_ns(u64 number, i64 run_ns) const = 0;
  virtual std::string origin() const = 0;

protected:
  std::vector<Product> known{1};
};

/// One-minute bars (with the header timestamp,open,high,low,close,volume) or quotes (date time, bid, ask, size) of one
/// instrument. Throws Fault, which names file and line.
std::unique_ptr<Market> market_of_file(const std::string &path);

/// Walks of three instruments, calm for the most part, with bursts.
std::unique_ptr<Market> market_of_seed(u64 seed);

} // namespace trading
