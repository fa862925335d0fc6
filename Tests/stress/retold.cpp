// Stops one told call at an instruction and lets another run meanwhile; then their journal is done again to a new
// engine.
//
//   retold <folder> <places> <seed> [scene|planted]
//
// The first call is stopped before and behind each of its locked instructions, with few places only behind those that
// the seed decides, but where an order is met before its ticket is drawn, and at `places` of all. Whatever the places,
// what passed passes again, no command is skipped or has another outcome but a refusal, and the new engine comes to the
// same state, as far as the header promises so. `planted`: the new engine has something that nobody has told, which
// must be noticed.
#include "caller.hpp"
#include "retold_scenes.hpp"
#include <map>

namespace {

using namespace desk;

constexpr uint64_t few = 100; // places

class Play {
public:
  // With a fault planted the new engine has something that nobody has told.
  Play(const Pair &played, std::string place, bool has_fault)
      : scene(played), directory(std::move(place)), planted(has_fault) {}

  void play(uint64_t places, uint64_t *seed) {
    turn(never);
    turn(whole_way);
    const uint64_t length = one.stepped, locks = one.locked;
    const bool everywhere = scene.meets || places > few;
    for (uint64_t lock = 1; lock <= locks; lock++) {
      if (everywhere || drawn(seed) % 2)
        turn(Stop{0, lock, true});
      if (everywhere)
        turn(Stop{0, lock, false});
    }
    const uint64_t stride = std::max<uint64_t>(1, length / places);
    for (uint64_t place = 1 + drawn(seed) % stride; place <= length; place += stride)
      turn(Stop{place});
  }

  bool tell() const {
    printf("%s %s: %llu turns;", faults.empty() ? "ok  " : "FAIL", scene.name, static_cast<unsigned long long>(turns));
    for (const auto &[answer, times] : answers)
      printf(" %s x%llu;", answer.c_str(), static_cast<unsigned long long>(times));
    printf("\n");
    for (const auto &[what, fault] : faults)
      printf("     %llu times, as at %s: %s\n", static_cast<unsigned long long>(fault.times), fault.stop.text().c_str(),
             what.c_str());
    fflush(stdout);
    return faults.empty();
  }

private:
  struct Fault {
    uint64_t times = 0;
    Stop stop;
  };
  const Pair &scene;
  const std::string directory;
  const bool planted;
  Caller one, two;
  uint64_t turns = 0;
  std::map<std::string, Fault> faults;
  std::map<std::string, uint64_t> answers;
  std::map<std::string, std::string> verdicts;

  void turn(const Stop &stop) {
    Teller at;
    alarm(60);
    at.make(directory);
    scene.prepare(at);
    const std::function<void()> first = [&] { scene.first(at); }, second = [&] { scene.second(at); };
    one.start(first, stop);
    two.start(second, never);
    one.resume();
    two.resume();
    at.tell();
    turns++;
    answers[std::string(rck_status_name(at.status[1])) + " " + rck_status_name(at.status[2])]++;
    const std::string &wrong = judged(at);
    if (!wrong.empty()) {
      Fault &fault = faults[wrong];
      if (fault.times++ == 0)
        fault.stop = stop;
    }
    at.drop();
  }

  // What was told alike, and has come to the same state, comes out alike.
  const std::string &judged(Teller &at) {
    uint64_t hash[2];
    PASSES(rck_state_hash(at.engine, hash));
    std::string key = std::to_string(hash[0]) + " " + std::to_string(hash[1]) + " " + told();
    const auto known = verdicts.find(key);
    return known != verdicts.end() ? known->second : verdicts.emplace(key, replayed(at)).first->second;
  }

  std::string told() const {
    auto cursor = sized<rck_journal_cursor>();
    std::vector<rck_event> lines(RCK_JOURNAL_BLOCK_LINES);
    std::string all;
    uint32_t count = 0;
    do {
      PASSES(rck_journal_read(directory.c_str(), &cursor, lines.data(), &count, nullptr));
      all.append(reinterpret_cast<const char *>(lines.data()), count * sizeof(rck_event));
    } while (count);
    return all;
  }

  // What the trades of each row come to, in whatever order they were booked.
  static std::string flows(const rck_engine *engine) {
    std::string all;
    for (uint32_t id = 1; id <= 3; id++)
      for (uint32_t instrument = 1; instrument <= 2; instrument++)
        for (const bool is_account : {true, false}) {
          const rck_position_info held = row(engine, is_account ? id : 0, is_account ? 0 : id, instrument);
          all += std::to_string(held.net) + " " + std::to_string(held.fees) + " " +
                 std::to_string(held.realised + held.marked - held.booked) + "; ";
        }
    return all;
  }

  std::string replayed(Teller &at) const {
    rck_engine *again = nullptr;
    auto config = sized<rck_config>();
    PASSES(rck_journal_config_get(directory.c_str(), &config, nullptr));
    PASSES(rck_engine_create(&config, nullptr, 0, &again, nullptr));
    auto info = sized<rck_replay_info>();
    rck_event differences[3 * 8];
    info.differences_max = 8;
    const rck_status status = rck_replay(again, directory.c_str(), nullptr, differences, &info, nullptr);
    std::string wrong;
    if (status != RCK_OK)
      wrong += std::string("rck_replay gives ") + rck_status_name(status) + "; ";
    if (!scene.forces && info.refused_now > info.overlapped)
      wrong += "what passed is refused now; ";
    if (info.skipped)
      wrong += "a command is skipped; ";
    if (planted)
      set(again, limit(RCK_CONTROL_ORDER_QUANTITY, 0, RCK_SCOPE_GLOBAL, 0, 1)), publish(again);
    uint64_t was[2], now[2];
    PASSES(rck_state_hash(at.engine, was));
    PASSES(rck_state_hash(again, now));
    if (!scene.parts && (was[0] != now[0] || was[1] != now[1]))
      wrong += "the states differ; ";
    if (scene.parts && flows(at.engine) != flows(again))
      wrong += "sums of trades differ; ";
    for (uint64_t other = 0; other < std::min<uint64_t>(info.differing, 8); other++) {
      const rck_event *const event = differences + 3 * other;
      rck_verdict before, after;
      memcpy(static_cast<void *>(&before), static_cast<const void *>(event + 1), sizeof before);
      memcpy(static_cast<void *>(&after), static_cast<const void *>(event + 2), sizeof after);
      // Only a refusal may be another one now, or none.
      const bool is_check = (event->values[0] >= RCK_EVENT_CHECK && event->values[0] <= RCK_EVENT_COPY) ||
                            event->values[0] == RCK_EVENT_LEGS;
      const bool may = is_check && (before.status > RCK_REPEAT || after.status == RCK_OK || scene.forces);
      const bool is_late = scene.begins && event->values[0] == RCK_EVENT_FILL && before.status == after.status &&
                           (before.flags ^ after.flags) == RCK_VERDICT_LATE;
      const bool is_overlapped = event->severity & RCK_TOLD_OVERLAPPED;
      if (!may && !is_late && !is_overlapped)
        wrong += "kind " + std::to_string(event->values[0]) + " gave " + rck_status_name(before.status) + "/" +
                 std::to_string(before.flags) + ", and now " + rck_status_name(after.status) + "/" +
                 std::to_string(after.flags) + "; ";
    }
    PASSES(rck_engine_close(again));
    return wrong;
  }
};

} // namespace

int main(int count, char **words) {
  NEED(count >= 4);
  const std::string folder = words[1];
  const uint64_t places = strtoull(words[2], nullptr, 10);
  uint64_t seed = strtoull(words[3], nullptr, 10), held = 0, failed = 0;
  const bool planted = count > 4 && strcmp(words[4], "planted") == 0;
  const char *const chosen = planted ? "two fills of one row" : count > 4 ? words[4] : "";
  Caller::listen();
  for (const Pair &scene : pairs()) {
    if (!strstr(scene.name, chosen))
      continue;
    Play play(scene, folder + "/journal", planted);
    play.play(places, &seed);
    (play.tell() ? held : failed)++;
  }
  printf("%llu passed, %llu failed\n", static_cast<unsigned long long>(held), static_cast<unsigned long long>(failed));
  return failed != 0;
}
