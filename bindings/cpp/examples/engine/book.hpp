// The orders that rest at a venue in one instrument. The best price comes first, at one price the oldest. It knows no
// participants and no time: who asks tells it in which order things happen.
#pragma once

#include "messages.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <vector>

namespace trading {

class Book {
public:
  using Place = u32;
  static constexpr Place none = std::numeric_limits<Place>::max();

  struct Resting {
    u64 order_id;
    Side side;
    i64 price, left;
    Place ahead, behind; // its neighbours on its side
  };

  explicit Book(std::size_t capacity) : orders(capacity) {
    for (std::size_t at = 0; at < capacity; at++)
      orders[at].behind = at + 1 < capacity ? static_cast<Place>(at + 1) : none;
    free = capacity == 0 ? none : 0;
  }

  const Resting &at(Place place) const { return orders[place]; }

  /// Behind all that are as good. None: there is no room.
  std::optional<Place> add(u64 order_id, Side side, i64 price, i64 quantity) {
    if (free == none)
      return std::nullopt;
    const Place place = free;
    free = orders[place].behind;
    Place ahead = none, behind = first[row(side)];
    while (behind != none && !better(side, price, orders[behind].price)) {
      ahead = behind;
      behind = orders[behind].behind;
    }
    orders[place] = {order_id, side, price, quantity, ahead, behind};
    (ahead == none ? first[row(side)] : orders[ahead].behind) = place;
    if (behind != none)
      orders[behind].ahead = place;
    return place;
  }

  void remove(Place place) {
    const Resting gone = orders[place];
    (gone.ahead == none ? first[row(gone.side)] : orders[gone.ahead].behind) = gone.behind;
    if (gone.behind != none)
      orders[gone.behind].ahead = gone.ahead;
    orders[place].behind = free;
    free = place;
  }

  /// A smaller quantity keeps its place in the queue.
  void shrink(Place place, i64 left) { orders[place].left = left; }

  /// What an order of `side` would get at `limit` or better.
  i64 available(Side side, i64 limit) const {
    i64 sum = 0;
    for (Place place = first[row(opposite(side))]; place != none; place = orders[place].behind) {
      if (better(opposite(side), limit, orders[place].price))
        break;
      sum += orders[place].left;
    }
    return sum;
  }

  /// Takes from the other side at `limit` or better, and gives what is left of `quantity`. `told(resting, quantity)` is
  /// called for each trade, at the price of what rested, which is removed after that if nothing is left of it.
  template <typename Told> i64 take(Side side, i64 limit, i64 quantity, Told told) {
    while (quantity > 0) {
      const Place place = first[row(opposite(side))];
      if (place == none || better(opposite(side), limit, orders[place].price))
        break;
      const i64 traded = std::min(quantity, orders[place].left);
      quantity -= traded;
      orders[place].left -= traded;
      told(static_cast<const Resting &>(orders[place]), traded);
      if (orders[place].left == 0)
        remove(place);
    }
    return quantity;
  }

private:
  static std::size_t row(Side side) { return side == Side::buy ? 0 : 1; }
  /// Whether `price` would be served before `other` on `side`.
  static bool better(Side side, i64 price, i64 other) { return side == Side::buy ? price > other : price < other; }

  std::vector<Resting> orders;
  std::array<Place, 2> first = {none, none};
  Place free = none;
};

} // namespace trading
