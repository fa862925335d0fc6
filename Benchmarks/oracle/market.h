// What is known of the market of each instrument: the last trade, the latest quote and book, the day's volume.
#pragma once

#include "numbers.h"
#include "../profile.h"

#include <unordered_map>

namespace bench::plain {

struct InstrumentMarket {
  std::optional<rck_trade> trade;
  std::optional<rck_quote> quote;
  std::optional<rck_book> book;
  int64_t volume = 0; // of the day's trades, or what was set; 0: none
};

// A price that others are compared with, if there is one.
inline std::optional<Wide> reference_price(uint32_t kind, const rck_instrument &instrument,
                                           const InstrumentMarket &market, bool buy) {
  auto unless_zero = [](Wide price) { return price != 0 ? std::optional<Wide>(price) : std::nullopt; };
  const auto &quote = market.quote;
  switch (kind) {
  case RCK_REFERENCE_LAST:
    return market.trade ? unless_zero(market.trade->price) : std::nullopt;
  case RCK_REFERENCE_MID:
    return quote && quote->bid_size != 0 && quote->ask_size != 0 ? unless_zero((Wide(quote->bid) + quote->ask) / 2)
                                                                 : std::nullopt;
  case RCK_REFERENCE_OWN_SIDE:
    if (!quote || (buy ? quote->bid_size : quote->ask_size) == 0)
      return std::nullopt;
    return unless_zero(buy ? quote->bid : quote->ask);
  case RCK_REFERENCE_CLOSE:
    return unless_zero(instrument.previous_close);
  case RCK_REFERENCE_SET:
    return unless_zero(instrument.reference_price);
  default:
    return std::nullopt;
  }
}

using Markets = std::unordered_map<uint32_t, InstrumentMarket>;

inline Markets markets_of(const Profile &profile) {
  Markets markets;
  for (const auto &trade : profile.trades) {
    markets[trade.instrument].trade = trade;
    markets[trade.instrument].volume += trade.quantity;
  }
  for (const auto &quote : profile.quotes)
    markets[quote.instrument].quote = quote;
  for (const auto &book : profile.books) {
    InstrumentMarket &market = markets[book.instrument];
    market.book = book;
    if (market.quote && market.quote->time_ns > book.time_ns)
      continue; // a book is a quote as well, unless a later quote is stored
    rck_quote quote{};
    quote.instrument = book.instrument;
    quote.time_ns = book.time_ns;
    quote.bid = book.bid_prices[0];
    quote.ask = book.ask_prices[0];
    quote.bid_size = book.bids != 0 ? book.bid_sizes[0] : 0;
    quote.ask_size = book.asks != 0 ? book.ask_sizes[0] : 0;
    market.quote = quote;
  }
  for (const auto &instrument : profile.instruments) {
    int64_t &volume = markets[instrument.id].volume;
    volume = profile.volume != 0 ? profile.volume : volume;
  }
  return markets;
}

} // namespace bench::plain
