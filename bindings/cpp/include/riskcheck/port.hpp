// port.hpp: what one thread works with. Its calls are the header's, which is the manual; they add nothing to them, and
// give their status. A Port is moved, not copied, and closes itself. No call of the library throws; those of the order
// path do not promise it to the compiler, which would keep a frame around each to hold them to it.
#ifndef RISKCHECK_PORT_HPP
#define RISKCHECK_PORT_HPP

#include <riskcheck/walk.hpp>

#include <array>
#include <utility>
#if __cplusplus >= 202002L && __has_include(<span>)
#include <span>
#define RISKCHECK_HAS_SPAN 1
#endif

namespace riskcheck {

// What a verdict means, in words.
inline Text<256> explain(const Verdict &verdict) noexcept {
  Text<256> text;
  // It fails for a capacity of nothing alone.
  (void)rck_explain(detail::raw(&verdict), text.data(), static_cast<std::uint32_t>(text.size()));
  return text;
}

// Of a batch: OK, or why no record of it was looked at; and how many passed.
struct [[nodiscard]] Batch {
  Status status;
  std::uint32_t passed;
  constexpr explicit operator bool() const noexcept { return status.passed(); }
};

class Port {
public:
  Port() noexcept = default;
  // Takes over the handle of port `index` of `engine`, and closes it.
  Port(rck_port *handle, const rck_engine *engine, std::uint32_t index) noexcept
      : handle_(handle), engine_(engine), index_(index) {}
  Port(Port &&other) noexcept
      : handle_(std::exchange(other.handle_, nullptr)), engine_(other.engine_), index_(other.index_) {}
  Port &operator=(Port &&other) noexcept {
    Port(std::move(other)).swap(*this);
    return *this;
  }
  ~Port() { (void)close(); }

  // BUSY: a call on it is in flight, and it is open still.
  Status close() noexcept {
    if (handle_ == nullptr)
      return RCK_OK;
    const Status status = rck_port_close(handle_);
    if (status)
      handle_ = nullptr;
    return status;
  }
  void swap(Port &other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(engine_, other.engine_);
    std::swap(index_, other.index_);
  }
  explicit operator bool() const noexcept { return handle_ != nullptr; }
  rck_port *get() const noexcept { return handle_; }
  std::uint32_t index() const noexcept { return index_; }
  // Gives the handle up to the caller, who closes it.
  [[nodiscard]] rck_port *detach() noexcept { return std::exchange(handle_, nullptr); }

  // ---- Orders. The verdict is written whole, unless the status is a misuse ----

  Status check(const Order &order, Verdict &verdict) {
    return rck_check(handle_, detail::raw(&order), detail::raw(&verdict));
  }
  // The same in one value: of a misuse a verdict that has only the status.
  Verdict check(const Order &order) {
    return told([&](Verdict &verdict) { return check(order, verdict); });
  }
  Status check_dry(const Order &order, Verdict &verdict) {
    return rck_check_dry(handle_, detail::raw(&order), detail::raw(&verdict));
  }
  Verdict check_dry(const Order &order) {
    return told([&](Verdict &verdict) { return check_dry(order, verdict); });
  }
  Status drop_copy(const Order &order, Verdict &verdict) {
    return rck_drop_copy(handle_, detail::raw(&order), detail::raw(&verdict));
  }
  Status amend(Token token, const Order &terms, Verdict &verdict) {
    return rck_amend(handle_, token.get(), detail::raw(&terms), detail::raw(&verdict));
  }
  Status amend_result(Token token, OrderId id, bool accepted, Verdict &verdict) {
    return rck_amend_result(handle_, token.get(), id.get(), accepted ? 1 : 0, detail::raw(&verdict));
  }
  Status cancel(Token token, OrderId id, Time time, Verdict &verdict) {
    return rck_cancel(handle_, token.get(), id.get(), time.get(), detail::raw(&verdict));
  }
  Status fill(const Report &report, Verdict &verdict) {
    return rck_fill(handle_, detail::raw(&report), detail::raw(&verdict));
  }
  Status release(Token token, OrderId id, ReleaseReason reason, Time time, Verdict &verdict) {
    return rck_release(handle_, token.get(), id.get(), static_cast<std::uint32_t>(reason), time.get(),
                       detail::raw(&verdict));
  }
  Status confirm(Token token, OrderId id, Verdict &verdict) {
    return rck_order_confirm(handle_, token.get(), id.get(), detail::raw(&verdict));
  }
  // `most` is the largest quantity with which the order would pass; the verdict names what binds.
  Status headroom(const Order &order, Quantity &most, Verdict &verdict) {
    std::int64_t quantity = 0;
    const Status status = rck_headroom(handle_, detail::raw(&order), &quantity, detail::raw(&verdict));
    most = Quantity(quantity);
    return status;
  }

  // Batches: as many verdicts as records. `flags`: RCK_BATCH_ALL_OR_NONE.
  Batch check(const Order *orders, Verdict *verdicts, std::uint32_t count, std::uint32_t flags = 0) {
    Batch batch{};
    batch.status = rck_check_batch(handle_, detail::raw(orders), detail::raw(verdicts), count, flags, &batch.passed);
    return batch;
  }
  // `tokens` may be nullptr: all orders are named by their ids.
  Batch amend(const Token *tokens, const Order *terms, Verdict *verdicts, std::uint32_t count) {
    static_assert(sizeof(Token) == sizeof(std::uint64_t));
    Batch batch{};
    batch.status = rck_amend_batch(handle_, reinterpret_cast<const std::uint64_t *>(tokens), detail::raw(terms),
                                   detail::raw(verdicts), count, 0, &batch.passed);
    return batch;
  }
  Batch fill(const Report *reports, Verdict *verdicts, std::uint32_t count) {
    Batch batch{};
    batch.status = rck_fill_batch(handle_, detail::raw(reports), detail::raw(verdicts), count, 0, &batch.passed);
    return batch;
  }
#if defined(RISKCHECK_HAS_SPAN)
  // RCK_E_RANGE, and no record is looked at, if there are not as many of one as of the other.
  Batch check(std::span<const Order> orders, std::span<Verdict> verdicts, std::uint32_t flags = 0) {
    if (orders.size() != verdicts.size())
      return {RCK_E_RANGE, 0};
    return check(orders.data(), verdicts.data(), counted(orders.size()), flags);
  }
  Batch amend(std::span<const Token> tokens, std::span<const Order> terms, std::span<Verdict> verdicts) {
    if (terms.size() != verdicts.size() || (!tokens.empty() && tokens.size() != terms.size()))
      return {RCK_E_RANGE, 0};
    return amend(tokens.empty() ? nullptr : tokens.data(), terms.data(), verdicts.data(), counted(terms.size()));
  }
  Batch fill(std::span<const Report> reports, std::span<Verdict> verdicts) {
    if (reports.size() != verdicts.size())
      return {RCK_E_RANGE, 0};
    return fill(reports.data(), verdicts.data(), counted(reports.size()));
  }
#endif

  // ---- The market, and what is set through a port ----

  Status quote(const Quote &quote) { return rck_market_quote(handle_, detail::raw(&quote)); }
  Status trade(const Trade &trade) { return rck_market_trade(handle_, detail::raw(&trade)); }
  Status book(const Book &book) { return rck_market_book(handle_, detail::raw(&book)); }
  Status volume(InstrumentId instrument, Quantity daily) {
    return rck_market_volume(handle_, instrument.get(), daily.get());
  }
  Status mark(InstrumentId instrument, Price price, Time time) {
    return rck_mark(handle_, instrument.get(), price.get(), time.get());
  }
  Status metric(MetricId metric, double value, Time time) {
    return rck_metric_set(handle_, metric.get(), value, time.get());
  }
  Status beat(Time time) { return rck_beat(handle_, time.get()); }
  Status warm() { return rck_warm(handle_); }

  Result<void> set(const Position &position) noexcept {
    rck_fault fault{};
    return {rck_position_set(handle_, detail::raw(&position), &fault), fault};
  }
  Result<void> set(const Cash &cash) noexcept {
    rck_fault fault{};
    return {rck_cash_set(handle_, detail::raw(&cash), &fault), fault};
  }
  // Begins the day `date`, yyyymmdd; `released` are the orders that ended with the one before.
  Result<void> day_start(std::uint32_t date, std::uint32_t &released) noexcept {
    rck_fault fault{};
    return {rck_day_start(handle_, date, &released, &fault), fault};
  }
  Result<void> reconcile(const Position *theirs, std::uint32_t count, std::uint32_t flags,
                         std::uint32_t &differing) noexcept {
    rck_fault fault{};
    return {rck_reconcile(handle_, detail::raw(theirs), count, flags, &differing, &fault), fault};
  }

  // ---- Observation ----

  Status stats(Stats &stats) const noexcept { return rck_stats_read(engine_, index_, detail::raw(&stats)); }

  // ---- Events ----

  Status write(const Event *events, std::uint32_t count) noexcept {
    return rck_event_write(handle_, detail::raw(events), count);
  }
  Status write(const Event &event) noexcept { return write(&event, 1); }

  // for (const Record &record : port.events(1)): takes out what is in the ring of port `source`, 0 the engine's own.
  // The range holds 16 KiB of lines.
  auto events(std::uint32_t source) noexcept {
    const auto read = [handle = handle_, source](Event *lines, std::uint32_t capacity, std::uint32_t *count) {
      return rck_events_read(handle, source, detail::raw(lines), capacity, count);
    };
    return detail::Records<std::array<Event, 256>, decltype(read)>({}, read);
  }

private:
  template <typename Call> static Verdict told(Call call) {
    Verdict verdict;
    const Status status = call(verdict);
    if (status.misused()) {
      verdict = Verdict{};
      verdict.status = status;
    }
    return verdict;
  }
#if defined(RISKCHECK_HAS_SPAN)
  // More than a count can say is more than a batch may have.
  static std::uint32_t counted(std::size_t size) noexcept {
    return size > RCK_BATCH_MAX ? RCK_BATCH_MAX + 1 : static_cast<std::uint32_t>(size);
  }
#endif

  rck_port *handle_ = nullptr;
  const rck_engine *engine_ = nullptr;
  std::uint32_t index_ = 0;
};

// An order that is checked and, if it passes, released again at the end of the scope, unless it is kept:
//     Reservation sent(port, order);
//     if (sent && gateway.send(order)) token = sent.keep();
// Of a check that is a repeat nothing is released: the order is an earlier call's. The port must outlive it.
class [[nodiscard]] Reservation {
public:
  Reservation(Port &port, const Order &order)
      : port_(&port), verdict_(port.check(order)), id_(order.order_id), time_(order.time_ns),
        held_(verdict_.status.passed()) {}
  Reservation(Reservation &&other) noexcept
      : port_(other.port_), verdict_(other.verdict_), id_(other.id_), time_(other.time_),
        held_(std::exchange(other.held_, false)) {}
  Reservation &operator=(Reservation &&) = delete;
  ~Reservation() {
    if (held_)
      (void)release(ReleaseReason::cancelled); // a venue has not rejected it
  }

  // Whether it passed and is neither kept nor released: it is released at the end.
  explicit operator bool() const noexcept { return held_; }
  const Verdict &verdict() const noexcept { return verdict_; }
  Token token() const noexcept { return verdict_.token; }
  // From now on it lives until it is filled or released by the caller.
  Token keep() noexcept {
    held_ = false;
    return verdict_.token;
  }
  // At the time of its check, or if the port has gone on too far since, at its latest. Tried again while others move
  // the same rows at every try. REPEAT: it holds nothing. What its id or token names is not its own then.
  Status release(ReleaseReason reason) noexcept {
    if (!held_)
      return RCK_REPEAT;
    Status status = attempt(reason);
    if (Stats stats; status == RCK_REJECT_TIME_BACK && port_->stats(stats)) {
      time_ = stats.time_ns;
      status = attempt(reason);
    }
    held_ = status.misused();
    return status;
  }

private:
  Status attempt(ReleaseReason reason) noexcept {
    Verdict answer;
    Status status = RCK_REJECT_CONTENDED;
    while (status == RCK_REJECT_CONTENDED)
      status = port_->release(verdict_.token, id_, reason, time_, answer);
    return status;
  }

  Port *port_;
  Verdict verdict_;
  OrderId id_;
  Time time_;
  bool held_;
};

} // namespace riskcheck

#endif
