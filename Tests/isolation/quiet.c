/* The quiet loop: every call that a running host makes, many times, while a detector watches.
 *
 *   quiet allocations|faults|seccomp|clock|marked events|many|one [planted]
 *
 * `events` writes events and looks; `many` and `one` trade, under the discipline of many writers or one.
 * Exit 0: the detector saw nothing. 3: it saw something, as it must when `planted`. 4: cannot be judged here.
 * Under `marked` the loop runs between two calls of getpgid(4242) and getpgid(2424), for a tracer.
 * The allocator below stands in front of libc's for the whole process. */
#define _GNU_SOURCE
#include "usual.h"
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static unsigned long allocations;

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);
void __libc_free(void *block);

void *malloc(size_t bytes) { return allocations++, __libc_malloc(bytes); }
void *calloc(size_t count, size_t bytes) { return allocations++, __libc_calloc(count, bytes); }
void *realloc(void *old, size_t bytes) { return allocations++, __libc_realloc(old, bytes); }
void free(void *block) { allocations++, __libc_free(block); }
void *memalign(size_t alignment, size_t bytes) { return allocations++, __libc_memalign(alignment, bytes); }
void *aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }
int posix_memalign(void **block, size_t alignment, size_t bytes) {
  *block = memalign(alignment, bytes);
  return *block ? 0 : ENOMEM;
}
void *mmap(void *at, size_t bytes, int access, int flags, int file, off_t offset) {
  allocations++;
  return (void *)syscall(SYS_mmap, at, bytes, access, flags, file, offset);
}
int munmap(void *at, size_t bytes) {
  allocations++;
  return (int)syscall(SYS_munmap, at, bytes);
}

static uint32_t discipline; /* of the trading host; 0: the host that writes events */
static trading desk;
static rck_engine *engine;
static rck_port *port;
static volatile unsigned char fresh_pages[1 << 20]; /* not touched before the loop: a planted fault a page */

/* One of everything that moves no order. `time_ns` 0 makes the library read the clock. */
static void once(int64_t time_ns, uint64_t number) {
  rck_event lines[32];
  rck_event events[2] = {numbered_event(number, 1, time_ns), numbered_event(number + 1, 1, time_ns)};
  rck_stats stats = {.struct_size = sizeof stats};
  rck_health_info health = {.struct_size = sizeof health};
  rck_config config = {.struct_size = sizeof config};
  rck_currency currency = {.struct_size = sizeof currency};
  rck_group group = {.struct_size = sizeof group};
  rck_account account = {.struct_size = sizeof account};
  rck_strategy strategy = {.struct_size = sizeof strategy};
  rck_instrument instrument = {.struct_size = sizeof instrument};
  rck_calendar calendar = {.struct_size = sizeof calendar};
  char name[RCK_NAME_BYTES] = "EUR";
  uint32_t id = 0, count = 0;
  int64_t now_ns = 0;

  PASSES(rck_event_write(port, events, 2));
  if (number & 8) /* the ring holds several batches at times, and is read empty at others */
    PASSES(rck_events_read(port, 1, lines, 32, &count));
  PASSES(rck_stats_read(engine, 1, &stats));
  PASSES(rck_health(engine, &health));
  PASSES(rck_find(engine, RCK_KIND_CURRENCY, &id, name));
  PASSES(rck_find(engine, RCK_KIND_CURRENCY, &id, name));
  PASSES(rck_currency_get(engine, 1, &currency));
  PASSES(rck_group_get(engine, 1, &group));
  PASSES(rck_account_get(engine, 1, &account));
  PASSES(rck_strategy_get(engine, 1, &strategy));
  PASSES(rck_instrument_get(engine, 1, &instrument));
  PASSES(rck_calendar_get(engine, 1, &calendar));
  PASSES(rck_config_get(engine, &config));
  if (time_ns == 0)
    PASSES(rck_clock(engine, &now_ns));
  /* The refusals of a running host are as quiet as what passes. */
  NEED(rck_instrument_get(engine, 9, &instrument) == RCK_E_UNKNOWN);
  NEED(rck_events_read(port, 77, lines, 32, &count) == RCK_E_RANGE);
  events[0].time_ns = events[1].time_ns = -1;
  NEED(rck_event_write(port, events, 2) == RCK_REJECT_TIME_RANGE);
}

/* A desk's turn is dozens of calls, which take as long as those of many other turns. */
static void loop(unsigned long turns, int64_t time_ns, void (*planted)(void)) {
  if (discipline && turns > 1000)
    turns /= getenv("RISKCHECK_LONG") ? 5 : 25;
  for (unsigned long turn = 0; turn < turns; turn++) {
    if (discipline) {
      usual_turn(&desk);
      trading_turn(&desk);
    } else {
      once(time_ns ? time_ns + (int64_t)turn : 0, turn);
    }
    if (planted && turn == turns / 2)
      planted();
  }
}

static void plant_allocation(void) {
  void *volatile block = malloc(24);
  free(block);
}
static void plant_system_call(void) { getppid(); }
static void plant_faults(void) {
  for (size_t at = 0; at < sizeof fresh_pages; at += 4096)
    fresh_pages[at] = 1;
}

/* A file, so that there are orders of before; in memory, since a disk's pages fault when they are written back. */
static void set_up_desk(int64_t time_ns) {
  static rck_order order;
  static rck_report report;
  static rck_verdict verdict;
  char folder[] = "/dev/shm/riskcheck-quiet-XXXXXX", path[64];
  NEED(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/region", folder);
  desk = (trading){.order = &order, .report = &report, .verdict = &verdict, .time_ns = time_ns};
  trading_begin(&desk, discipline, 4096, path, NULL, 0); /* some hundred pages */
  usual_begin(&desk);
  NEED(unlink(path) == 0 && rmdir(folder) == 0);
}

static void set_up(int64_t time_ns) {
  if (discipline) {
    set_up_desk(time_ns);
    return;
  }
  rck_config config;
  rck_currency currency = currency_one();
  rck_group group = {.struct_size = sizeof group, .id = 1, .name = "group", .kind = RCK_GROUP_OF_ACCOUNTS};
  rck_account account = {.struct_size = sizeof account, .id = 1, .name = "account", .groups = {1}};
  rck_strategy strategy = {.struct_size = sizeof strategy, .id = 1, .name = "strategy"};
  rck_instrument instrument = turned_instrument(1, 1);
  rck_calendar calendar = {.struct_size = sizeof calendar, .id = 1, .entries = 1, .end_ns = 2};
  small_config(&config);
  config.ring_lines = 8192; /* 128 pages */
  PASSES(rck_engine_create(&config, NULL, 0, &engine, NULL));
  PASSES(rck_port_open(engine, 1, RCK_PORT_WRITER, &port, NULL));
  PASSES(rck_currency_set(engine, &currency, NULL));
  PASSES(rck_group_set(engine, &group, NULL));
  PASSES(rck_account_set(engine, &account, NULL));
  PASSES(rck_strategy_set(engine, &strategy, NULL));
  PASSES(rck_instrument_set(engine, &instrument, NULL));
  PASSES(rck_calendar_set(engine, &calendar, NULL));
}

/* From here on the kernel kills whoever makes another system call than exit. Strict mode would do, but takes
 * the time-stamp counter away too, and with it the clock that needs no system call. */
static void confine(int strict) {
  struct sock_filter only_exit[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL),
  };
  const struct sock_fprog filter = {sizeof only_exit / sizeof *only_exit, only_exit};
  if (strict) {
    NEED(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0);
  } else {
    NEED(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    NEED(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0);
  }
}

/* Runs the loop in a confined child: 0 if it lived, 3 if the kernel killed it. */
static int confined(int64_t time_ns, void (*planted)(void), int with_library) {
  const pid_t child = fork();
  int ended = 0;
  NEED(child >= 0);
  if (child == 0) {
    struct timespec now;
    if (with_library)
      set_up(time_ns); /* after the fork: handles do not survive one */
    confine(time_ns != 0);
    if (with_library)
      loop(100000, time_ns, planted);
    else
      clock_gettime(CLOCK_REALTIME, &now);
    syscall(SYS_exit, 0);
  }
  NEED(waitpid(child, &ended, 0) == child);
  if (WIFEXITED(ended))
    return WEXITSTATUS(ended);
  NEED(WTERMSIG(ended) == SIGKILL || WTERMSIG(ended) == SIGSYS);
  return 3;
}

int main(int count, char **words) {
  NEED(count >= 3);
  const char *mode = words[1];
  const int planted = count > 3;
  const int64_t host_ns = 1700000000000000000;

  discipline = !strcmp(words[2], "many") ? RCK_MANY_WRITERS : !strcmp(words[2], "one") ? RCK_ONE_WRITER : 0;
  NEED(discipline || !strcmp(words[2], "events"));
  if (discipline && access("/dev/shm", W_OK) != 0)
    return 4;
  if (!strcmp(mode, "seccomp"))
    return confined(host_ns, planted ? plant_system_call : NULL, 1);
  if (!strcmp(mode, "clock")) {
    if (confined(0, NULL, 0) != 0)
      return 4; /* this kernel's clock is a system call for everybody */
    return confined(0, planted ? plant_system_call : NULL, 1);
  }
  if (!strcmp(mode, "allocations")) {
    const unsigned long before = allocations;
    set_up(0);
    NEED(allocations > before); /* the counter stands before the library too: it saw the region being made */
    const unsigned long ready = allocations;
    loop(planted ? 100000 : 1000000, 0, planted ? plant_allocation : NULL);
    return allocations == ready ? 0 : 3;
  }
  if (!strcmp(mode, "faults")) {
    struct rusage before, after;
    set_up(0);
    loop(discipline ? 64 : 1, 0, NULL); /* the code itself comes in page by page */
    getrusage(RUSAGE_SELF, &before);
    loop(200000, 0, planted ? plant_faults : NULL);
    getrusage(RUSAGE_SELF, &after);
    /* The ring, or what the desk's orders take, is 128 pages or more; the kernel may take back a page or two
     * of code on a busy machine. */
    return after.ru_minflt - before.ru_minflt <= 4 ? 0 : 3;
  }
  if (!strcmp(mode, "marked")) {
    set_up(0);
    loop(1, 0, NULL);
    (void)!getpgid(4242);
    loop(20000, 0, planted ? plant_system_call : NULL);
    (void)!getpgid(2424);
    return 0;
  }
  return 2;
}
