// Stops one call at an instruction and lets another run meanwhile: the races that a pair of threads meets
// once
// in a million turns, each on purpose.
//
//   between <stride> <pairs> <seed> [scene]
//
// A scene is two calls on two ports. The first is stopped before and after each of its locked instructions
// and at
// every `stride`th of all, the second runs to its end, then the first goes on; after that `pairs` times both
// are
// stopped, at places that are drawn, and the first goes on to its end while the second stands. Whatever the
// places, the answers must be those of one
// order of the calls, and the sums those of rows and orders. Threads step by the processor's trap flag.
#include "desk.hpp"
#include <atomic>
#include <csignal>
#include <functional>
#include <map>
#include <thread>
#include <ucontext.h>
#include <unistd.h>

namespace {

using namespace desk;

constexpr uint64_t never = UINT64_MAX, whole_way = 1u << 30;
constexpr greg_t trap_flag = 0x100;

// A thread that makes one call when told to, and stops on the way.
class Caller {
public:
  Caller() : thread([this] { live(); }) {}
  ~Caller() {
    turn(Phase::leaving);
    thread.join();
  }

  // Makes the call, and returns when it has stopped before instruction `stop`, or has ended.
  void start(const std::function<void()> &work, uint64_t stop) {
    call = &work;
    left = stop;
    stepped = 0;
    locked.clear();
    turn(Phase::started);
    wait();
  }
  void resume() {
    if (phase == Phase::stopped) {
      turn(Phase::resumed);
      wait();
    }
    NEED(phase == Phase::idle);
  }
  uint64_t stepped = 0;
  std::vector<uint64_t> locked; // which of its instructions are

  static void trapped(int, siginfo_t *, void *context) {
    Caller &me = *self;
    auto &registers = static_cast<ucontext_t *>(context)->uc_mcontext.gregs;
    me.stepped++;
    if (*reinterpret_cast<const uint8_t *>(registers[REG_RIP]) == 0xf0)
      me.locked.push_back(me.stepped);
    if (me.stepped == me.left) {
      registers[REG_EFL] &= ~trap_flag;
      me.turn(Phase::stopped);
      me.phase.wait(Phase::stopped);
    }
  }

private:
  enum class Phase { idle, started, stopped, resumed, leaving };
  static thread_local Caller *self;
  std::atomic<Phase> phase{Phase::idle};
  const std::function<void()> *call = nullptr;
  uint64_t left = 0;
  std::thread thread;

  void turn(Phase next) {
    phase = next;
    phase.notify_all();
  }

  // The alarm ends it when a call waits for the one that is stopped: none may.
  void wait() {
    for (Phase now = phase; now == Phase::started || now == Phase::resumed; now = phase)
      phase.wait(now);
  }

  void live() {
    self = this;
    for (;;) {
      phase.wait(Phase::idle);
      if (phase == Phase::leaving)
        return;
      if (left != never)
        asm volatile("pushfq; orq $0x100, (%%rsp); popfq" ::: "memory", "cc");
      (*call)();
      asm volatile("pushfq; andq $~0x100, (%%rsp); popfq" ::: "memory", "cc");
      turn(Phase::idle);
    }
  }
};

thread_local Caller *Caller::self = nullptr;

struct Answer {
  rck_status status = 0;
  rck_verdict verdict{};
  bool passed() const { return status == RCK_OK; }
};

constexpr int64_t price = 10;

// The engine that scenes share, small enough for places to be used again at once.
struct Stage {
  rck_engine *engine = nullptr;
  rck_port *ports[5] = {};
  uint64_t next_id = 1, next_execution = 1, made = 0;
  Answer first, second, third;
  uint64_t token = 0, other = 0;
  uint32_t strategy = 1; // 0: its row is not held against the account's
  std::vector<rck_order_info> seen;
  int64_t net = 0, strategy_net = 0;

  void make() {
    rck_config config;
    small_config(&config);
    config.clock_source = RCK_CLOCK_HOST;
    config.money_decimals = 0;
    config.orders_max = 8;
    config.retired_ids_max = 2;
    config.executions_max = 8;
    config.windows_max = 128;
    PASSES(rck_engine_create(&config, nullptr, 0, &engine, nullptr));
    define(engine, 2, 1, 2);
    set(engine, limit(RCK_CONTROL_EXPOSURE, RCK_MEASURE_GROSS, RCK_SCOPE_STRATEGY, 1, 1 << 30));
    publish(engine);
    for (uint32_t index = 1; index <= 4; index++)
      PASSES(rck_port_open(engine, index, RCK_PORT_WRITER, &ports[index], nullptr));
    made++;
  }
  void drop() {
    for (uint32_t index = 1; index <= 4; index++)
      PASSES(insist([&] { return rck_port_close(ports[index]); }));
    PASSES(insist([&] { return rck_engine_close(engine); }));
  }

  uint64_t id() { return next_id++; }
  Answer check(uint32_t port, uint64_t id, uint32_t side, int64_t quantity, uint32_t instrument = 1) {
    Answer answer;
    const rck_order asked = order(id, 1, strategy, instrument, side, quantity, price, 1);
    answer.status = rck_check(ports[port], &asked, &answer.verdict);
    return answer;
  }
  // A live order, made by port 3.
  uint64_t live(uint32_t side = RCK_SIDE_BUY, int64_t quantity = 10, uint32_t instrument = 1) {
    const Answer answer = check(3, id(), side, quantity, instrument);
    PASSES(answer.status);
    return answer.verdict.token;
  }
  Answer report(uint32_t port, const rck_report &report) {
    Answer answer;
    answer.status = rck_fill(ports[port], &report, &answer.verdict);
    return answer;
  }
  Answer release(uint32_t port, uint64_t token) {
    Answer answer;
    answer.status = rck_release(ports[port], token, 0, RCK_RELEASE_CANCELLED, 1, &answer.verdict);
    return answer;
  }
  Answer amend(uint32_t port, uint64_t token, uint64_t id, int64_t quantity, int64_t at = price) {
    Answer answer;
    const rck_order asked = order(id, 0, 0, 0, 0, quantity, at, 1);
    answer.status = rck_amend(ports[port], token, &asked, &answer.verdict);
    return answer;
  }
  Answer answered(uint32_t port, uint64_t token, uint32_t accepted) {
    Answer answer;
    answer.status = rck_amend_result(ports[port], token, 0, accepted, &answer.verdict);
    return answer;
  }
  rck_order_info get(uint64_t token, uint64_t id = 0) {
    rck_order_info info{};
    const rck_status status = rck_order_get(engine, token, id, &info);
    if (status != RCK_OK)
      info.token = 0;
    return info;
  }
  void place(uint32_t port, uint32_t account, uint32_t strategy, int64_t quantity) {
    auto position = sized<rck_position>();
    position.account = account;
    position.strategy = strategy;
    position.instrument = 1;
    position.quantity = quantity;
    position.price = price;
    position.actor = 1;
    strcpy(position.reason, "stress");
    PASSES(rck_position_set(ports[port], &position, nullptr));
  }
  int64_t moved() { return row(engine, 1, 0, 1).net - net; }
  int64_t strategy_moved() { return row(engine, 0, 1, 1).net - strategy_net; }
};

using Work = std::function<void(Stage &)>;
struct Scene {
  const char *name;
  Work prepare, first, second;
  std::function<std::string(Stage &)> judge;
};

std::string said(const Answer &answer) {
  return std::string(rck_status_name(answer.status)) + "/" + std::to_string(answer.verdict.flags);
}

std::string unless(bool truth, const char *what, Stage &stage) {
  return truth
             ? ""
             : std::string(what) + " (first " + said(stage.first) + ", second " + said(stage.second) + "); ";
}

// One was quicker; the other is a repeat, or met a call that stood for longer than it waits.
bool once(const Stage &stage) {
  const rck_status lost = stage.first.passed() ? stage.second.status : stage.first.status;
  return stage.first.passed() != stage.second.passed() &&
         (lost == RCK_REPEAT || lost == RCK_REJECT_CONTENDED);
}

#include "scenes.hpp"

// After the calls: sums agree, and both ports' spare records are their own: what they publish next stays.
std::string examine(Stage &stage) {
  std::string wrong = Audit(stage.engine, 2, 1, 2).wrong;
  if (stage.strategy && stage.moved() != stage.strategy_moved())
    wrong += "the strategy's row has not moved like the account's; ";
  if (!wrong.empty())
    return wrong;
  std::vector<rck_order_info> kept;
  for (uint32_t turn = 0; turn < 4; turn++) {
    const uint64_t id = stage.id();
    const Answer answer = stage.check(1 + turn % 2, id, RCK_SIDE_BUY, 1 + turn, 2);
    if (!answer.passed())
      return "an order afterwards gave " + said(answer) + "; ";
    kept.push_back(stage.get(answer.verdict.token));
    if (kept.back().order_id != id || kept.back().quantity != 1 + turn)
      return "an order afterwards is not what was asked; ";
  }
  for (const rck_order_info &order : kept) {
    const rck_order_info now = stage.get(order.token);
    if (memcmp(&now, &order, sizeof now) != 0)
      wrong += "an order was overwritten by another; ";
  }
  return wrong + Audit(stage.engine, 2, 1, 2).wrong;
}

// Ends what lives and sets the rows back.
void clear(Stage &stage) {
  for (const rck_order_info &order : open_orders(stage.engine))
    PASSES(stage.release(3, order.token).status);
  stage.place(3, 1, 0, 0);
  stage.place(3, 0, 1, 0);
}

struct Fault {
  uint64_t times = 0, first = 0, second = 0;
};

} // namespace

int main(int count, char **words) {
  NEED(count >= 4);
  const uint64_t stride = strtoull(words[1], nullptr, 10), pairs = strtoull(words[2], nullptr, 10);
  uint64_t seed = strtoull(words[3], nullptr, 10), held = 0, failed = 0, tried = 0;
  struct sigaction action{};
  action.sa_sigaction = Caller::trapped;
  action.sa_flags = SA_SIGINFO;
  NEED(sigaction(SIGTRAP, &action, nullptr) == 0);
  Caller one, two;
  for (const Scene &scene : scenes()) {
    if (count > 4 && !strstr(scene.name, words[4]))
      continue;
    Stage stage;
    stage.make();
    std::map<std::string, Fault> faults;
    std::map<std::string, uint64_t> answers;
    const auto turn = [&](uint64_t stop, uint64_t stop_second) {
      stage.first = stage.second = stage.third = Answer();
      alarm(60);
      stage.strategy = 1;
      scene.prepare(stage);
      stage.net = row(stage.engine, 1, 0, 1).net;
      stage.strategy_net = row(stage.engine, 0, 1, 1).net;
      const std::function<void()> first = [&] { scene.first(stage); }, second = [&] { scene.second(stage); };
      one.start(first, stop);
      two.start(second, stop_second);
      one.resume();
      two.resume();
      tried++;
      answers[said(stage.first) + " " + said(stage.second)]++;
      std::string wrong = scene.judge(stage);
      wrong += examine(stage);
      if (!wrong.empty()) {
        Fault &fault = faults[wrong];
        if (fault.times++ == 0) {
          fault.first = stop;
          fault.second = stop_second;
        }
        stage.drop();
        stage.make();
      } else {
        clear(stage);
      }
    };
    // The longest way is that of calls that meet nobody. `never` does not step.
    const auto whole = [&](Caller &caller, bool second) {
      turn(second ? never : whole_way, second ? whole_way : never);
      return caller.stepped;
    };
    turn(never, never); // the loader binds names at their first call
    const uint64_t length = whole(one, false);
    std::vector<uint64_t> stops;
    for (const uint64_t place : one.locked)
      stops.insert(stops.end(), {place, place + 1});
    for (uint64_t place = 1 + drawn(&seed) % stride; place <= length; place += stride)
      stops.push_back(place);
    for (const uint64_t stop : stops)
      turn(stop, never);
    const uint64_t second_length = pairs ? whole(two, true) : 0;
    for (uint64_t pair = 0; pair < pairs; pair++) {
      const uint64_t stop = drawn(&seed) % 2 ? stops[drawn(&seed) % stops.size()] : 1 + drawn(&seed) % length;
      turn(stop, 1 + drawn(&seed) % second_length);
    }
    stage.drop();
    (faults.empty() ? held : failed)++;
    printf("%s %s: %llu instructions;", faults.empty() ? "ok  " : "FAIL", scene.name,
           static_cast<unsigned long long>(length));
    for (const auto &[answer, times] : answers)
      printf(" %s x%llu;", answer.c_str(), static_cast<unsigned long long>(times));
    printf("\n");
    for (const auto &[what, fault] : faults)
      printf("     %llu times, as at %llu and %lld: %s\n", static_cast<unsigned long long>(fault.times),
             static_cast<unsigned long long>(fault.first), static_cast<long long>(fault.second),
             what.c_str());
    fflush(stdout);
  }
  printf("%llu turns\n%llu passed, %llu failed\n", static_cast<unsigned long long>(tried),
         static_cast<unsigned long long>(held), static_cast<unsigned long long>(failed));
  return failed != 0;
}
