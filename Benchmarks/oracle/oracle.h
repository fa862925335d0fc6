// The oracle: what a check has to answer, order by order, as plainly as it can be said. Written from the header's
// promises; calls no part of the library and shares nothing with the floor.
#pragma once

#include "../random.h"
#include "ask.h"
#include "words.h"

#include <deque>

namespace bench {

class Oracle {
public:
  // `remembered`: finished orders whose ids are known still.
  explicit Oracle(const Profile &profile, size_t remembered = 16'384)
      : money_decimals_(plain::understood(profile).money_decimals), remembered_(remembered),
        markets_(plain::markets_of(profile)), latest_ns_(profile.begun_ns) {
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
      if (same_terms(orders_.at(known->second).terms.order, order))
        return told(RCK_REPEAT, known->second);
      status = RCK_REJECT_ORDER_ID_TAKEN;
    }
    return status != RCK_OK ? told(status, 0) : judged(order);
  }

  // The row and the book of an account, as the desk's seat digests them.
  uint64_t held(uint32_t account, uint32_t instrument) const {
    plain::PositionRow row = books_.account_row(account, instrument);
    plain::Sums book = books_.sums_after({RCK_SCOPE_ACCOUNT, account, 0}, {});
    auto whole = [](plain::Wide number) { return static_cast<int64_t>(number); };
    return digest_of({whole(row.net), whole(row.open_buys), whole(row.open_sells), whole(row.booked), whole(row.buys),
                      whole(row.sells), whole(row.margin()), whole(book.gross), whole(book.net_long),
                      whole(book.net_short), whole(book.margin), whole(book.orders)});
  }

  // New terms of a live order: its price and total quantity. `token` names it.
  rck_verdict amend(uint64_t token, const rck_order &terms) {
    int32_t status = advance(terms.time_ns);
    auto found = orders_.find(token);
    if (status == RCK_OK && found == orders_.end())
      status = RCK_REJECT_ORDER_UNKNOWN;
    if (status == RCK_OK && !found->second.live)
      status = RCK_REJECT_ORDER_FINISHED;
    if (status == RCK_OK && found->second.amended)
      status = RCK_REJECT_AMEND_PENDING;
    if (status != RCK_OK)
      return told(status, 0);
    rck_order order = found->second.terms.order;
    order.price = terms.price;
    order.stop_price = terms.stop_price;
    order.quantity = terms.quantity;
    order.decision_price = terms.decision_price;
    order.flags = terms.flags;
    rck_verdict verdict = judged(order, &found->second);
    if (verdict.status == RCK_OK)
      verdict.token = token;
    return verdict;
  }

  // What the venue did with the amend in flight.
  rck_verdict amend_result(uint64_t token, bool accepted) {
    auto found = orders_.find(token);
    if (found == orders_.end())
      return told(RCK_REJECT_ORDER_UNKNOWN, 0);
    if (!found->second.amended)
      return told(RCK_REPEAT, token);
    change(token, found->second, [accepted](plain::Kept &kept) {
      kept.terms = accepted ? *kept.amended : kept.terms;
      kept.amended.reset();
    });
    return told(RCK_OK, token);
  }

  // An execution of a known order. The known cumulative quantity tells repeats.
  rck_verdict fill(const rck_report &report) {
    if (int32_t status = advance(report.time_ns))
      return told(status, 0);
    auto found = orders_.find(report.token);
    if (found == orders_.end())
      return told(RCK_REJECT_ORDER_UNKNOWN, 0);
    plain::Wide applied = report.cumulative_quantity - found->second.cumulative;
    if (applied <= 0)
      return told(RCK_REPEAT, report.token);
    change(
        report.token, found->second, [applied](plain::Kept &kept) { kept.cumulative += applied; }, applied,
        report.last_price);
    rck_verdict verdict = told(RCK_OK, report.token);
    verdict.observed = int64_t(applied);
    return verdict;
  }

  // The venue cancelled what is open.
  rck_status release(uint64_t token, int64_t time_ns) {
    if (int32_t status = advance(time_ns))
      return status;
    auto found = orders_.find(token);
    if (found == orders_.end())
      return RCK_REJECT_ORDER_UNKNOWN;
    if (!found->second.live)
      return RCK_REPEAT;
    change(token, found->second, [](plain::Kept &kept) { kept.live = false; });
    return RCK_OK;
  }

private:
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

  // What the rows and sums do when an order holds `to` instead of `from`, and `executed` at a price is filled.
  plain::Move move_of(const plain::Parties &parties, bool buy, const plain::Held &from, const plain::Held &to,
                      plain::Wide executed = 0, plain::Wide price = 0) const {
    const auto &[account, strategy, instrument] = parties;
    auto step = [&](const plain::PositionRow &row) {
      plain::PositionRow next = row;
      next.margin_bps = instrument->margin_bps[account->margin_class];
      next.reserve(buy, to.quantity - from.quantity, to.value - from.value);
      if (executed != 0) {
        plain::Wide beyond = std::max(executed - plain::magnitude(row.net), plain::Wide(0));
        next.execute(buy, executed, *value(executed, price, *instrument), *value(beyond, price, *instrument));
      }
      return plain::Step(row, next);
    };
    plain::Move move;
    move.account = step(books_.account_row(account->id, instrument->id));
    if (strategy != nullptr)
      move.strategy = step(books_.strategy_row(strategy->id, instrument->id));
    move.orders_value = to.value - from.value;
    return move;
  }

  std::optional<plain::Wide> value(plain::Wide quantity, plain::Wide price, const rck_instrument &instrument) const {
    return plain::value_of(quantity, price, instrument, currencies_.at(instrument.currency), money_decimals_);
  }

  plain::Parties parties_of(const rck_order &order) const {
    return {known(accounts_, order.account), known(strategies_, order.strategy), known(instruments_, order.instrument)};
  }

  // What the terms hold alone, while the order is as far as it is.
  plain::Held held_under(const plain::Kept &kept, const plain::Terms &terms) const {
    plain::Wide leaves = kept.leaves(terms);
    return {leaves, *value(leaves, terms.price, instruments_.at(terms.order.instrument))};
  }
  plain::Held held_by(const plain::Kept &kept) const {
    plain::Held held = held_under(kept, kept.terms);
    return kept.amended ? plain::larger(held, held_under(kept, *kept.amended)) : held;
  }

  // Something becomes of a kept order: the rows and sums follow what it holds. One that has nothing left ends.
  template <class Change>
  void change(uint64_t token, plain::Kept &kept, Change become, plain::Wide executed = 0, plain::Wide price = 0) {
    const rck_order order = kept.terms.order;
    plain::Parties parties = parties_of(order);
    std::vector<plain::Scope> scopes = plain::scopes_of(parties);
    plain::Held before = held_by(kept);
    bool lived = kept.live;
    become(kept);
    kept.live &= kept.leaves(kept.terms) > 0 || (kept.amended && kept.leaves(*kept.amended) > 0);
    if (!kept.live)
      kept.amended.reset();
    plain::Move move = move_of(parties, order.side == RCK_SIDE_BUY, before, held_by(kept), executed, price);
    move.orders = int(kept.live) - int(lived);
    books_.apply(scopes, move);
    if (executed != 0)
      count_trade(kept, executed, limits_.of(scopes));
    if (lived && !kept.live)
      forget_oldest(token);
  }

  // Conduct counts each trade; of one pattern each order counts once. As many as a hard level disable.
  void count_trade(const plain::Kept &kept, plain::Wide executed, const std::vector<plain::Armed *> &limits) {
    const rck_order &order = kept.terms.order;
    bool first = kept.cumulative == executed;
    if (first)
      past_.fill(order, latest_ns_);
    for (plain::Armed *armed : limits) {
      armed->trades++;
      const rck_limit &limit = armed->limit;
      if (first && limit.control == RCK_CONTROL_REPEATED_EXECUTION && (limit.levels & RCK_LEVEL_HARD))
        armed->disabled |= past_.filled_like(order, latest_ns_, limit.window_ns) >= limit.hard;
    }
  }

  plain::Attempt attempt_of(const rck_order &order, const plain::Kept *amends) const {
    plain::Attempt attempt(order, inputs_, books_, past_);
    attempt.time_ns = latest_ns_;
    attempt.amends = amends;
    attempt.parties = parties_of(order);
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
      attempt.value = value(attempt.order.quantity, *attempt.price, *instrument);
      if (!attempt.value)
        findings.add(plain::refusal(RCK_CONTROL_ORDER_NOTIONAL, RCK_REJECT_NOTIONAL_OVERFLOW));
    }
    ask_what_it_holds(attempt);
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

  // An amend is judged as if its old terms were absent.
  void ask_what_it_holds(plain::Attempt &attempt) const {
    plain::Wide leaves = attempt.order.quantity;
    plain::Held before, old;
    if (attempt.amends != nullptr) {
      leaves = std::max(leaves - attempt.amends->cumulative, plain::Wide(0));
      before = held_by(*attempt.amends);
      old = held_under(*attempt.amends, attempt.amends->terms);
    }
    attempt.held.quantity = leaves;
    if (attempt.value && attempt.amends != nullptr)
      attempt.held.value = *value(leaves, *attempt.price, *attempt.parties.instrument);
    else
      attempt.held.value = attempt.value.value_or(0);
    attempt.opened = {std::max(attempt.held.quantity - old.quantity, plain::Wide(0)),
                      std::max(attempt.held.value - old.value, plain::Wide(0))};
    attempt.move = move_of(attempt.parties, attempt.buy, before, attempt.held);
    attempt.move.orders = attempt.amends == nullptr ? 1 : 0;
  }

  rck_verdict judged(const rck_order &order, plain::Kept *amends = nullptr) {
    plain::Attempt attempt = attempt_of(order, amends);
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
        if (plain::counts(armed->limit, attempt))
          armed->messages.take(attempt.time_ns);
    }
    rck_verdict verdict = findings.verdict(order.flags & RCK_ORDER_FIRST_REFUSAL);
    if (verdict.status != RCK_OK)
      return verdict;
    count(attempt, limits);
    if (amends == nullptr)
      verdict.token = keep(attempt);
    else
      change(0, *amends, [&](plain::Kept &kept) { kept.amended = {order, *attempt.price}; });
    return verdict;
  }

  // Whatever counts what passes.
  void count(const plain::Attempt &attempt, const std::vector<plain::Armed *> &limits) {
    for (plain::Armed *armed : limits) {
      uint32_t measure = armed->limit.measure;
      if (armed->limit.control == RCK_CONTROL_ACCUMULATED)
        armed->opened.take(plain::amount_of(measure, attempt), attempt.time_ns, plain::window_of(measure));
      if (armed->limit.control == RCK_CONTROL_DUPLICATE && attempt.amends == nullptr)
        past_.passed[plain::likeness_of(attempt.order)] = attempt.time_ns;
      armed->sent += armed->limit.control == RCK_CONTROL_CONDUCT;
    }
  }

  uint64_t keep(const plain::Attempt &attempt) {
    books_.apply(attempt.scopes, attempt.move);
    uint64_t token = ++last_token_;
    tokens_[attempt.order.order_id] = token;
    orders_[token].terms = {attempt.order, *attempt.price};
    return token;
  }

  void forget_oldest(uint64_t finished) {
    finished_.push_back(finished);
    if (finished_.size() <= remembered_)
      return;
    auto oldest = orders_.find(finished_.front());
    tokens_.erase(oldest->second.terms.order.order_id);
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
  plain::Past past_;
  std::unordered_map<uint64_t, uint64_t> tokens_;    // by order id
  std::unordered_map<uint64_t, plain::Kept> orders_; // by token
  std::deque<uint64_t> finished_;
  uint64_t last_token_ = 0;
};

} // namespace bench
