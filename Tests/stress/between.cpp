// Stops one call at an instruction and lets another run meanwhile: the races that a pair of threads meets once
// in a million turns, each on purpose.
//
//   between <places> <pairs> <seed> [scene]
//
// A scene is two calls on two ports. The first is stopped before and behind each of its locked instructions and
// at `places` of all, evenly spread, the second runs to its end, then the first goes on; after that `pairs` times both
// are stopped, at places that are drawn, and the first goes on to its end while the second stands. With few places the
// seed decides on which side of each locked instruction, and whether there are pairs. Whatever the places, the answers
// must be those of one order of the calls, and the sums those of rows and orders. Threads step by the processor's trap
// flag; locked instructions are told by their code, so that neither their number nor their place is known beforehand.
#include "caller.hpp"
#include "copy_scenes.hpp"
#include "override_scenes.hpp"
#include "usual_scenes.hpp"
#include <map>

namespace {

using namespace desk;

constexpr uint64_t few = 10; // places

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

// How many orders can live: places that a call takes and loses are missing here. Each port has some at hand.
uint64_t places_of(Stage &stage) {
  uint64_t places = 0;
  for (uint32_t port = 1; port <= 4; port++) {
    rck_verdict verdict{};
    for (;; places++) {
      const rck_order asked = order(stage.id(), 3, 0, 2, RCK_SIDE_BUY, 1, price, 1);
      if (rck_check(stage.ports[port], &asked, &verdict) != RCK_OK)
        break;
    }
    NEED(verdict.status == RCK_REJECT_ORDERS_FULL);
  }
  release_all(stage);
  return places;
}

// Ends what lives and sets the rows back.
void clear(Stage &stage) {
  for (const rck_order_info &order : open_orders(stage.engine))
    PASSES(stage.release(3, order.token).status);
  stage.place(3, 1, 0, 0);
  stage.place(3, 0, 1, 0);
}

// Plays one scene, again and again, with the calls stopped elsewhere each time.
class Play {
public:
  Play(const Scene &scene, uint64_t places) : scene(scene), whole(places) { stage.make(); }
  ~Play() { stage.drop(); }

  void play(uint64_t places, uint64_t pairs, uint64_t *seed) {
    stop_everywhere(places, pairs, seed);
    const uint64_t left = places_of(stage);
    if (left != whole)
      faults["only " + std::to_string(left) + " of " + std::to_string(whole) + " places are left"].times++;
  }
  bool tell() const {
    const bool is_silent = scene.is_flagged && flagged == 0, holds = faults.empty() && !is_silent;
    printf("%s %s: %llu instructions, %llu locked;", holds ? "ok  " : "FAIL", scene.name,
           static_cast<unsigned long long>(length), static_cast<unsigned long long>(locks));
    for (const auto &[answer, times] : answers)
      printf(" %s x%llu;", answer.c_str(), static_cast<unsigned long long>(times));
    printf("\n");
    for (const auto &[what, fault] : faults)
      printf("     %llu times, as at %s and %s: %s\n", static_cast<unsigned long long>(fault.times),
             fault.first.text().c_str(), fault.second.text().c_str(), what.c_str());
    if (is_silent)
      printf("     no refusal says that another call was in the way\n");
    fflush(stdout);
    return holds;
  }
  // Turns, and answers that are refusals for a limit and say that another call was in the way.
  uint64_t turns = 0, flagged = 0;

private:
  struct Fault {
    uint64_t times = 0;
    Stop first, second;
  };
  const Scene &scene;
  Stage stage;
  Caller one, two;
  uint64_t length = 0, locks = 0;
  uint64_t whole; // places for orders
  std::map<std::string, Fault> faults;
  std::map<std::string, uint64_t> answers;

  // The longest way is mostly that of calls that meet nobody. `never` does not step.
  void stop_everywhere(uint64_t places, uint64_t pairs, uint64_t *seed) {
    turn(never, never); // the loader binds names at their first call
    turn(whole_way, never);
    length = one.stepped;
    locks = one.locked;
    const bool on_both_sides = places > few || scene.is_flagged;
    for (uint64_t lock = 1; lock <= locks; lock++) {
      const bool drawn_side = drawn(seed) % 2;
      for (const bool behind : {false, true})
        if (on_both_sides || behind == drawn_side)
          turn(Stop{0, lock, behind}, never);
    }
    if (scene.locked_only)
      return;
    const uint64_t stride = std::max<uint64_t>(1, length / places);
    for (uint64_t place = 1 + drawn(seed) % stride; place <= length; place += stride)
      turn(Stop{place}, never);
    if (pairs == 0 || (!on_both_sides && drawn(seed) % 2))
      return;
    turn(never, whole_way);
    const uint64_t length_second = two.stepped, locks_second = two.locked;
    for (uint64_t pair = 0; pair < pairs * scene.patience; pair++) {
      const Stop stop = somewhere(length, locks, seed);
      turn(stop, somewhere(length_second, locks_second, seed));
    }
  }

  static Stop somewhere(uint64_t length, uint64_t locks, uint64_t *seed) {
    if (locks && drawn(seed) % 2)
      return Stop{0, 1 + drawn(seed) % locks, drawn(seed) % 2 == 0};
    return Stop{1 + drawn(seed) % length};
  }

  void turn(const Stop &stop, const Stop &stop_second) {
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
    if (scene.meanwhile)
      scene.meanwhile(stage);
    two.resume();
    turns++;
    for (const Answer *answer : {&stage.first, &stage.second})
      flagged += answer->status >= RCK_REJECT_POSITION_LONG && answer->verdict.flags & RCK_VERDICT_CONTENDED;
    answers[said(stage.first) + " " + said(stage.second)]++;
    std::string wrong = scene.judge(stage);
    wrong += examine(stage);
    if (wrong.empty()) {
      clear(stage);
      return;
    }
    Fault &fault = faults[wrong];
    if (fault.times++ == 0) {
      fault.first = stop;
      fault.second = stop_second;
    }
    stage.drop();
    stage.make();
  }
};

} // namespace

int main(int count, char **words) {
  NEED(count >= 4);
  const uint64_t places = strtoull(words[1], nullptr, 10), pairs = strtoull(words[2], nullptr, 10);
  uint64_t seed = strtoull(words[3], nullptr, 10), held = 0, failed = 0, tried = 0, flagged = 0;
  const char *const chosen = count > 4 ? words[4] : "";
  Caller::listen();
  std::vector<Scene> all = scenes();
  for (const auto &more : {reuse_scenes(), overtaken_scenes(), desk_scenes(), plain_scenes(), usual_scenes(),
                           total_scenes(), copy_scenes(), override_scenes()})
    all.insert(all.end(), more.begin(), more.end());
  if (strstr(chosen, "planted"))
    all = {planted_scene()};
  Stage fresh;
  fresh.make();
  const uint64_t places_whole = places_of(fresh);
  fresh.drop();
  for (const Scene &scene : all) {
    if (!strstr(scene.name, chosen))
      continue;
    Play play(scene, places_whole);
    play.play(places, pairs, &seed);
    (play.tell() ? held : failed)++;
    tried += play.turns;
    flagged += play.flagged;
  }
  if (!*chosen) {
    (flagged ? held : failed)++;
    printf("%s refusals under contention are flagged: %llu\n", flagged ? "ok  " : "FAIL",
           static_cast<unsigned long long>(flagged));
  }
  printf("%llu turns\n%llu passed, %llu failed\n", static_cast<unsigned long long>(tried),
         static_cast<unsigned long long>(held), static_cast<unsigned long long>(failed));
  return failed != 0;
}
