// numbers.hpp: numbers that cannot be mixed up. Each is an integer of the C header with a kind; nothing converts by
// itself, and nothing is checked that the library checks.
#ifndef RISKCHECK_NUMBERS_HPP
#define RISKCHECK_NUMBERS_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string_view>
#include <type_traits>

namespace riskcheck {

// A number of one kind: of what, says the tag. It becomes an integer when asked to. As with integers, one that is given
// no value has none: Price{} is 0.
template <typename Tag, typename Integer> class Number {
public:
  using integer = Integer;
  Number() noexcept = default;
  constexpr explicit Number(Integer value) noexcept : value_(value) {}
  // What lies behind the point would be cut off: Decimal::shortest(99.75) becomes a price, or says that it is none.
  template <typename Real, std::enable_if_t<std::is_floating_point_v<Real>, int> = 0> explicit Number(Real) = delete;
  [[nodiscard]] constexpr Integer get() const noexcept { return value_; }

  friend constexpr bool operator==(Number a, Number b) noexcept { return a.value_ == b.value_; }
  friend constexpr bool operator!=(Number a, Number b) noexcept { return a.value_ != b.value_; }
  friend constexpr bool operator<(Number a, Number b) noexcept { return a.value_ < b.value_; }
  friend constexpr bool operator>(Number a, Number b) noexcept { return a.value_ > b.value_; }
  friend constexpr bool operator<=(Number a, Number b) noexcept { return a.value_ <= b.value_; }
  friend constexpr bool operator>=(Number a, Number b) noexcept { return a.value_ >= b.value_; }

private:
  Integer value_;
};

// A number that is added to its like and multiplied by a count. As with integers, what overflows is the caller's fault.
template <typename Tag> class Amount : public Number<Tag, std::int64_t> {
public:
  using Number<Tag, std::int64_t>::Number;

  friend constexpr Amount operator+(Amount a, Amount b) noexcept { return Amount(a.get() + b.get()); }
  friend constexpr Amount operator-(Amount a, Amount b) noexcept { return Amount(a.get() - b.get()); }
  friend constexpr Amount operator-(Amount a) noexcept { return Amount(-a.get()); }
  friend constexpr Amount operator*(Amount a, std::int64_t count) noexcept { return Amount(a.get() * count); }
  friend constexpr Amount operator*(std::int64_t count, Amount a) noexcept { return a * count; }
  template <typename Real>
  friend std::enable_if_t<std::is_floating_point_v<Real>, Amount> operator*(Amount, Real) = delete;
  template <typename Real>
  friend std::enable_if_t<std::is_floating_point_v<Real>, Amount> operator*(Real, Amount) = delete;
  constexpr Amount &operator+=(Amount other) noexcept { return *this = *this + other; }
  constexpr Amount &operator-=(Amount other) noexcept { return *this = *this - other; }
};

// Prices and quantities are in units of 10^-decimals of their instrument, money of 10^-money_decimals.
using Price = Amount<struct PriceTag>;
using Quantity = Amount<struct QuantityTag>;
using Money = Amount<struct MoneyTag>;
using Duration = Amount<struct DurationTag>; // nanoseconds

// UTC nanoseconds since 1970; 0: see Clock in riskcheck.h.
class Time : public Number<struct TimeTag, std::int64_t> {
public:
  using Number::Number;
  friend constexpr Time operator+(Time at, Duration by) noexcept { return Time(at.get() + by.get()); }
  friend constexpr Time operator-(Time at, Duration by) noexcept { return Time(at.get() - by.get()); }
  friend constexpr Duration operator-(Time a, Time b) noexcept { return Duration(a.get() - b.get()); }
};

using CurrencyId = Number<struct CurrencyTag, std::uint32_t>;
using GroupId = Number<struct GroupTag, std::uint32_t>;
using AccountId = Number<struct AccountTag, std::uint32_t>;
using StrategyId = Number<struct StrategyTag, std::uint32_t>;
using InstrumentId = Number<struct InstrumentTag, std::uint32_t>;
using CalendarId = Number<struct CalendarTag, std::uint32_t>;
using CustomId = Number<struct CustomTag, std::uint32_t>;
using MetricId = Number<struct MetricTag, std::uint32_t>;
using LimitId = Number<struct LimitTag, std::uint32_t>;
using OverrideId = Number<struct OverrideTag, std::uint32_t>;
using VenueId = Number<struct VenueTag, std::uint32_t>;
using ActorId = Number<struct ActorTag, std::uint32_t>;
using OrderId = Number<struct OrderTag, std::uint64_t>;
using Token = Number<struct TokenTag, std::uint64_t>;
using ExecutionId = Number<struct ExecutionTag, std::uint64_t>;
using CorrelationId = Number<struct CorrelationTag, std::uint64_t>;
using ViolationId = Number<struct ViolationTag, std::uint64_t>;

// A number in the unit of some control: a level, or what was observed. Basis points and counts have no type of their
// own, and are said to be meant: Value(250).
class Value : public Number<struct ValueTag, std::int64_t> {
public:
  using Number::Number;
  Value() noexcept = default;
  template <typename Tag> constexpr Value(Amount<Tag> amount) noexcept : Number(amount.get()) {}
  // Value(x).as<Money>(): the caller knows the control's unit.
  template <typename Kind> [[nodiscard]] constexpr Kind as() const noexcept { return Kind(get()); }
};

// A constant of an enumeration in a field of another width than its own.
template <typename Enumeration, typename Integer> class Coded {
public:
  Coded() noexcept = default;
  constexpr Coded(Enumeration constant) noexcept : value_(static_cast<Integer>(constant)) {}
  constexpr operator Enumeration() const noexcept { return static_cast<Enumeration>(value_); }
  // As it lies in the record: any number that somebody has written there.
  [[nodiscard]] constexpr Integer get() const noexcept { return value_; }

private:
  Integer value_;
};

// A name or a reason: UTF-8, ended by a zero byte. One that is too long is kept without its end, so that the library
// refuses it; a literal that is too long does not compile.
template <std::size_t Bytes> class Text {
public:
  constexpr Text() noexcept = default;
  template <std::size_t N> constexpr Text(const char (&literal)[N]) noexcept {
    static_assert(N <= Bytes, "longer than the field");
    copy(literal, N);
  }
  constexpr explicit Text(std::string_view text) noexcept { copy(text.data(), text.size()); }

  [[nodiscard]] constexpr std::string_view view() const noexcept {
    std::size_t length = 0;
    while (length < Bytes && text_[length] != 0)
      length++;
    return {text_, length};
  }
  // At least one byte behind the text is zero if the library has written it.
  [[nodiscard]] constexpr const char *data() const noexcept { return text_; }
  [[nodiscard]] constexpr char *data() noexcept { return text_; }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return Bytes; }
  constexpr operator std::string_view() const noexcept { return view(); }
  friend constexpr bool operator==(const Text &text, std::string_view other) noexcept { return text.view() == other; }
  friend constexpr bool operator!=(const Text &text, std::string_view other) noexcept { return text.view() != other; }

private:
  constexpr void copy(const char *from, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count && i < Bytes; i++)
      text_[i] = from[i];
  }

  char text_[Bytes] = {};
};

} // namespace riskcheck

template <typename Tag, typename Integer> struct std::hash<riskcheck::Number<Tag, Integer>> {
  std::size_t operator()(riskcheck::Number<Tag, Integer> number) const noexcept {
    return std::hash<Integer>()(number.get());
  }
};
template <typename Tag> struct std::hash<riskcheck::Amount<Tag>> : std::hash<riskcheck::Number<Tag, std::int64_t>> {};
template <> struct std::hash<riskcheck::Time> : std::hash<riskcheck::Number<riskcheck::TimeTag, std::int64_t>> {};
template <> struct std::hash<riskcheck::Value> : std::hash<riskcheck::Number<riskcheck::ValueTag, std::int64_t>> {};

#endif
