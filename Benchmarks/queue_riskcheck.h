// The ring of a port as its host uses it: through the C ABI of the shipped library, with handles checked,
// records validated, numbered and timed on every call.
#pragma once

#include "riskcheck.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace bench {

[[noreturn]] inline void library_failed(const char *call, rck_status status) {
  std::fprintf(stderr, "riskbench: %s: %s\n", call, rck_status_name(status));
  std::_Exit(1);
}

inline void expect_ok(const char *call, rck_status status) {
  if (status != RCK_OK)
    library_failed(call, status);
}

// The default configuration, except the length of the rings where a peer's capacity has to be met.
class Engine {
public:
  explicit Engine(uint64_t ring_lines) {
    rck_config config;
    expect_ok("rck_config_init", rck_config_init(&config, sizeof config));
    config.ring_lines = ring_lines;
    rck_fault fault{};
    expect_ok("rck_engine_create", rck_engine_create(&config, nullptr, 0, &engine_, &fault));
    expect_ok("rck_port_open", rck_port_open(engine_, 1, RCK_PORT_WRITER, &near_, nullptr));
    expect_ok("rck_port_open", rck_port_open(engine_, 2, RCK_PORT_WRITER, &far_, nullptr));
    expect_ok("rck_port_open", rck_port_open(engine_, 0, RCK_PORT_READER, &reader_, nullptr));
  }
  Engine(const Engine &) = delete;
  Engine &operator=(const Engine &) = delete;
  ~Engine() {
    for (rck_port *port : {near_, far_, reader_})
      expect_ok("rck_port_close", rck_port_close(port));
    expect_ok("rck_engine_close", rck_engine_close(engine_));
  }

  rck_port *near_port() { return near_; }
  rck_port *far_port() { return far_; }
  rck_port *reader() { return reader_; }

private:
  rck_engine *engine_ = nullptr;
  rck_port *near_ = nullptr, *far_ = nullptr, *reader_ = nullptr;
};

class RiskcheckQueue {
public:
  using Record = rck_event;
  static constexpr bool host_numbers_records = false;

  // `write` is called by the thread that holds `writer`, `read` by the one that holds `reader`.
  RiskcheckQueue(rck_port *writer, rck_port *reader, uint32_t source)
      : writer_(writer), reader_(reader), source_(source) {}

  // How many were taken: all or none.
  uint32_t write(const rck_event *events, uint32_t count) {
    rck_status status = rck_event_write(writer_, events, count);
    if (status == RCK_OK) [[likely]]
      return count;
    if (status != RCK_REJECT_RING_FULL)
      library_failed("rck_event_write", status);
    return 0;
  }

  uint32_t read(rck_event *events, uint32_t capacity) {
    uint32_t count = 0;
    rck_status status = rck_events_read(reader_, source_, events, capacity, &count);
    if (status != RCK_OK) [[unlikely]]
      library_failed("rck_events_read", status);
    return count;
  }

private:
  rck_port *writer_, *reader_;
  uint32_t source_;
};

} // namespace bench
