// A life with a journal whose system fails as planned, and lives that go on behind it. Each runs in a process of its
// own; what it found wrong is a text in shared memory.
#ifndef RCK_JOURNAL_FAULTY_HPP
#define RCK_JOURNAL_FAULTY_HPP

#include "faults.hpp"
#include "lives.hpp"
#include <functional>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

// What a child tells its parent.
struct Report {
  char wrong[400];
  uint64_t calls, hits, round, repeats, wanted_repeats;
};

inline Report &report() {
  static Report *const shared = [] {
    void *memory = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    NEED(memory != MAP_FAILED);
    const rlimit none{0, 0};
    NEED(setrlimit(RLIMIT_CORE, &none) == 0);
    return static_cast<Report *>(memory);
  }();
  return *shared;
}

// How a child ended: 0, or what ended it.
inline std::string in_child(const std::function<std::string()> &work) {
  Report &told = report();
  memset(told.wrong, 0, sizeof told.wrong);
  fflush(stdout);
  const pid_t child = fork();
  NEED(child >= 0);
  if (child == 0) {
    const std::string wrong = work();
    snprintf(told.wrong, sizeof told.wrong, "%s", wrong.c_str());
    _exit(0);
  }
  int ended = 0;
  NEED(waitpid(child, &ended, 0) == child);
  if (WIFSIGNALED(ended))
    return WTERMSIG(ended) == SIGKILL ? "killed" : text("died of signal %d", WTERMSIG(ended));
  return told.wrong;
}

struct Places {
  std::string folder, region;
  explicit Places(const std::string &base) : folder(base + "/journal"), region(base + "/region") {
    mkdir(folder.c_str(), 0700);
    clear();
  }
  void clear() const {
    layout::empty(folder);
    unlink(region.c_str());
  }
};

inline rck_status status_of(int number) {
  return number == ENOSPC ? RCK_E_NO_SPACE : number == ENOENT ? RCK_E_NO_FILE : RCK_E_SYSTEM;
}

class Journalled {
public:
  Journalled(const Script &what, const Places &where)
      : script(what), places(where), desk(what.seed), follower(where.folder) {}

  const Script script;
  const Places &places;
  trading::Desk desk;
  Follower follower;
  rck_pump_info info = sized<rck_pump_info>();
  uint64_t failures = 0;
  std::string wrong;

  // Calls until it is done, as long as the plan is what stops it.
  void insist(const char *what, const std::function<rck_status(rck_fault *)> &call) {
    for (int attempt = 0; wrong.empty(); attempt++) {
      if (attempted(what, call) == RCK_OK)
        return;
      if (attempt == 20)
        note(text("%s does not go on when it is better", what));
    }
  }

  rck_status attempted(const char *what, const std::function<rck_status(rck_fault *)> &call) {
    rck_fault fault{};
    const uint64_t hits = faults::hits;
    rck_status status = RCK_OK;
    {
      const faults::Armed armed;
      status = call(&fault);
    }
    const bool is_hit = faults::hits != hits;
    if (status == RCK_OK && is_hit && faults::plan.kind == faults::error && faults::last_hit != faults::removes)
      note(text("%s gives RCK_OK in spite of an error", what));
    if (status == RCK_OK)
      return status;
    const int number = faults::plan.kind == faults::part ? ENOSPC : faults::plan.number;
    if (!is_hit || status != status_of(number) || fault.system_error != number)
      note(text("%s gives %s with errno %d%s", what, rck_status_name(status), fault.system_error,
                is_hit ? "" : ", and nothing failed"));
    return status;
  }

  void open_journal() {
    const rck_journal_config config = config_of(script);
    insist("rck_journal_open",
           [&](rck_fault *fault) { return rck_journal_open(desk.reader, places.folder.c_str(), &config, fault); });
  }

  // Once; what a failure leaves is for the next.
  rck_status pump() {
    const rck_status status =
        attempted("rck_journal_pump", [&](rck_fault *fault) { return rck_journal_pump(desk.reader, &info, fault); });
    failures += status != RCK_OK;
    if (info.failures != failures)
      note(text("%llu failures are counted, not %llu", static_cast<unsigned long long>(info.failures),
                static_cast<unsigned long long>(failures)));
    follow();
    return status;
  }

  // What fails is closed all the same: it is opened and closed once more.
  void close_journal() {
    const auto call = [&](rck_fault *fault) { return rck_journal_close(desk.reader, fault); };
    for (int attempt = 0; attempt < 20 && wrong.empty(); attempt++) {
      if (attempted("rck_journal_close", call) == RCK_OK)
        return;
      open_journal();
    }
    note("rck_journal_close does not go on when it is better");
  }

  // The whole life.
  void live() {
    begin_life(desk, places.region);
    open_journal();
    if (!wrong.empty())
      return;
    begin_trading(desk);
    for (uint32_t round = 0; round < script.rounds && wrong.empty(); round++) {
      report().round = round;
      act_round(desk, round);
      pump();
    }
    for (int attempt = 0; attempt < 20 && wrong.empty() && pump() != RCK_OK; attempt++)
      ;
    if (wrong.empty())
      close_journal();
    if (wrong.empty())
      follow();
    desk.close_ports();
    report().calls = faults::calls;
    report().hits = faults::hits;
  }

private:
  void note(const std::string &what) {
    if (wrong.empty())
      wrong = what;
  }
  void follow() {
    const rck_status status = follower.follow();
    if (status != RCK_OK && status != RCK_E_NO_JOURNAL)
      note(text("who reads beside the pump is given %s", rck_status_name(status)));
  }
};

#endif
