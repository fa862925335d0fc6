// decimal.hpp: decimals as they are written, which become prices, quantities and money exactly or not at all.
#ifndef RISKCHECK_DECIMAL_HPP
#define RISKCHECK_DECIMAL_HPP

#include <riskcheck/numbers.hpp>

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

namespace riskcheck {

// A decimal number, digits x 10^-decimals with 0 to 18 decimals and less than 2^63 digits' worth.
class Decimal {
public:
  static constexpr unsigned decimals_max = 18;
  static constexpr std::int64_t digits_max = std::numeric_limits<std::int64_t>::max();

  constexpr Decimal() noexcept = default;
  // The value of an amount that has so many decimals; more than 18 are taken for 18.
  template <typename Tag>
  constexpr Decimal(Amount<Tag> amount, unsigned decimals) noexcept
      : digits_(amount.get()), decimals_(decimals < decimals_max ? decimals : decimals_max) {}

  // "-12.50", ".5", "7": a sign or none, digits, at most one point. Nothing, if there is more or it does not fit.
  [[nodiscard]] static constexpr std::optional<Decimal> parse(std::string_view text) noexcept {
    const bool negative = !text.empty() && text.front() == '-';
    if (negative || (!text.empty() && text.front() == '+'))
      text.remove_prefix(1);
    Decimal made;
    bool pointed = false, any = false;
    unsigned zeros = 0; // behind the point, and nothing else behind them as yet
    for (const char c : text) {
      if (c == '.' && !pointed) {
        pointed = true;
        continue;
      }
      if (c < '0' || c > '9')
        return std::nullopt;
      any = true;
      if (pointed && c == '0') {
        zeros++;
        continue;
      }
      for (; zeros != 0; zeros--)
        if (!made.append(0, true))
          return std::nullopt;
      if (!made.append(c - '0', pointed))
        return std::nullopt;
    }
    if (!any)
      return std::nullopt;
    made.digits_ = negative ? -made.digits_ : made.digits_;
    return made;
  }

  // The shortest decimal that reads back as this double: 99.5, 0.1. Nothing, if it is none or does not fit.
  [[nodiscard]] static std::optional<Decimal> shortest(double value) noexcept {
    char text[64];
    const auto written = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed);
    return written.ec == std::errc() ? parse({text, static_cast<std::size_t>(written.ptr - text)}) : std::nullopt;
  }

  // In units of 10^-decimals; nothing, if it has more decimals than that, or does not fit.
  [[nodiscard]] constexpr std::optional<std::int64_t> in_units(unsigned decimals) const noexcept {
    if (digits_ == 0)
      return 0;
    std::int64_t value = digits_;
    unsigned have = decimals_;
    for (; have > decimals; have--) {
      if (value % 10 != 0)
        return std::nullopt;
      value /= 10;
    }
    for (; have < decimals; have++) {
      if (value > digits_max / 10 || value < -digits_max / 10)
        return std::nullopt;
      value *= 10;
    }
    return value;
  }

  // "99.50"_decimal.as<Price>(2) is Price(9950).
  template <typename Kind> [[nodiscard]] constexpr std::optional<Kind> as(unsigned decimals) const noexcept {
    const auto value = in_units(decimals);
    return value ? std::optional<Kind>(Kind(*value)) : std::nullopt;
  }

  // As it is written: an amount with all its decimals, "-0.50"; what was parsed without the zeros at its end.
  [[nodiscard]] constexpr Text<24> text() const noexcept {
    Text<24> made;
    char reversed[24] = {};
    unsigned length = 0;
    auto left = digits_ < 0 ? 0 - static_cast<std::uint64_t>(digits_) : static_cast<std::uint64_t>(digits_);
    for (unsigned i = 0; left != 0 || i <= decimals_; i++) {
      if (i == decimals_ && i != 0)
        reversed[length++] = '.';
      reversed[length++] = static_cast<char>('0' + left % 10);
      left /= 10;
    }
    char *to = made.data();
    if (digits_ < 0)
      *to++ = '-';
    while (length != 0)
      *to++ = reversed[--length];
    return made;
  }

private:
  constexpr bool append(int digit, bool behind_point) noexcept {
    if (behind_point && decimals_ == decimals_max)
      return false;
    if (digits_ > (digits_max - digit) / 10)
      return false;
    digits_ = digits_ * 10 + digit;
    decimals_ += behind_point ? 1 : 0;
    return true;
  }

  std::int64_t digits_ = 0;
  unsigned decimals_ = 0;
};

#if defined(__cpp_consteval)
inline namespace literals {

// 99.50_decimal, "99.50"_decimal. What is none does not compile.
consteval Decimal operator""_decimal(const char *text) { return Decimal::parse(text).value(); }
consteval Decimal operator""_decimal(const char *text, std::size_t length) {
  return Decimal::parse({text, length}).value();
}

} // namespace literals

// price<2>(99.50_decimal) is Price(9950). What is not exact does not compile.
template <unsigned decimals> consteval Price price(Decimal decimal) { return decimal.as<Price>(decimals).value(); }
template <unsigned decimals> consteval Quantity quantity(Decimal decimal) {
  return decimal.as<Quantity>(decimals).value();
}
template <unsigned decimals> consteval Money money(Decimal decimal) { return decimal.as<Money>(decimals).value(); }
#endif

} // namespace riskcheck

#endif
