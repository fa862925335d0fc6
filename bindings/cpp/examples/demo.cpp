// A host in C++: one engine, two threads that each own a port and write what they do into its ring, and the main
// thread, which reads both rings while they run. It shows what is accepted, what is refused and why, and what
// a call costs on this machine.
#include <riskcheck.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

namespace {

constexpr std::uint64_t events_each = 500'000;
constexpr std::uint16_t signal_seen = RCK_EVENT_HOST + 1;

void must(rck_status status, const char *what) {
  if (status == RCK_OK)
    return;
  std::fprintf(stderr, "%s: %s\n", what, rck_status_name(status));
  std::exit(1);
}

template <typename Record> Record sized() {
  Record record{};
  record.struct_size = sizeof record;
  return record;
}

template <typename Record> Record named(std::uint32_t id, const char *name) {
  Record record = sized<Record>();
  record.id = id;
  std::strncpy(record.name, name, sizeof record.name - 1);
  return record;
}

void define(rck_engine *engine) {
  rck_fault fault{};
  rck_currency dollar = named<rck_currency>(1, "USD");
  dollar.rate = 1;
  must(rck_currency_set(engine, &dollar, &fault), "currency");

  rck_group desk = named<rck_group>(1, "desk-1");
  desk.kind = RCK_GROUP_OF_ACCOUNTS;
  must(rck_group_set(engine, &desk, &fault), "group");

  rck_account account = named<rck_account>(1, "prop-1");
  account.flags = RCK_ENABLED;
  account.permissions = RCK_PERMIT_ALL;
  account.groups[0] = 1;
  must(rck_account_set(engine, &account, &fault), "account");

  rck_instrument future = named<rck_instrument>(1, "ESZ6");
  future.flags = RCK_ENABLED;
  future.currency = 1;
  future.price_decimals = 2;
  future.multiplier = 50;
  future.lot = 1;
  future.tick = 25;
  must(rck_instrument_set(engine, &future, &fault), "instrument");

  // What is refused says why, and changes nothing.
  account.groups[1] = 7;
  rck_status status = rck_account_set(engine, &account, &fault);
  std::printf("  refused  %s: %s.%s is %lld\n", rck_status_name(status), fault.record, fault.field,
              static_cast<long long>(fault.value));
  account.groups[1] = 0;
  account.id = 65;
  status = rck_account_set(engine, &account, &fault);
  std::printf("  refused  %s: %s.%s is %lld, allowed is %lld to %lld\n", rck_status_name(status),
              fault.record, fault.field, static_cast<long long>(fault.value),
              static_cast<long long>(fault.minimum), static_cast<long long>(fault.maximum));

  std::uint32_t id = 0;
  char name[RCK_NAME_BYTES] = "ESZ6";
  must(rck_find(engine, RCK_KIND_INSTRUMENT, &id, name), "find");
  std::printf("  found    ESZ6 is instrument %u\n", id);
}

/// Writes its events and keeps the nanoseconds that each call took.
void strategy(rck_port *port, std::vector<std::uint32_t> &nanoseconds, std::uint64_t &refused) {
  using clock = std::chrono::steady_clock;
  nanoseconds.reserve(events_each);
  rck_event event{};
  event.kind = signal_seen;
  event.severity = RCK_SEVERITY_INFO;
  for (std::uint64_t number = 1; number <= events_each;) {
    event.subject = number;
    event.values[0] = static_cast<std::int64_t>(number * number);
    const auto before = clock::now();
    const rck_status status = rck_event_write(port, &event, 1);
    const auto after = clock::now();
    if (status == RCK_REJECT_RING_FULL) {
      refused++; // the reader is behind: nothing was written, and nothing is lost
      std::this_thread::yield();
      continue;
    }
    must(status, "write");
    const auto spent = std::chrono::duration_cast<std::chrono::nanoseconds>(after - before).count();
    nanoseconds.push_back(static_cast<std::uint32_t>(spent));
    number++;
  }
}

/// Takes events out of both rings until every one has come, in order and unchanged.
void drain(rck_port *reader) {
  std::array<std::uint64_t, 3> last{};
  std::array<rck_event, 256> lines;
  while (last[1] < events_each || last[2] < events_each) {
    for (std::uint32_t source = 1; source <= 2; source++) {
      std::uint32_t count = 0;
      must(rck_events_read(reader, source, lines.data(), lines.size(), &count), "read");
      for (std::uint32_t at = 0; at < count; at++) {
        const rck_event &event = lines[at];
        const bool next = event.subject == last[source] + 1 && event.sequence == event.subject;
        if (!next || event.values[0] != static_cast<std::int64_t>(event.subject * event.subject)) {
          std::fprintf(stderr, "an event was lost or changed\n");
          std::exit(1);
        }
        last[source] = event.subject;
      }
    }
  }
}

void print_latency(const char *who, std::vector<std::uint32_t> &nanoseconds, std::uint64_t refused) {
  std::sort(nanoseconds.begin(), nanoseconds.end());
  const auto at = [&](double share) {
    return nanoseconds[static_cast<std::size_t>(share * (nanoseconds.size() - 1))];
  };
  std::printf("  %s  %zu written, %llu times refused as full; a call with its two clock reads: "
              "p50 %u ns, p99 %u ns, p99.9 %u ns\n",
              who, nanoseconds.size(), static_cast<unsigned long long>(refused), at(0.5), at(0.99),
              at(0.999));
}

} // namespace

int main() {
  rck_build build = sized<rck_build>();
  must(rck_build_info(&build), "build");
  std::printf("C++: riskcheck %s, %s, %s, commit %s\n", build.version, build.mode, build.compiler,
              build.commit);

  rck_fault fault{};
  rck_config config;
  must(rck_config_init(&config, sizeof config), "config");
  std::uint64_t bytes = 0;
  must(rck_region_bytes(&config, &bytes, &fault), "bytes");
  rck_engine *engine = nullptr;
  must(rck_engine_create(&config, nullptr, 0, &engine, &fault), "create");
  std::printf("  region   %llu bytes, all of it had now\n", static_cast<unsigned long long>(bytes));
  define(engine);

  rck_port *first = nullptr, *second = nullptr, *reader = nullptr;
  must(rck_port_open(engine, 1, RCK_PORT_WRITER, &first, &fault), "port 1");
  must(rck_port_open(engine, 2, RCK_PORT_WRITER, &second, &fault), "port 2");
  must(rck_port_open(engine, 0, RCK_PORT_READER, &reader, &fault), "reader");
  std::vector<std::uint32_t> first_ns, second_ns;
  std::uint64_t first_refused = 0, second_refused = 0;
  std::thread one([&] { strategy(first, first_ns, first_refused); });
  std::thread two([&] { strategy(second, second_ns, second_refused); });
  drain(reader);
  one.join();
  two.join();
  print_latency("port 1 ", first_ns, first_refused);
  print_latency("port 2 ", second_ns, second_refused);

  std::printf("  closing  with ports open: %s\n", rck_status_name(rck_engine_close(engine)));
  must(rck_port_close(first), "close");
  std::printf("  closed   port, used again: %s\n", rck_status_name(rck_event_write(first, nullptr, 1)));
  must(rck_port_close(second), "close");
  must(rck_port_close(reader), "close");
  rck_health_info health = sized<rck_health_info>();
  must(rck_health(engine, &health), "health");
  std::printf("  health   %u instrument, %u account, %llu definitions, %llu events lost\n",
              health.instruments, health.accounts, static_cast<unsigned long long>(health.definitions),
              static_cast<unsigned long long>(health.events_lost));
  must(rck_engine_close(engine), "close");
  return 0;
}
