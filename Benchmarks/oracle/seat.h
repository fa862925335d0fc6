// The oracle in the place of a desk's seat, so that the loops that measure can be run over it.
#pragma once

#include "oracle.h"

#include <memory>
#include <utility>

namespace bench {

class OracleSeat {
public:
  // One thread is answered alike under both disciplines.
  OracleSeat(const Profile &profile, uint32_t /*discipline*/) : oracle_(std::make_shared<Oracle>(profile)) {}

  rck_status check(const rck_order &order, rck_verdict &verdict) {
    verdict = oracle_->check(order);
    refused_ += verdict.status != RCK_OK && verdict.status != RCK_REPEAT;
    return verdict.status;
  }
  rck_status release(uint64_t token, int64_t time_ns) { return oracle_->release(token, time_ns); }
  rck_status amend(uint64_t token, const rck_order &terms, rck_verdict &verdict) {
    return (verdict = oracle_->amend(token, terms)).status;
  }
  rck_status amend_accepted(uint64_t token, uint64_t /*order_id*/, rck_verdict &verdict) {
    return (verdict = oracle_->amend_result(token, true)).status;
  }
  rck_status fill(const rck_report &report, rck_verdict &verdict) { return (verdict = oracle_->fill(report)).status; }
  uint64_t held(uint32_t account, uint32_t instrument) const { return oracle_->held(account, instrument); }

  // An event tells of every refusal: how many there were since the last call.
  uint64_t drain() { return std::exchange(refused_, 0); }

private:
  std::shared_ptr<Oracle> oracle_;
  uint64_t refused_ = 0;
};

} // namespace bench
