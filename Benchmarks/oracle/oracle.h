// The oracle: what a check has to answer, order by order, as plainly as it can be said. Written from the header's
// promises; calls no part of the library and shares nothing with the floor.
#pragma once

#include "ask.h"

#include <deque>

namespace bench {

class Oracle {
public:
  // `remembered`: finished orders whose ids are known still.
  explicit Oracle(const Profile &profile, size_t remembered = 16'384)
      : money_decimals_(profile.money_decimals), remembered_(remembered), markets_(plain::markets_of(profile)),
        latest_ns_(profile.begun_ns) {
    for (const auto &currency : profile.currencies)
      currencies_[currency.id] = currency;
    for (const auto &account : profile.accounts)
      accounts_[account.id] = account;
    for (const auto &strategy : profile.strategies)
      strategies_[strategy.id] = strategy;
    for (const auto &instrument : profile.instruments)
      instruments_[instrument.id] = instrument;
    for (const auto &limit : profile.limits)
      limits_.add(limit);
    for (const auto &calendar : profile.calendars)
      inputs_.calendars[calendar.id] = calendar;
    if (profile.metric != 0)
      inputs_.metrics[profile.metric] = 1;
    if (profile.custom != 0)
      inputs_.customs[profile.custom] = true;
    inputs_.cash = profile.cash;
  }

  rck_verdict check(const rck_order &order) {
    int32_t status = advance(order.time_ns);
    if (status == RCK_OK && order.deadline_ns != 0 && latest_ns_ > order.deadline_ns)
      status = RCK_REJECT_DEADLINE;
    auto known = status == RCK_OK ? tokens_.find(order.order_id) : tokens_.end();
    if (known != tokens_.end()) {
      if (same_terms(orders_.at(known->second).order, order))
        return told(RCK_REPEAT, known->second);
      status = RCK_REJECT_ORDER_ID_TAKEN;
    }
    return status != RCK_OK ? told(status, 0) : judged(order);
  }

  // The venue cancelled what is open.
  rck_status release(uint64_t token, int64_t time_ns) {
    if (int32_t status = advance(time_ns))
      return status;
    auto found = orders_.find(token);
    if (found == orders_.end())
      return RCK_REJECT_ORDER_UNKNOWN;
    Kept &kept = found->second;
    if (!kept.live)
      return RCK_REPEAT;
    kept.live = false;
    plain::Attempt attempt = attempt_of(kept.order);
    attempt.value = kept.value;
    books_.apply(attempt.scopes, move_of(attempt, -1));
    for (plain::Armed *armed : limits_.of(attempt.scopes))
      armed->rejected = 0;
    forget_oldest(token);
    return RCK_OK;
  }

private:
  struct Kept {
    rck_order order;
    plain::Wide value;
    bool live;
  };

  template <class Definitions> static auto *known(const Definitions &definitions, uint32_t id) {
    auto found = definitions.find(id);
    return found != definitions.end() ? &found->second : nullptr;
  }

  static bool same_terms(const rck_order &a, const rck_order &b) {
    return a.account == b.account && a.strategy == b.strategy && a.instrument == b.instrument && a.venue == b.venue &&
           a.side == b.side && a.type == b.type && a.time_in_force == b.time_in_force && a.price == b.price &&
           a.stop_price == b.stop_price && a.quantity == b.quantity;
  }

  static rck_verdict told(int32_t status, uint64_t token) {
    rck_verdict verdict{};
    verdict.status = status;
    verdict.token = token;
    return verdict;
  }

  // Time goes forward: a little back is the latest time, more is refused.
  int32_t advance(int64_t time_ns) {
    constexpr int64_t back_ns_max = 1'000'000'000;
    if (time_ns <= 0 || time_ns > RCK_TIME_NS_MAX)
      return time_ns == 0 ? RCK_REJECT_TIME_MISSING : RCK_REJECT_TIME_RANGE;
    if (time_ns < latest_ns_ - back_ns_max)
      return RCK_REJECT_TIME_BACK;
    latest_ns_ = std::max(latest_ns_, time_ns);
    return RCK_OK;
  }

  // What the rows and sums do when an order comes (1) or goes (-1).
  plain::Move move_of(const plain::Attempt &attempt, int direction) const {
    plain::Move move;
    const auto &[account, strategy, instrument] = attempt.parties;
    move.account = step_of(books_.account_row(account->id, instrument->id), attempt, direction);
    if (strategy != nullptr)
      move.strategy = step_of(books_.strategy_row(strategy->id, instrument->id), attempt, direction);
    move.orders = direction;
    move.orders_value = direction * attempt.value.value_or(0);
    return move;
  }

  plain::Attempt attempt_of(const rck_order &order) const {
    plain::Attempt attempt(order, inputs_, books_, passed_);
    attempt.time_ns = latest_ns_;
    attempt.parties = {known(accounts_, order.account), known(strategies_, order.strategy),
                       known(instruments_, order.instrument)};
    attempt.scopes = plain::scopes_of(attempt.parties);
    attempt.form = plain::form_of(order, attempt.parties);
    attempt.buy = order.side == RCK_SIDE_BUY;
    if (auto market = markets_.find(order.instrument); market != markets_.end())
      attempt.market = &market->second;
    return attempt;
  }

  // P01 and what else refuses without a limit: no price, no value, no right to go short, sums too large.
  void ask_rules(plain::Attempt &attempt, plain::Findings &findings) const {
    if (attempt.form.broken != RCK_OK)
      findings.add(plain::refusal(RCK_CONTROL_VALIDITY, attempt.form.broken));
    if (!attempt.form.askable)
      return;
    const auto &[account, strategy, instrument] = attempt.parties;
    attempt.price = plain::valued_price(attempt.order, *instrument, *attempt.market);
    if (!attempt.price) {
      findings.add(plain::refusal(RCK_CONTROL_ORDER_NOTIONAL, RCK_REJECT_NOTIONAL_REFERENCE_MISSING));
    } else if (plain::magnitude(*attempt.price) > plain::given_max) {
      findings.add(plain::refusal(RCK_CONTROL_VALIDITY, RCK_REJECT_ORDER_OVERFLOW));
      attempt.price.reset();
    } else {
      attempt.value = plain::value_of(attempt.order.quantity, *attempt.price, *instrument,
                                      currencies_.at(instrument->currency), money_decimals_);
      if (!attempt.value)
        findings.add(plain::refusal(RCK_CONTROL_ORDER_NOTIONAL, RCK_REJECT_NOTIONAL_OVERFLOW));
    }
    attempt.move = move_of(attempt, 1);
    if (!attempt.buy && attempt.quantity_after() > 0) {
      if (!(account->permissions & RCK_PERMIT_SHORT))
        findings.add(plain::refusal(RCK_CONTROL_VALIDITY, RCK_REJECT_ACCOUNT_PERMISSION));
      if (strategy != nullptr && !(strategy->permissions & RCK_PERMIT_SHORT))
        findings.add(plain::refusal(RCK_CONTROL_VALIDITY, RCK_REJECT_STRATEGY_PERMISSION));
    }
    if (attempt.value) {
      findings.add(plain::position_overflow(attempt));
      findings.add(plain::exposure_overflow(attempt));
    }
  }

  rck_verdict judged(const rck_order &order) {
    plain::Attempt attempt = attempt_of(order);
    plain::Findings findings;
    ask_rules(attempt, findings);
    std::vector<plain::Armed *> limits = limits_.of(attempt.scopes);
    for (plain::Armed *armed : limits)
      findings.add(plain::ask(*armed, attempt));
    for (plain::Armed *armed : limits)
      if (armed->limit.control == RCK_CONTROL_CUSTOM && !findings.refuses())
        findings.add(plain::custom(armed->limit, attempt));
    if (!findings.refuses(RCK_CONTROL_RATE)) {
      for (plain::Armed *armed : limits)
        if (armed->limit.control == RCK_CONTROL_RATE && armed->limit.measure == RCK_MEASURE_NEW)
          armed->messages.take(attempt.time_ns);
    }
    rck_verdict verdict = findings.verdict(order.flags & RCK_ORDER_FIRST_REFUSAL);
    if (verdict.status == RCK_OK)
      verdict.token = keep(attempt, limits);
    return verdict;
  }

  // The order lives: it is reserved, and counted wherever orders that pass are.
  uint64_t keep(const plain::Attempt &attempt, const std::vector<plain::Armed *> &limits) {
    books_.apply(attempt.scopes, attempt.move);
    for (plain::Armed *armed : limits) {
      uint32_t measure = armed->limit.measure;
      if (armed->limit.control == RCK_CONTROL_ACCUMULATED)
        armed->opened.take(plain::amount_of(measure, attempt), attempt.time_ns, plain::window_of(measure));
      if (armed->limit.control == RCK_CONTROL_DUPLICATE)
        passed_[plain::likeness_of(attempt.order)] = attempt.time_ns;
      armed->sent += armed->limit.control == RCK_CONTROL_CONDUCT;
    }
    uint64_t token = ++last_token_;
    tokens_[attempt.order.order_id] = token;
    orders_[token] = {attempt.order, *attempt.value, true};
    return token;
  }

  void forget_oldest(uint64_t finished) {
    finished_.push_back(finished);
    if (finished_.size() <= remembered_)
      return;
    auto oldest = orders_.find(finished_.front());
    tokens_.erase(oldest->second.order.order_id);
    orders_.erase(oldest);
    finished_.pop_front();
  }

  uint32_t money_decimals_;
  size_t remembered_;
  plain::Markets markets_;
  int64_t latest_ns_;
  std::unordered_map<uint32_t, rck_currency> currencies_;
  std::unordered_map<uint32_t, rck_account> accounts_;
  std::unordered_map<uint32_t, rck_strategy> strategies_;
  std::unordered_map<uint32_t, rck_instrument> instruments_;
  plain::Limits limits_;
  plain::Inputs inputs_;
  plain::Books books_;
  std::map<plain::Likeness, int64_t> passed_;     // when an order like this passed last
  std::unordered_map<uint64_t, uint64_t> tokens_; // by order id
  std::unordered_map<uint64_t, Kept> orders_;     // by token
  std::deque<uint64_t> finished_;
  uint64_t last_token_ = 0;
};

} // namespace bench
