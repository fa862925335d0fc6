// Kills a host that tells everything, or who takes its records to the journal, or both, again and again, and holds
// region and journal against what its calls had said before.
//
//   evidence <folder> <kills> <seed> [planted]
//
// Of each call that had returned there is one record, in the journal or still in the ring, in the order of its port and
// with the status that was returned; of the call that was in flight there is one or none. Regions and journals go on
// through several lives. `planted` is a fault of the checker's: it loses a record ("drop"), has one twice ("twice"),
// expects a call that never happened ("never"), a latch that nobody set ("latch"), or a report that nobody gave
// ("cumulative"). Each must be noticed.
#include "evidence_region.hpp"
#include <csignal>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace {

// Waits for a counter to come to `units`, then a little longer, and kills. Who dies before that by itself has failed
// an assertion of its own. Who sleeps leaves the cores to the others, and takes one of them at any instruction.
void kill_at(pid_t child, const Word &counter, uint64_t units, uint64_t draw) {
  int ended = 0;
  while (counter < units) {
    NEED(waitpid(child, &ended, WNOHANG) == 0);
    sched_yield();
  }
  const timespec pause = {0, static_cast<long>(draw / 4 % 2000000)};
  if (draw % 4)
    nanosleep(&pause, nullptr);
  else
    for (uint64_t spin = draw / 4 % 20000; spin; spin--)
      std::atomic_signal_fence(std::memory_order_seq_cst); // so that the loop stays
  NEED(kill(child, SIGKILL) == 0);
  NEED(waitpid(child, &ended, 0) == child && WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL);
}

void await(pid_t child) {
  int ended = 0;
  NEED(waitpid(child, &ended, 0) == child && WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
}

class Evidence {
public:
  Evidence(const std::string &folder, uint64_t start, Planted fault)
      : place(folder), shared(shared_memory()), seed(start), planted(std::move(fault)) {}
  Figures figures;
  uint64_t kills = 0, host_kills = 0, pump_kills = 0;
  std::string wrong;

  void run(uint64_t most) {
    while (kills < most && wrong.empty()) {
      if (kills == 0 || drawn(&seed) % 8 == 0)
        renew();
      shared.begin_life();
      live();
      judge();
    }
  }

private:
  const Place place;
  Shared &shared;
  uint64_t seed;
  const Planted planted;
  Variant variant{RCK_MANY_WRITERS, false};
  Known known;
  pid_t host = 0, pump = 0;
  bool was_killed = false;

  void renew() {
    const uint64_t draw = drawn(&seed) % 5;
    variant.discipline = draw == 0 ? RCK_ONE_WRITER : RCK_MANY_WRITERS;
    variant.outside = draw > 2;
    make(place, variant.discipline, variant.outside);
    known = Known();
  }

  // Nobody outlives who started it.
  template <class Life> static pid_t begin(Life life) {
    const pid_t child = fork();
    NEED(child >= 0);
    if (child != 0)
      return child;
    NEED(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
    life();
    _exit(0);
  }
  pid_t begin_host() {
    const uint64_t life = drawn(&seed);
    return begin([&] { live_as_host(place, variant, shared, life); });
  }
  pid_t begin_pump() {
    shared.pumped = shared.pump_last = 0;
    return begin([&] { live_as_pump(place, shared); });
  }

  // With nobody who empties the rings the host comes to stand.
  void kill_host(bool is_pumped = true) {
    const uint64_t units = drawn(&seed) % 8 ? drawn(&seed) % 6000 : drawn(&seed) % 2;
    kill_at(host, shared.work, is_pumped ? units : 1, drawn(&seed));
    was_killed = true;
    host_kills++;
    kills++;
  }
  void kill_pump() {
    kill_at(pump, shared.pumped, drawn(&seed) % 4 ? drawn(&seed) % 40 : drawn(&seed) % 2, drawn(&seed));
    pump_kills++;
    kills++;
  }
  void finish_pump() {
    shared.pump_last = 1;
    await(pump);
  }

  void live() {
    was_killed = false;
    host = begin_host();
    if (!variant.outside)
      return kill_host();
    pump = begin_pump();
    const uint64_t draw = drawn(&seed) % 4;
    if (draw == 0) // the host alone
      return kill_host();
    for (uint64_t turn = drawn(&seed) % 3; turn < 3; turn++) { // the pump alone; another goes on
      kill_pump();
      pump = begin_pump();
    }
    if (draw == 1) {
      shared.finish = 1;
      return await(host);
    }
    if (drawn(&seed) % 2) { // both
      kill_pump();
      kill_host(false);
    } else {
      kill_host();
      kill_pump();
    }
    pump = begin_pump();
  }

  // The region of the dead is opened, and what is still in its rings is taken out, before that or behind.
  void judge() {
    const bool is_drained = variant.outside && drawn(&seed) % 2;
    if (is_drained)
      finish_pump();
    rck_engine *engine = nullptr;
    rck_fault fault{};
    const rck_status opened = rck_engine_open(nullptr, place.region.c_str(), &engine, &fault);
    if (opened != RCK_OK) {
      wrong = std::string("the region opens with ") + rck_status_name(opened) + " " + fault.record + "." + fault.field;
      return;
    }
    auto health = desk::sized<rck_health_info>();
    PASSES(rck_health(engine, &health));
    if (health.recovered != (was_killed ? 1 : 0) && (shared.opened || !was_killed))
      wrong += text("recovered is %u; ", health.recovered);
    if (health.state != RCK_HEALTH_RUNNING || health.failed_site)
      wrong += "it has failed; ";
    if (variant.outside && !is_drained)
      finish_pump();
    else if (!variant.outside)
      Pump(engine, shared, place).finish();
    hold(engine);
    PASSES(desk::insist([&] { return rck_engine_close(engine); }));
    reopen();
  }

  void hold(rck_engine *engine) {
    Journal journal(place.journal);
    plant(journal);
    journal.judge_sequences();
    journal.judge_tickets(variant.discipline);
    journal.judge_violations();
    wrong += journal.wrong;
    known.commands[0] = std::max(known.commands[0], journal.made_with());
    std::vector<const Record *> in_flight(logs_count);
    for (uint32_t port = 0; port < logs_count; port++) {
      Matching matching(journal.ports[port], known, shared.logs[port], port);
      matching.match();
      wrong += matching.wrong;
      in_flight[port] = matching.in_flight;
      known.commands[port] = matching.count();
      figures.records += journal.ports[port].size();
    }
    RegionJudge region(engine, known, shared, variant, figures, planted);
    region.judge(in_flight);
    wrong += region.wrong;
  }

  // What was closed in good order is known to be.
  void reopen() {
    rck_engine *engine = nullptr;
    auto health = desk::sized<rck_health_info>();
    PASSES(rck_engine_open(nullptr, place.region.c_str(), &engine, nullptr));
    PASSES(rck_health(engine, &health));
    if (health.recovered != 0)
      wrong += "a region that was closed counts as left; ";
    PASSES(rck_engine_close(engine));
  }

  void plant(Journal &journal) {
    std::vector<Record> &records = journal.ports[1];
    const auto is_command = [](const Record &record) { return record.is_command(); };
    const auto found = std::find_if(records.rbegin(), records.rend(), is_command);
    if (found == records.rend())
      return;
    const auto at = std::prev(found.base());
    if (planted == "drop")
      records.erase(at);
    else if (planted == "twice")
      records.insert(at, Record(*at));
    else if (planted == "never" && !shared.logs[1].is_in_flight()) {
      Noted noted{};
      noted.kind = RCK_EVENT_RELEASE;
      noted.order_id = 1;
      shared.logs[1].begin(noted);
      shared.logs[1].end();
    }
  }
};

} // namespace

int main(int count, char **words) {
  NEED(count >= 4);
  std::filesystem::create_directories(words[1]);
  const uint64_t kills = strtoull(words[2], nullptr, 10), seed = strtoull(words[3], nullptr, 10);
  Evidence evidence(words[1], seed, count > 4 ? words[4] : "");
  evidence.run(kills);
  if (!evidence.wrong.empty()) {
    printf("does not hold, behind %llu kills: %s\n", static_cast<unsigned long long>(evidence.kills),
           evidence.wrong.c_str());
    return 1;
  }
  const Figures &figures = evidence.figures;
  printf("%llu kills of hosts and %llu of pumps, %llu calls, %llu in flight, of which %llu with a record and %llu done "
         "without one\n",
         static_cast<unsigned long long>(evidence.host_kills), static_cast<unsigned long long>(evidence.pump_kills),
         static_cast<unsigned long long>(figures.calls), static_cast<unsigned long long>(figures.in_flight),
         static_cast<unsigned long long>(figures.with_record), static_cast<unsigned long long>(figures.without_record));
  NEED(evidence.host_kills && figures.in_flight);
  return 0;
}
