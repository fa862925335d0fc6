// walk.hpp: what the library copies out a piece at a time, as ranges to go through once. A range ends where the library
// has no more, or where it says something else than OK: status() tells which.
#ifndef RISKCHECK_WALK_HPP
#define RISKCHECK_WALK_HPP

#include <riskcheck/records.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>

namespace riskcheck {
namespace detail {

// The C struct that a record is, for a call.
template <typename Record> typename Raw<Record>::type *raw(Record *record) noexcept {
  return reinterpret_cast<typename Raw<Record>::type *>(record);
}
template <typename Record> const typename Raw<Record>::type *raw(const Record *record) noexcept {
  return reinterpret_cast<const typename Raw<Record>::type *>(record);
}

// The end of any range.
struct End {};

// Goes through a range that can tell whether it has something (`has`), what (`current`), and go on (`advance`).
template <typename Range, typename Element> class Pass {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = Element;
  using difference_type = std::ptrdiff_t;
  using pointer = const Element *;
  using reference = const Element &;

  Pass() noexcept = default;
  explicit Pass(Range &range) noexcept : range_(&range) {}
  reference operator*() const noexcept { return range_->current(); }
  pointer operator->() const noexcept { return &range_->current(); }
  Pass &operator++() noexcept { return range_->advance(), *this; }
  void operator++(int) noexcept { range_->advance(); }
  friend bool operator==(const Pass &pass, End) noexcept { return !pass.range_->has(); }
  friend bool operator!=(const Pass &pass, End) noexcept { return pass.range_->has(); }
#if !defined(__cpp_impl_three_way_comparison)
  friend bool operator==(End, const Pass &pass) noexcept { return !pass.range_->has(); }
  friend bool operator!=(End, const Pass &pass) noexcept { return pass.range_->has(); }
#endif

private:
  Range *range_ = nullptr;
};

// Records that a call with a cursor copies into a buffer. Read is the call: (cursor, buffer, capacity, count).
template <typename Element, typename Cursor, typename Read> class Walk {
public:
  explicit Walk(Read read) noexcept : read_(std::move(read)) {}

  auto begin() noexcept {
    if (!begun_)
      fetch();
    begun_ = true;
    return Pass<Walk, Element>(*this);
  }
  End end() const noexcept { return {}; }
  Status status() const noexcept { return status_; }

  bool has() const noexcept { return at_ < count_; }
  const Element &current() const noexcept { return buffer_[at_]; }
  void advance() noexcept {
    if (++at_ == count_)
      fetch();
  }

private:
  void fetch() noexcept {
    at_ = count_ = 0;
    status_ = read_(&cursor_, buffer_.data(), static_cast<std::uint32_t>(buffer_.size()), &count_);
    if (!status_)
      count_ = 0;
  }

  std::array<Element, 32> buffer_{};
  Cursor cursor_ = 0;
  std::uint32_t at_ = 0, count_ = 0;
  bool begun_ = false;
  Status status_{RCK_OK};
  Read read_;
};

template <typename Element, typename Cursor, typename Read> auto walk(Read read) noexcept {
  return Walk<Element, Cursor, Read>(std::move(read));
}

} // namespace detail

// A record of a ring or a journal: its first line, and the lines behind it that its kind needs. It lies in the buffer
// of the range that it came from, until that goes on.
class Record {
public:
  Record() noexcept = default;
  explicit Record(const Event *first) noexcept : first_(first) {}
  const Event &event() const noexcept { return *first_; }
  EventKind kind() const noexcept { return first_->kind; }
  // The struct that begins `line` lines behind the first; nullptr if the record has no room for one there. Which stands
  // where says the kind, in riskcheck_journal.h: of CHECK an Order in line 1, a Verdict in line 3.
  template <typename Struct> const Struct *at(std::size_t line) const noexcept {
    const std::size_t lines = (sizeof(Struct) + sizeof(Event) - 1) / sizeof(Event);
    return line != 0 && line + lines <= first_->lines ? reinterpret_cast<const Struct *>(first_ + line) : nullptr;
  }

private:
  const Event *first_ = nullptr;
};

namespace detail {

// The records of lines that a call moves into a buffer of the range's own. Read is the call: (lines, capacity, count).
template <typename Lines, typename Read> class Records {
public:
  Records(Lines lines, Read read) noexcept : lines_(std::move(lines)), read_(std::move(read)) {}
  Records(const Records &) = delete;
  Records &operator=(const Records &) = delete;

  auto begin() noexcept {
    if (!begun_)
      fetch();
    begun_ = true;
    return Pass<Records, Record>(*this);
  }
  End end() const noexcept { return {}; }
  Status status() const noexcept { return status_; }

  bool has() const noexcept { return at_ < count_; }
  const Record &current() const noexcept { return current_; }
  void advance() noexcept {
    at_ += lines_[at_].lines;
    if (at_ < count_)
      current_ = Record(&lines_[at_]);
    else
      fetch();
  }

private:
  void fetch() noexcept {
    at_ = count_ = 0;
    status_ = read_(lines_.data(), static_cast<std::uint32_t>(lines_.size()), &count_);
    if (!status_)
      count_ = 0;
    current_ = Record(&lines_[0]);
  }

  Lines lines_;
  std::uint32_t at_ = 0, count_ = 0;
  bool begun_ = false;
  Record current_{};
  Status status_{RCK_OK};
  Read read_;
};

} // namespace detail
} // namespace riskcheck

#endif
