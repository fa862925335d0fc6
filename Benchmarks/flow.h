// Order flow as a file: lines of `time,id,action,side,price,size`, no header, of one instrument.
//   time    nanoseconds, not going back
//   id      of the order, from 1; an `add` gives one that is not in use
//   action  add, modify, cancel, fill
//   side    buy, sell
//   price   with up to two decimals; of a modify the new one, of a fill that of the execution
//   size    whole; of an add and a modify that of the whole order, of a fill what was executed, of a cancel ignored
// Also makes such a flow from a seed.
#pragma once

#include "random.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace bench {

enum class Action : uint8_t { Add, Modify, Cancel, Fill };
constexpr const char *action_names[] = {"add", "modify", "cancel", "fill"};

struct FlowLine {
  int64_t time_ns = 0;
  uint64_t id = 0;
  Action action = Action::Add;
  bool is_buy = false;
  int64_t price = 0, size = 0; // the price in hundredths

  bool operator==(const FlowLine &) const = default;
};

inline std::string text_of(const FlowLine &line) {
  char text[128];
  std::snprintf(text, sizeof text, "%lld,%llu,%s,%s,%lld.%02lld,%lld", static_cast<long long>(line.time_ns),
                static_cast<unsigned long long>(line.id), action_names[size_t(line.action)],
                line.is_buy ? "buy" : "sell", static_cast<long long>(line.price / 100),
                static_cast<long long>(line.price % 100), static_cast<long long>(line.size));
  return text;
}

// The whole of a field as a number; false if it is none.
inline bool whole_number(const std::string &text, int64_t &number) {
  char *end = nullptr;
  number = std::strtoll(text.c_str(), &end, 10);
  return !text.empty() && *end == 0 && text.find_first_not_of("0123456789") == std::string::npos;
}

inline bool hundredths(const std::string &text, int64_t &price) {
  size_t dot = text.find('.');
  std::string decimals = dot == std::string::npos ? "" : text.substr(dot + 1);
  int64_t whole = 0, part = 0;
  if (decimals.size() > 2 || (dot != std::string::npos && decimals.empty()))
    return false;
  decimals.resize(2, '0');
  if (!whole_number(text.substr(0, dot), whole) || !whole_number(decimals, part) || whole > (int64_t{1} << 46))
    return false;
  price = whole * 100 + part;
  return true;
}

inline bool parse_flow_line(const std::string &text, FlowLine &line) {
  std::vector<std::string> fields;
  std::istringstream stream(text);
  for (std::string field; std::getline(stream, field, ',');)
    fields.push_back(field);
  int64_t id = 0;
  if (fields.size() != 6 || !whole_number(fields[0], line.time_ns) || !whole_number(fields[1], id) || id == 0)
    return false;
  line.id = uint64_t(id);
  bool found = false;
  for (size_t i = 0; i < std::size(action_names); i++) {
    if (fields[2] != action_names[i])
      continue;
    line.action = Action(i);
    found = true;
  }
  line.is_buy = fields[3] == "buy";
  if (!found || (!line.is_buy && fields[3] != "sell"))
    return false;
  return hundredths(fields[4], line.price) && whole_number(fields[5], line.size) &&
         (line.action == Action::Cancel || (line.price > 0 && line.size > 0));
}

// What is wrong with a file, empty if nothing.
inline std::string read_flow(const std::string &path, std::vector<FlowLine> &lines) {
  std::ifstream file(path);
  if (!file)
    return path + " cannot be read";
  for (std::string text; std::getline(file, text);) {
    FlowLine line;
    if (!parse_flow_line(text, line) || (!lines.empty() && line.time_ns < lines.back().time_ns))
      return path + ": line " + std::to_string(lines.size() + 1) + " is no order flow: " + text;
    lines.push_back(line);
  }
  return lines.empty() ? path + " has no lines" : "";
}

// A flow from a seed: prices wander, orders rest near them; of a hundred lines 46 add, 34 cancel, 12 modify, 8 fill.
class FlowMaker {
public:
  explicit FlowMaker(uint64_t seed) : random_(seed) {}

  std::vector<FlowLine> make(size_t count) {
    std::vector<FlowLine> lines;
    while (lines.size() < count) {
      time_ns_ += 1 + int64_t(random_.below(200'000));
      middle_ += random_.between(-2, 2);
      uint64_t drawn = random_.below(100);
      if (live_.size() < 8 || (drawn < 46 && live_.size() < 400))
        lines.push_back(add());
      else if (drawn < 80)
        lines.push_back(cancel());
      else if (drawn < 92)
        lines.push_back(modify());
      else
        lines.push_back(fill());
    }
    return lines;
  }

private:
  struct Live {
    uint64_t id;
    bool is_buy;
    int64_t price, size, executed;
  };

  FlowLine add() {
    bool is_buy = random_.below(2) == 0;
    int64_t away = random_.between(1, 100);
    live_.push_back({++last_, is_buy, middle_ + (is_buy ? -away : away), random_.between(1, 500), 0});
    return line_of(live_.back(), Action::Add, live_.back().size);
  }

  FlowLine cancel() {
    size_t which = random_.below(live_.size());
    Live ended = live_[which];
    remove(which);
    return line_of(ended, Action::Cancel, 0);
  }

  FlowLine modify() {
    Live &order = live_[random_.below(live_.size())];
    order.price += random_.between(-5, 5);
    order.size = order.executed + random_.between(1, 500);
    return line_of(order, Action::Modify, order.size);
  }

  FlowLine fill() {
    size_t which = random_.below(live_.size());
    Live &order = live_[which];
    int64_t open = order.size - order.executed;
    int64_t size = random_.below(2) == 0 ? open : random_.between(1, open);
    order.executed += size;
    FlowLine line = line_of(order, Action::Fill, size);
    if (order.executed == order.size)
      remove(which);
    return line;
  }

  FlowLine line_of(const Live &order, Action action, int64_t size) const {
    return {time_ns_, order.id, action, order.is_buy, order.price, size};
  }

  void remove(size_t which) {
    live_[which] = live_.back();
    live_.pop_back();
  }

  Random random_;
  std::vector<Live> live_;
  uint64_t last_ = 0;
  int64_t time_ns_ = 0, middle_ = 10'000;
};

} // namespace bench
