// The order path twice, through the binding and through C: Tests/cpp/run compares what a compiler makes of the two.
#include <riskcheck.hpp>

using namespace riskcheck;

struct Holder {
  rck_port *port;
  const rck_engine *engine;
  std::uint32_t index;
};

#define PAIR(name, arguments, raw_arguments, call, raw_call)                                                           \
  extern "C" rck_status by_binding_##name arguments { return call; }                                                   \
  extern "C" rck_status by_c_##name raw_arguments { return raw_call; }

PAIR(check, (Port & port, const Order &order, Verdict &verdict),
     (Holder & holder, const rck_order *order, rck_verdict *verdict), port.check(order, verdict).code(),
     rck_check(holder.port, order, verdict))

PAIR(check_dry, (Port & port, const Order &order, Verdict &verdict),
     (Holder & holder, const rck_order *order, rck_verdict *verdict), port.check_dry(order, verdict).code(),
     rck_check_dry(holder.port, order, verdict))

PAIR(amend, (Port & port, Token token, const Order &order, Verdict &verdict),
     (Holder & holder, std::uint64_t token, const rck_order *order, rck_verdict *verdict),
     port.amend(token, order, verdict).code(), rck_amend(holder.port, token, order, verdict))

PAIR(fill, (Port & port, const Report &report, Verdict &verdict),
     (Holder & holder, const rck_report *report, rck_verdict *verdict), port.fill(report, verdict).code(),
     rck_fill(holder.port, report, verdict))

PAIR(release, (Port & port, Token token, Time time, Verdict &verdict),
     (Holder & holder, std::uint64_t token, std::int64_t time, rck_verdict *verdict),
     port.release(token, OrderId{0}, ReleaseReason::cancelled, time, verdict).code(),
     rck_release(holder.port, token, 0, RCK_RELEASE_CANCELLED, time, verdict))

PAIR(quote, (Port & port, const Quote &quote), (Holder & holder, const rck_quote *quote), port.quote(quote).code(),
     rck_market_quote(holder.port, quote))

// An order that is made, checked and looked at.
extern "C" bool by_binding_made(Port &port, OrderId id, Price price, Quantity quantity, Token &token) {
  const Order order{.order_id = id,
                    .price = price,
                    .quantity = quantity,
                    .account = AccountId{1},
                    .instrument = InstrumentId{2},
                    .side = Side::buy,
                    .type = OrderType::limit,
                    .time_in_force = TimeInForce::day};
  Verdict verdict;
  if (!port.check(order, verdict))
    return false;
  token = verdict.token;
  return true;
}

extern "C" bool by_c_made(Holder &holder, std::uint64_t id, std::int64_t price, std::int64_t quantity,
                          std::uint64_t &token) {
  const rck_order order{.order_id = id,
                        .price = price,
                        .quantity = quantity,
                        .time_ns = 0,
                        .deadline_ns = 0,
                        .correlation_id = 0,
                        .decision_price = 0,
                        .stop_price = 0,
                        .account = 1,
                        .strategy = 0,
                        .instrument = 2,
                        .venue = 0,
                        .side = RCK_SIDE_BUY,
                        .type = RCK_TYPE_LIMIT,
                        .time_in_force = RCK_FORCE_DAY,
                        .reserved0 = 0,
                        .flags = 0,
                        .reserved = {}};
  rck_verdict verdict;
  if (rck_check(holder.port, &order, &verdict) != RCK_OK)
    return false;
  token = verdict.token;
  return true;
}
