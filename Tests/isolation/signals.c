/* Signal handlers that call the library, at up to 20,000 signals a second.
 *
 *   signals apart      the handler writes on a port of its own: nothing may be lost on either port
 *   signals together   the handler writes and reads on the port that it interrupts: each of its calls passes
 *                      whole or is RCK_E_BUSY, and every event that passed comes out exactly once
 *
 * Work ends after a number of signals, not after a time. */
#define _GNU_SOURCE
#include "host.h"
#include <signal.h>
#include <sys/time.h>

enum { SIGNALS = 3000, EVENTS_MAX = 1 << 26 };

static rck_port *main_port, *handler_port;
static volatile sig_atomic_t signals, stopped;
static volatile uint64_t handler_written, handler_busy;
static unsigned char *seen; /* by sequence: how often it came out */
static int together;

static void tick(int number) {
  (void)number;
  if (stopped)
    return;
  signals++;
  if (together) {
    const rck_event event = numbered_event(handler_written + 1, 2, 1);
    const rck_status status = rck_event_write(main_port, &event, 1);
    NEED(status == RCK_OK || status == RCK_E_BUSY || status == RCK_REJECT_RING_FULL);
    handler_written += status == RCK_OK;
    handler_busy += status == RCK_E_BUSY;
    if (signals % 4 == 0) {
      rck_event lines[4];
      uint32_t count = 0;
      const rck_status read = rck_events_read(signals % 8 ? main_port : handler_port, 1, lines, 4, &count);
      NEED(read == RCK_OK || read == RCK_E_BUSY);
      for (uint32_t at = 0; read == RCK_OK && at < count; at++) {
        NEED(is_numbered(&lines[at], 1) || is_numbered(&lines[at], 2));
        NEED(lines[at].sequence < EVENTS_MAX);
        seen[lines[at].sequence]++;
      }
    }
  } else {
    rck_event events[3];
    for (uint64_t at = 0; at < 3; at++)
      events[at] = numbered_event(handler_written + at, 2, 1);
    const rck_status status = rck_event_write(handler_port, events, 3);
    NEED(status == RCK_OK || status == RCK_REJECT_RING_FULL);
    handler_written += status == RCK_OK ? 3 : 0;
  }
}

/* Takes everything out of ring `source`, each event exactly once and, where nobody else reads, in order. */
static uint64_t drain(rck_port *reader, uint32_t source, uint64_t *next) {
  rck_event lines[64];
  uint32_t count = 0;
  uint64_t taken = 0;
  do {
    const rck_status status = rck_events_read(reader, source, lines, 64, &count);
    NEED(status == RCK_OK); /* a handler is done before it returns: what it interrupted finds nobody busy */
    for (uint32_t at = 0; at < count; at++) {
      NEED(is_numbered(&lines[at], 1) || is_numbered(&lines[at], 2));
      if (together) {
        NEED(lines[at].sequence < EVENTS_MAX);
        seen[lines[at].sequence]++;
      } else {
        NEED(is_numbered(&lines[at], source));
        NEED(lines[at].sequence == *next + 1 && lines[at].subject == *next);
        ++*next;
      }
      taken++;
    }
  } while (count);
  return taken;
}

int main(int count, char **words) {
  rck_config config;
  rck_engine *engine = NULL;
  rck_port *reader = NULL;
  rck_stats stats = {.struct_size = sizeof stats};
  uint64_t main_written = 0, next_main = 0, next_handler = 0;
  together = count > 1 && !strcmp(words[1], "together");
  seen = calloc(EVENTS_MAX, 1);
  NEED(seen);
  small_config(&config);
  PASSES(rck_engine_create(&config, NULL, 0, &engine, NULL));
  PASSES(rck_port_open(engine, 1, RCK_PORT_WRITER, &main_port, NULL));
  PASSES(rck_port_open(engine, 2, RCK_PORT_WRITER, &handler_port, NULL));
  PASSES(rck_port_open(engine, 0, RCK_PORT_READER, &reader, NULL));

  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = tick;
  sigaction(SIGALRM, &action, NULL);
  const struct itimerval interval = {{0, 50}, {0, 50}};
  NEED(setitimer(ITIMER_REAL, &interval, NULL) == 0);
  while (signals < SIGNALS) {
    rck_event events[2];
    const uint64_t batch = 1 + main_written % 2;
    for (uint64_t at = 0; at < batch; at++)
      events[at] = numbered_event(main_written + at, 1, 1);
    const rck_status status = rck_event_write(main_port, events, (uint32_t)batch);
    NEED(status == RCK_OK || status == RCK_REJECT_RING_FULL);
    main_written += status == RCK_OK ? batch : 0;
    if (status != RCK_OK || main_written % 16 == 0) {
      drain(reader, 1, &next_main);
      drain(reader, 2, &next_handler);
    }
    if (main_written + handler_written + 16 > EVENTS_MAX) {
      fprintf(stderr, "too few signals: %d\n", (int)signals);
      return 4;
    }
  }
  stopped = 1;
  drain(reader, 1, &next_main);
  drain(reader, 2, &next_handler);

  PASSES(rck_stats_read(engine, 1, &stats));
  NEED(stats.events_lost == 0 && stats.ring_lines_used == 0 && stats.events_written == stats.events_read);
  if (together) {
    NEED(stats.events_written == main_written + handler_written);
    for (uint64_t sequence = 1; sequence <= main_written + handler_written; sequence++)
      NEED(seen[sequence] == 1);
    NEED(seen[main_written + handler_written + 1] == 0);
    NEED(handler_written > 0 && handler_busy > 0); /* both outcomes were met */
  } else {
    NEED(next_main == main_written && next_handler == handler_written && handler_written > 0);
    NEED(stats.events_written == main_written);
  }
  PASSES(rck_port_close(reader));
  PASSES(rck_port_close(handler_port));
  PASSES(rck_port_close(main_port));
  PASSES(rck_engine_close(engine));
  return 0;
}
