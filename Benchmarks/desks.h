// The two sides of the order path behind one face: the library through its ABI, and the floor inlined. Each
// desk has one engine; a seat of it is what one thread works with.
#pragma once

#include "install.h"

#include <memory>
#include <vector>

namespace bench {

struct Capacity {
  uint64_t accounts = 64, strategies = 64, instruments = 1'024, positions = 65'536, orders = 65'536;
  uint64_t remembered = 16'384, limits = 4'096, ports = 8, ring_lines = 4'096;
  uint64_t rate_most = 1'024, windows = 512;
  int64_t mark_age_ns = 0; // 0: that of rck_config_init
  uint32_t flags = 0;      // beside those of rck_config_init
};

class LibraryDesk {
public:
  LibraryDesk(const Profile &profile, uint32_t discipline, const Capacity &capacity = {}) {
    rck_config config;
    expect_ok("rck_config_init", rck_config_init(&config, sizeof config));
    config.discipline = discipline;
    config.money_decimals = profile.money_decimals;
    config.accounts_max = capacity.accounts;
    config.strategies_max = capacity.strategies;
    config.instruments_max = capacity.instruments;
    config.positions_max = capacity.positions;
    config.orders_max = capacity.orders;
    config.retired_ids_max = capacity.remembered;
    config.limits_max = capacity.limits;
    config.ports_max = capacity.ports;
    config.ring_lines = capacity.ring_lines;
    config.rate_exact_max = capacity.rate_most;
    config.windows_max = capacity.windows;
    if (capacity.mark_age_ns != 0)
      config.mark_age_ns_max = capacity.mark_age_ns;
    config.flags |= capacity.flags;
    rck_fault fault{};
    rck_status created = rck_engine_create(&config, nullptr, 0, &engine_, &fault);
    if (created != RCK_OK)
      std::fprintf(stderr, "riskbench: %s is %lld\n", fault.field, static_cast<long long>(fault.value));
    expect_ok("rck_engine_create", created);
    ports_.resize(discipline == RCK_ONE_WRITER ? 1 : capacity.ports);
    for (uint32_t i = 0; i < ports_.size(); i++)
      expect_ok("rck_port_open", rck_port_open(engine_, i + 1, RCK_PORT_WRITER, &ports_[i], nullptr));
    install(engine_, ports_[0], profile);
    expect_ok("rck_warm", rck_warm(ports_[0]));
  }
  LibraryDesk(const LibraryDesk &) = delete;
  LibraryDesk &operator=(const LibraryDesk &) = delete;
  ~LibraryDesk() {
    for (rck_port *port : ports_)
      expect_ok("rck_port_close", rck_port_close(port));
    expect_ok("rck_engine_close", rck_engine_close(engine_));
  }

  struct Seat {
    rck_port *port;
    uint32_t number;
    const rck_engine *engine;

    rck_status check(const rck_order &order, rck_verdict &verdict) { return rck_check(port, &order, &verdict); }
    rck_status release(uint64_t token, int64_t time_ns) {
      rck_verdict verdict;
      return rck_release(port, token, 0, RCK_RELEASE_CANCELLED, time_ns, &verdict);
    }
    rck_status amend(uint64_t token, const rck_order &terms, rck_verdict &verdict) {
      return rck_amend(port, token, &terms, &verdict);
    }
    rck_status amend_accepted(uint64_t token, uint64_t order_id, rck_verdict &verdict) {
      return rck_amend_result(port, token, order_id, 1, &verdict);
    }
    rck_status fill(const rck_report &report, rck_verdict &verdict) { return rck_fill(port, &report, &verdict); }
    // Zeros where there is none.
    rck_position_info position(uint32_t account, uint32_t instrument) const {
      rck_position_info row{};
      row.struct_size = sizeof row;
      row.account = account;
      row.instrument = instrument;
      rck_position_get(engine, &row);
      return row;
    }
    // The row and the book of an account, as one number.
    uint64_t held(uint32_t account, uint32_t instrument) const {
      rck_position_info row = position(account, instrument);
      rck_book_info book{};
      book.struct_size = sizeof book;
      book.scope_kind = RCK_SCOPE_ACCOUNT;
      book.id = account;
      expect_ok("rck_book_get", rck_book_get(engine, &book));
      return digest_of({row.net, row.open_buys, row.open_sells, row.booked, row.buys, row.sells, row.margin, book.gross,
                        book.net_long, book.net_short, book.margin, book.orders});
    }
    // Events of orders: the floor carries out no actions, and so tells of none.
    uint64_t drain() {
      rck_event lines[64];
      uint64_t events = 0;
      for (uint32_t count = 1; count != 0;) {
        expect_ok("rck_events_read", rck_events_read(port, number, lines, 64, &count));
        for (uint32_t i = 0; i < count; i++)
          events += lines[i].kind != RCK_EVENT_BREACH;
      }
      return events;
    }
  };

  Seat seat(uint32_t number) { return {ports_[number - 1], number, engine_}; }
  rck_engine *engine() { return engine_; }

private:
  rck_engine *engine_ = nullptr;
  std::vector<rck_port *> ports_;
};

template <bool Shared> class FloorDesk {
public:
  explicit FloorDesk(const Profile &profile, const Capacity &capacity = {})
      : floor_(std::make_unique<desk_floor::Floor<Shared>>(sizes(profile, capacity))) {
    install(*floor_, profile);
  }

  struct Seat {
    desk_floor::Floor<Shared> *floor;
    desk_floor::Port<Shared> *port;

    rck_status check(const rck_order &order, rck_verdict &verdict) { return floor->check(*port, &order, &verdict); }
    rck_status release(uint64_t token, int64_t time_ns) { return floor->release(*port, token, time_ns); }
    uint64_t drain() {
      rck_event lines[64];
      uint64_t events = 0;
      for (uint32_t count = 1; count != 0; events += count)
        count = port->ring.read(lines, 64);
      return events;
    }
  };

  Seat seat(uint32_t number) { return {floor_.get(), &floor_->engine.port(number)}; }

private:
  static desk_floor::Sizes sizes(const Profile &profile, const Capacity &capacity) {
    desk_floor::Sizes sizes;
    sizes.accounts = capacity.accounts;
    sizes.strategies = capacity.strategies;
    sizes.instruments = capacity.instruments;
    sizes.positions = capacity.positions;
    sizes.orders = capacity.orders;
    sizes.remembered = capacity.remembered;
    sizes.ports = capacity.ports;
    sizes.rate_most = capacity.rate_most;
    sizes.ring_lines = capacity.ring_lines;
    sizes.money_decimals = profile.money_decimals;
    return sizes;
  }

  std::unique_ptr<desk_floor::Floor<Shared>> floor_;
};

} // namespace bench
