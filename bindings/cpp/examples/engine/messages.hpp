// What the threads of the engine tell each other: plain records, copied through rings. Prices and quantities are
// integers in units of their instrument, as the engine counts them; what stands for a side, a type or a time in force
// has the library's number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace trading {

using i64 = std::int64_t;
using u64 = std::uint64_t;
using u32 = std::uint32_t;
using u8 = std::uint8_t;

// Of instruments and strategies, whose ids begin with 1: rows of tables have one more.
inline constexpr std::size_t instruments_max = 4, strategies = 2;

enum class Side : u8 { buy = 1, sell = 2 };
enum class Type : u8 { limit = 1, market = 2 };
enum class Force : u8 { day = 1, immediate = 3, fill_or_kill = 4 };

constexpr Side opposite(Side side) { return side == Side::buy ? Side::sell : Side::buy; }
constexpr i64 signed_by(Side side, i64 quantity) { return side == Side::buy ? quantity : -quantity; }

/// What the market shows of one instrument, and what was traded last.
struct Tick {
  u32 instrument;
  Side aggressor; // of the trade
  i64 bid, ask, bid_size, ask_size;
  i64 price, quantity; // of the trade; a quantity of 0: there was none
  u64 number;          // of the feed, from 1: a jump says that some found no room
};

/// What a venue is asked for.
struct Request {
  enum class Kind : u8 { enter, amend, cancel, log_out };
  Kind kind;
  Side side;
  Type type;
  Force force;
  u32 instrument, owner; // owner: the strategy
  u64 order_id;
  i64 price, quantity; // of an amend the new ones; the quantity is the order's whole
};

/// What a venue says. A request is answered once, save that orders fill and expire by themselves.
struct Report {
  enum class Kind : u8 {
    accepted,
    rejected,
    filled,
    cancelled,
    cancel_rejected,
    amended,
    amend_rejected,
    expired,
    logged_out // all that was to be said has been
  };
  Kind kind;
  Side side;
  u32 instrument, owner;
  u64 order_id;
  u64 execution_id;             // of a fill
  i64 price, quantity;          // the order's terms; of a fill those of the fill
  i64 cumulative, leaves;       // filled so far, and what may still be; 0: the order has ended
  constexpr bool ends() const { // whether the order lives no more
    return kind == Kind::rejected || kind == Kind::cancelled || kind == Kind::expired ||
           (kind == Kind::filled && leaves == 0);
  }
};

/// What a strategy tells the gateway: an order or amend that has passed its check, a cancel.
struct Instruction {
  Request request;
  u64 token;   // by which the engine knows the order
  i64 sent_ns; // when it was sent, by the monotonic clock
};

} // namespace trading
