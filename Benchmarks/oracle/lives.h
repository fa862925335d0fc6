// Whole lives of mixed orders: checks, amends and what the venue says of them, fills of parts and beyond the whole,
// releases, to the oracle and to the library. Positions come and go, so that orders reduce them.
#pragma once

#include "mixture.h"

namespace bench {

class Lives {
public:
  Lives(Oracle &oracle, LibraryDesk::Seat seat, const Mixture &mixture)
      : oracle_(oracle), seat_(seat), mixture_(mixture), orders_(mixture.seed), random_(mixture.seed + 1) {}

  Judged run() {
    for (uint64_t i = 0; i < mixture_.count; i++) {
      number_ = i;
      begin();
      while (lives_.size() > 60 || (!lives_.empty() && random_.below(3) != 0))
        go_on(random_.below(lives_.size()));
      if (i % 64 == 0)
        seat_.drain();
    }
    return judged_;
  }

private:
  struct Life {
    uint64_t ours, theirs;
    rck_order order;
    int64_t cumulative = 0;
  };

  void compare(const char *call, const rck_order &order, const rck_verdict &ours, rck_verdict theirs) {
    if (mixture_.planted && number_ == mixture_.count / 2 && !falsified_) {
      theirs.observed ^= 1;
      falsified_ = true;
    }
    if (!same_verdict(ours, theirs) && judged_.different++ < 5) {
      std::fprintf(stderr, "%s: ", call);
      print_difference(number_, order, ours, theirs);
    }
  }

  void begin() {
    rck_order order;
    orders_.make(order);
    if (mixture_.alter != nullptr)
      mixture_.alter(order);
    latest_ = std::max(latest_, order.time_ns);
    rck_verdict theirs{}, ours = oracle_.check(order);
    seat_.check(order, theirs);
    judged_.count(ours);
    compare("check", order, ours, theirs);
    judged_.reduced += theirs.status == RCK_OK && (theirs.flags & RCK_VERDICT_REDUCING);
    if (ours.status == RCK_OK && theirs.status == RCK_OK)
      lives_.push_back({ours.token, theirs.token, order});
  }

  void go_on(size_t which) {
    switch (random_.below(8)) {
    case 0:
    case 1:
      release(which);
      break;
    case 2:
    case 3:
      amend(lives_[which]);
      break;
    case 4:
    case 5:
      answer(lives_[which]);
      break;
    default:
      fill(lives_[which]);
      break;
    }
  }

  void release(size_t which) {
    judged_.different += oracle_.release(lives_[which].ours, latest_) != seat_.release(lives_[which].theirs, latest_);
    if (random_.below(8) != 0) // some are released, filled and amended once more
      lives_.erase(lives_.begin() + long(which));
  }

  void amend(const Life &life) {
    rck_order terms = life.order;
    int64_t lot = terms.instrument % 2 == 0 ? 10 : 1, tick = terms.instrument % 2 == 0 ? 25 : 1;
    terms.quantity = std::max(lot, terms.quantity + lot * random_.between(-100, 100));
    if (terms.type == RCK_TYPE_LIMIT)
      terms.price += tick * random_.between(-20, 20);
    terms.time_ns = latest_;
    terms.deadline_ns = 0;
    rck_verdict theirs{}, ours = oracle_.amend(life.ours, terms);
    rck_amend(seat_.port, life.theirs, &terms, &theirs);
    compare("amend", terms, ours, theirs);
    judged_.amended += ours.status == RCK_OK;
  }

  void answer(const Life &life) {
    uint32_t accepted = uint32_t(random_.below(2));
    rck_verdict theirs{}, ours = oracle_.amend_result(life.ours, accepted != 0);
    rck_amend_result(seat_.port, life.theirs, 0, accepted, &theirs);
    compare("answer", life.order, ours, theirs);
  }

  // Sometimes what is known already, sometimes more than the whole.
  void fill(Life &life) {
    rck_report report{};
    report.token = life.theirs;
    report.kind = RCK_REPORT_FILL;
    report.side = life.order.side;
    report.last_quantity = random_.between(life.cumulative == 0 ? 1 : 0, life.order.quantity / 2 + 1);
    report.last_price = last_price(life.order.instrument) + random_.between(-150, 150);
    report.cumulative_quantity = life.cumulative += report.last_quantity;
    report.last_quantity = std::max<int64_t>(report.last_quantity, 1);
    report.execution_id = ++executions_;
    report.time_ns = latest_;
    rck_verdict theirs{}, ours{};
    rck_fill(seat_.port, &report, &theirs);
    report.token = life.ours;
    ours = oracle_.fill(report);
    compare("fill", life.order, ours, theirs);
    judged_.filled += ours.status == RCK_OK;
  }

  Oracle &oracle_;
  LibraryDesk::Seat seat_;
  Mixture mixture_;
  MixedOrders orders_;
  Random random_;
  std::vector<Life> lives_;
  Judged judged_;
  int64_t latest_ = 0;
  uint64_t number_ = 0, executions_ = 0;
  bool falsified_ = false;
};

} // namespace bench
