// result.hpp: what a call says. Nothing here throws but value(), which is there where exceptions are.
#ifndef RISKCHECK_RESULT_HPP
#define RISKCHECK_RESULT_HPP

#include <riskcheck.h>

#include <optional>
#include <string_view>
#include <utility>
#if defined(__cpp_exceptions)
#include <stdexcept>
#include <string>
#endif

namespace riskcheck {

// An rck_status: passed, a repeat that changed nothing, a refusal for a reason of trading, or a misuse of the call.
class [[nodiscard]] Status {
public:
  Status() noexcept = default;
  constexpr Status(rck_status code) noexcept : code_(code) {}
  constexpr rck_status code() const noexcept { return code_; }
  constexpr bool passed() const noexcept { return code_ == RCK_OK; }
  constexpr bool repeat() const noexcept { return code_ == RCK_REPEAT; }
  constexpr bool refused() const noexcept { return code_ > RCK_REPEAT; }
  constexpr bool misused() const noexcept { return code_ < RCK_OK; }
  constexpr explicit operator bool() const noexcept { return passed(); }
  const char *name() const noexcept { return rck_status_name(code_); }
  friend constexpr bool operator==(Status a, Status b) noexcept { return a.code_ == b.code_; }
  friend constexpr bool operator!=(Status a, Status b) noexcept { return a.code_ != b.code_; }

private:
  rck_status code_;
};

#if defined(__cpp_exceptions)
// A cold call that did not pass: its status, and of what was wrong the field, its value, and what is allowed.
class Error : public std::runtime_error {
public:
  explicit Error(const rck_fault &fault) : std::runtime_error(words(fault)), fault_(fault) {}
  Status status() const noexcept { return fault_.status; }
  const rck_fault &fault() const noexcept { return fault_; }

private:
  static std::string words(const rck_fault &fault) {
    std::string text = rck_status_name(fault.status);
    if (fault.record[0] != 0 || fault.field[0] != 0) {
      text.append(": ").append(fault.record).append(fault.record[0] && fault.field[0] ? "." : "").append(fault.field);
      text.append(" is ").append(std::to_string(fault.value));
    }
    if (fault.minimum != 0 || fault.maximum != 0)
      text.append(", allowed is ").append(std::to_string(fault.minimum)).append(" to ") +=
          std::to_string(fault.maximum);
    if (fault.system_error != 0)
      text.append(" (errno ").append(std::to_string(fault.system_error)) += ')';
    return text;
  }

  rck_fault fault_;
};
#endif

namespace detail {

// The status of a call, and its fault.
class Outcome {
public:
  constexpr Status status() const noexcept { return fault_.status; }
  constexpr const rck_fault &fault() const noexcept { return fault_; }

protected:
  constexpr Outcome() noexcept : fault_{} {}
  constexpr Outcome(rck_status status, const rck_fault &fault) noexcept : fault_(fault) { fault_.status = status; }
#if defined(__cpp_exceptions)
  void demand(bool held) const {
    if (!held)
      throw Error(fault_);
  }
#endif

  rck_fault fault_;
};

} // namespace detail

// What a cold call gives: true and a T, or a status and its fault.
template <typename T> class [[nodiscard]] Result : public detail::Outcome {
public:
  Result(T made) noexcept : made_(std::move(made)) {}
  Result(rck_status status, const rck_fault &fault) noexcept : Outcome(status, fault) {}

  constexpr explicit operator bool() const noexcept { return made_.has_value(); }
  // Of a result that is true.
  T &operator*() & noexcept { return *made_; }
  const T &operator*() const & noexcept { return *made_; }
  T &&operator*() && noexcept { return *std::move(made_); }
  T *operator->() noexcept { return &*made_; }
  const T *operator->() const noexcept { return &*made_; }
#if defined(__cpp_exceptions)
  // Throws Error if it is false.
  T &value() & { return demand(made_.has_value()), *made_; }
  const T &value() const & { return demand(made_.has_value()), *made_; }
  T &&value() && { return demand(made_.has_value()), *std::move(made_); }
#endif

private:
  std::optional<T> made_;
};

// Of a call that gives nothing else: true if it passed or repeats what is so already.
template <> class [[nodiscard]] Result<void> : public detail::Outcome {
public:
  constexpr Result() noexcept = default;
  constexpr Result(rck_status status, const rck_fault &fault) noexcept : Outcome(status, fault) {}

  constexpr explicit operator bool() const noexcept { return status().passed() || status().repeat(); }
#if defined(__cpp_exceptions)
  void value() const { demand(static_cast<bool>(*this)); }
#endif
};

} // namespace riskcheck

#endif
