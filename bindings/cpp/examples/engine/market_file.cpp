// The market of a file. It is read whole before anything begins: what is wrong in it is found then.
#include "market.hpp"

#include <riskcheck/decimal.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <optional>
#include <string_view>

namespace trading {

namespace {

using riskcheck::Decimal;

constexpr std::string_view bars_header = "timestamp,open,high,low,close,volume";
constexpr unsigned price_decimals_max = 9;
constexpr i64 clip_value = 50'000;        // of a usual order, in the quote's currency
constexpr u32 quantity_decimals = 3;      // shares of a coin or of a unit of currency
constexpr i64 quantity_units = 1'000;     // in one whole
constexpr i64 depth_clips = 4;            // what the market shows where the file says nothing, or the mean
constexpr i64 price_max = 1'000'000'000;  // in units: keeps every product of price and quantity in bounds
constexpr std::size_t ticks_each_bar = 4; // open, the two extremes, close

/// As it may be printed anywhere.
std::string quoted(std::string_view text) {
  std::string made = "\"";
  for (const char letter : text.substr(0, 40))
    made += letter >= ' ' && letter <= '~' ? letter : '?';
  return made + "\"";
}

/// A line, and what to say of it.
class Line {
public:
  Line(const std::string &path, std::size_t number, std::string_view text) : path(path), number(number), rest(text) {}

  [[noreturn]] void refuse(const std::string &why) const {
    throw Fault{path + ", line " + std::to_string(number) + ": " + why};
  }

  std::string_view field(const char *name) {
    if (ended)
      refuse(std::string(name) + " is missing");
    const std::size_t comma = rest.find(',');
    const std::string_view found = rest.substr(0, comma);
    ended = comma == std::string_view::npos;
    rest = ended ? std::string_view() : rest.substr(comma + 1);
    return found;
  }

  Decimal decimal(const char *name) { return decimal(name, field(name)); }
  Decimal decimal(const char *name, std::string_view text) const {
    const auto parsed = Decimal::parse(text);
    if (!parsed)
      refuse(std::string(name) + " is " + quoted(text) + ", which is no decimal number");
    return *parsed;
  }

  /// What is written before the point: exactly the number, rounded down. `optional`: nothing may stand for 0.
  i64 whole(const char *name, bool optional = false) {
    const std::string_view text = field(name);
    if (optional && text.empty())
      return 0;
    decimal(name, text);
    const std::string_view digits = text.substr(0, text.find('.'));
    const i64 value = digits.empty() ? 0 : decimal(name, digits).in_units(0).value_or(-1);
    if (value < 0 || text.front() == '-')
      refuse(std::string(name) + " is negative or too large");
    return value;
  }

  void end() const {
    if (!ended)
      refuse("there is more than belongs there: " + quoted(rest));
  }

private:
  const std::string &path;
  std::size_t number;
  std::string_view rest;
  bool ended = false;
};

/// Nanoseconds since 1970 of a text of this form: Y, M, D, h, m, s and f stand for digits, all else for itself.
std::optional<i64> time_of(std::string_view text, std::string_view form) {
  if (text.size() != form.size())
    return std::nullopt;
  std::array<i64, 128> parts{};
  i64 fraction_ns = 1'000'000'000;
  for (std::size_t at = 0; at < text.size(); at++) {
    const unsigned char letter = static_cast<unsigned char>(form[at]);
    if (std::string_view("YMDhmsf").find(form[at]) == std::string_view::npos) {
      if (text[at] != form[at])
        return std::nullopt;
      continue;
    }
    if (text[at] < '0' || text[at] > '9')
      return std::nullopt;
    parts[letter] = parts[letter] * 10 + (text[at] - '0');
    if (letter == 'f')
      fraction_ns /= 10;
  }
  using namespace std::chrono;
  const year_month_day date{year(static_cast<int>(parts['Y'])), month(static_cast<unsigned>(parts['M'])),
                            day(static_cast<unsigned>(parts['D']))};
  if (!date.ok() || parts['h'] > 23 || parts['m'] > 59 || parts['s'] > 59)
    return std::nullopt;
  const i64 days = sys_days(date).time_since_epoch().count();
  return ((days * 24 + parts['h']) * 3'600 + parts['m'] * 60 + parts['s']) * 1'000'000'000 +
         parts['f'] * (fraction_ns == 1'000'000'000 ? 0 : fraction_ns);
}

/// A row of either format: the prices at which the market stood, one after the other.
struct Row {
  std::array<Decimal, ticks_each_bar> prices; // of a quote: bid, ask
  i64 volume;                                 // or the size; 0: not said
};

class FileMarket : public Market {
public:
  explicit FileMarket(const std::string &path) : path(path) {
    read();
    if (rows.empty())
      throw Fault{path + " has no rows"};
    known.push_back(product());
    for (std::size_t at = 0; at < rows.size(); at++)
      bars ? add_bar(rows[at], at) : add_quote(rows[at], at);
    rows = {};
  }

  bool next(Tick &tick) override {
    if (at == ticks.size())
      return false;
    tick = ticks[at++];
    tick.number = at;
    return true;
  }

  i64 due_ns(u64 number, i64 run_ns) const override {
    const auto part = static_cast<double>(number) / static_cast<double>(ticks.size());
    return static_cast<i64>(static_cast<double>(run_ns) * part);
  }

  std::string origin() const override {
    return std::to_string(ticks.size()) + " ticks of " + path + (bars ? " (bars)" : " (quotes)");
  }

private:
  void read() {
    std::ifstream file(path, std::ios::binary);
    std::string text;
    if (!file.is_open() || std::filesystem::is_directory(path))
      throw Fault{path + " cannot be read"};
    i64 before = 0;
    for (std::size_t number = 1; std::getline(file, text); number++) {
      if (number == 1 && text == bars_header) {
        bars = true;
        continue;
      }
      Line line(path, number, text);
      const std::string_view when = line.field("the time");
      const auto time = time_of(when, bars ? "YYYY-MM-DD hh:mm:ss.ffffff" : "YYYYMMDD hhmmssfff");
      if (!time)
        line.refuse(quoted(when) + " is no time as this format has it");
      if (*time < before)
        line.refuse("its time is before that of the line before");
      before = *time;
      rows.push_back(bars ? bar(line) : quote(line));
      line.end();
    }
    if (file.bad())
      throw Fault{path + " cannot be read to its end"};
  }

  Row bar(Line &line) {
    const Decimal open = price(line, "open"), high = price(line, "high");
    const Decimal low = price(line, "low"), close = price(line, "close");
    const auto units = [](Decimal decimal) { return *decimal.in_units(price_decimals_max); };
    if (units(low) > std::min(units(open), units(close)) || units(high) < std::max(units(open), units(close)))
      line.refuse("open and close are not between low and high");
    const bool rose = units(close) >= units(open);
    return {{open, rose ? low : high, rose ? high : low, close}, line.whole("volume")};
  }

  Row quote(Line &line) {
    const Decimal bid = price(line, "bid"), ask = price(line, "ask");
    if (*bid.in_units(price_decimals_max) >= *ask.in_units(price_decimals_max))
      line.refuse("the bid is not below the ask");
    return {{bid, ask, bid, ask}, line.whole("size", true)};
  }

  /// A price above 0, and what is needed to write it.
  Decimal price(Line &line, const char *name) {
    const Decimal decimal = line.decimal(name);
    unsigned needed = 0;
    while (needed <= price_decimals_max && !decimal.in_units(needed))
      needed++;
    if (!decimal.in_units(price_decimals_max))
      line.refuse(std::string(name) + " has more than 9 decimals or is too large");
    if (*decimal.in_units(price_decimals_max) <= 0)
      line.refuse(std::string(name) + " is not above 0");
    decimals = std::max(decimals, needed);
    return decimal;
  }

  i64 in_units(Decimal decimal) const {
    const auto units = decimal.in_units(decimals);
    if (!units || *units > price_max)
      throw Fault{path + ": a price is too large for the decimals that others need"};
    return *units;
  }

  /// The price step is the largest of which all prices are multiples.
  Product product() const {
    i64 step = 0;
    for (const Row &row : rows)
      for (const Decimal &decimal : row.prices)
        step = std::gcd(step, in_units(decimal));
    const i64 first = in_units(rows.front().prices[0]);
    i64 whole = 1;
    for (unsigned digit = 0; digit < decimals; digit++)
      whole *= 10;
    const std::string stem = std::filesystem::path(path).stem().string().substr(0, 24);
    return {stem,  1,    decimals, quantity_decimals,
            1,     step, first,    std::max<i64>(clip_value * quantity_units * whole / first, 1),
            1'000, 40};
  }

  /// What the market shows: the mean of the file is depth_clips usual orders.
  i64 size(i64 volume) {
    if (mean == 0) {
      for (const Row &row : rows)
        mean += row.volume / static_cast<i64>(rows.size());
      mean = std::max<i64>(mean, 1);
    }
    const i64 usual = known[1].clip * depth_clips;
    const i64 share = volume == 0 ? usual : volume / std::max<i64>(mean / usual, 1);
    return std::clamp<i64>(share, 1, usual * 8);
  }

  void add_bar(const Row &row, std::size_t) {
    const i64 shown = size(row.volume);
    for (const Decimal &decimal : row.prices) {
      const i64 price = in_units(decimal), step = known[1].tick;
      const bool rose = ticks.empty() || price >= ticks.back().price;
      ticks.push_back({1, rose ? Side::buy : Side::sell, rose ? price - step : price, rose ? price : price + step,
                       shown, shown, price, shown / 2, 0});
    }
  }

  /// Nobody says what was traded: a side that moves was taken.
  void add_quote(const Row &row, std::size_t at) {
    const i64 bid = in_units(row.prices[0]), ask = in_units(row.prices[1]), shown = size(row.volume);
    const bool rose = at == 0 || ask > ticks.back().ask;
    const bool moved = at == 0 || ask != ticks.back().ask || bid != ticks.back().bid;
    ticks.push_back(
        {1, rose ? Side::buy : Side::sell, bid, ask, shown, shown, rose ? ask : bid, moved ? shown / 4 : 0, 0});
  }

  std::string path;
  bool bars = false;
  unsigned decimals = 0;
  i64 mean = 0;
  std::vector<Row> rows;
  std::vector<Tick> ticks;
  std::size_t at = 0;
};

} // namespace

std::unique_ptr<Market> market_of_file(const std::string &path) { return std::make_unique<FileMarket>(path); }

} // namespace trading
