// The fuzzer of the whole ABI: a byte string becomes a sequence of calls with hostile arguments.
//
// Handles are live, stale, of the wrong kind or invented; structs are right, of a wrong size or random; every
// buffer is a malloc of exactly the bytes that the call may touch. Region files are left, mutated and opened
// again. After each call: the status has a name, a refused call has stored nothing, every engine whose file
// was not mutated is in health and agrees with what this harness counted. At the end sums agree with rows and
// orders, totals with books, a file opened again holds the same, and without orders nothing is reserved.
//
// RISKCHECK_PLANTED=overrun|stored|leak|reserved|shared makes one call of the harness misbehave on purpose.
#include "orders.hpp"

namespace {

constexpr size_t calls_max = 160;

class World : Orders {
public:
  explicit World(Input &input) : Orders(input) {}

  // Most inputs begin at a desk, so that their bytes go into orders.
  void run() {
    const uint8_t start = in.byte();
    if (start % 4)
      desk(start % 4 == 3);
    for (size_t call = 0; call < calls_max && !in.empty(); call++) {
      step();
      watch();
    }
    settle();
  }

private:
  // Three calls of four are those of the order path.
  void step() {
    const uint8_t call = in.byte();
    if (call >= 248)
      return call % 4 == 0 ? batch_of_reports() : call % 4 == 1 ? batch_of_legs() : batch_of_orders();
    if (call >= 240)
      return drop_copy();
    if (call == 47)
      return define<rck_calendar>(rck_calendar_set, rck_calendar_get, sane_calendar);
    if (call == 52)
      return get<rck_calendar>(rck_calendar_get);
    return call < 64 ? life(call % 32) : trade(call % 32);
  }

  void trade(uint8_t call) {
    switch (call) {
    case 0:
      return desk(false);
    case 1:
      return desk(true);
    case 2:
    case 3:
    case 4:
    case 5:
      return check();
    case 6:
      return check_dry();
    case 7:
      return headroom();
    case 8:
    case 9:
      return amend();
    case 10:
    case 11:
      return amend_result();
    case 12:
      return cancel();
    case 13:
    case 14:
      return release();
    case 15:
      return confirm();
    case 16:
    case 17:
    case 18:
    case 19:
    case 20:
      return fill();
    case 21:
      return open_orders();
    case 22:
      return order_get();
    case 23:
      return limits();
    case 24:
      return publish();
    case 25:
      return armed();
    case 26:
      return latches();
    case 27:
      return market();
    case 28:
      return back_office();
    case 29:
      return day();
    case 30:
      return described();
    default:
      return crash();
    }
  }

  void life(uint8_t call) {
    switch (call) {
    case 0:
    case 1:
      return create(false);
    case 2:
    case 3:
    case 4:
      return create(true);
    case 5:
      return attach();
    case 6:
    case 7:
      return close_engine();
    case 8:
    case 9:
      return open_port();
    case 10:
      return close_port();
    case 11:
      return define<rck_currency>(rck_currency_set, rck_currency_get, sane_currency);
    case 12:
      return define<rck_group>(rck_group_set, rck_group_get, sane_group);
    case 13:
      return define<rck_account>(rck_account_set, rck_account_get, sane_account);
    case 14:
      return define<rck_strategy>(rck_strategy_set, rck_strategy_get, sane_strategy);
    case 15:
      return define<rck_instrument>(rck_instrument_set, rck_instrument_get, sane_instrument);
    case 16:
      return get<rck_currency>(rck_currency_get);
    case 17:
      return get<rck_group>(rck_group_get);
    case 18:
      return get<rck_account>(rck_account_get);
    case 19:
      return get<rck_strategy>(rck_strategy_get);
    case 20:
      return get<rck_instrument>(rck_instrument_get);
    case 21:
      return find();
    case 22:
    case 23:
      return write_events();
    case 24:
    case 25:
      return read_events();
    case 26: {
      const uint32_t index = in.byte() % 7;
      return observe<rck_stats>([=](rck_engine *engine, rck_stats *s) { return rck_stats_read(engine, index, s); });
    }
    case 27:
      return observe<rck_health_info>(rck_health);
    case 28:
      return observe<rck_config>(rck_config_get);
    case 29:
      return identity();
    case 30:
      return abandon();
    default:
      return mutate();
    }
  }
};

int lowest_free_descriptor() {
  const int found = open("/dev/null", O_RDONLY);
  close(found);
  return found;
}

void remove_folder() { rmdir(folder.c_str()); }

} // namespace

extern "C" int LLVMFuzzerInitialize(int *, char ***) {
  // Memory where there is any: the fuzzer's files live for microseconds.
  std::string pattern = (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + std::string("/riskcheck-fuzz-XXXXXX");
  NEED(mkdtemp(pattern.data()));
  folder = pattern;
  atexit(remove_folder);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  const int before = lowest_free_descriptor();
  Input input(bytes, count);
  World(input).run();
  NEED(lowest_free_descriptor() == before);
  return 0;
}
