/* Threads and the moment of loading.
 *
 *   threads LIBRARY local|global after       threads are there first, then the library; each has engines of its own
 *                                            and a port of one that all share
 *   threads LIBRARY local|global departed    a thread loads, opens and trades, and is gone; others go on */
#include "library.h"
#include <pthread.h>

enum { THREADS = 8, ENGINES = 20, SHARED_MAX = 3000, TRIES = 1000 };

static library of;
static desk shared;
static pthread_barrier_t is_loaded;

typedef struct work {
  pthread_t thread;
  uint32_t index;
  int64_t passed;
} work;

/* Engines of its own, one after the other, while the others do the same; then a race for the shared limit. */
static void *trade(void *given) {
  work *mine = given;
  pthread_barrier_wait(&is_loaded);
  const rck_config config = small_config(&of);
  for (int number = 0; number < ENGINES; number++) {
    const desk own = opened(&of, &config, 1000 * mine->index + number);
    for (uint64_t id = 1; id < 100; id += 2)
      filled_up(&of, &own, id);
    closed(&of, &own);
  }
  rck_port *port = shared.port;
  if (mine->index > 1)
    NEED(of.rck_port_open(shared.engine, mine->index, RCK_PORT_WRITER, &port, NULL) == RCK_OK);
  for (uint64_t id = 1; id <= TRIES; id++) {
    const rck_status status = checked(&of, port, (uint64_t)mine->index << 32 | id, 1);
    NEED(status == RCK_OK || status == RCK_REJECT_POSITION_LONG);
    mine->passed += status == RCK_OK;
  }
  if (mine->index > 1)
    NEED(of.rck_port_close(port) == RCK_OK);
  return NULL;
}

static void after(const char *path, int mode) {
  work all[THREADS];
  int64_t passed = 0;
  NEED(pthread_barrier_init(&is_loaded, NULL, THREADS + 1) == 0);
  for (uint32_t i = 0; i < THREADS; i++) {
    all[i] = (work){.index = i + 1};
    NEED(pthread_create(&all[i].thread, NULL, trade, &all[i]) == 0);
  }
  of = loaded(path, mode);
  rck_config config = small_config(&of);
  config.orders_max = 2 * SHARED_MAX;
  config.ports_max = THREADS;
  shared = opened(&of, &config, SHARED_MAX);
  pthread_barrier_wait(&is_loaded);
  for (uint32_t i = 0; i < THREADS; i++) {
    NEED(pthread_join(all[i].thread, NULL) == 0);
    passed += all[i].passed;
  }
  NEED(passed == SHARED_MAX && open_buys(&of, shared.engine) == SHARED_MAX);
  closed(&of, &shared);
}

typedef struct loading {
  const char *path;
  int mode;
} loading;

static void *load_and_leave(void *given) {
  const loading *what = given;
  of = loaded(what->path, what->mode);
  const rck_config config = small_config(&of);
  shared = opened(&of, &config, 500);
  filled_up(&of, &shared, 1);
  NEED(checked(&of, shared.port, 11, 200) == RCK_OK);
  return NULL;
}

static void *go_on(void *unused) {
  NEED(open_buys(&of, shared.engine) == 200);
  NEED(checked(&of, shared.port, 12, 301) == RCK_REJECT_POSITION_LONG);
  NEED(released(&of, shared.port, 11) == RCK_OK);
  filled_up(&of, &shared, 13);
  return unused;
}

static void departed(const char *path, int mode) {
  pthread_t thread;
  loading what = {path, mode};
  NEED(pthread_create(&thread, NULL, load_and_leave, &what) == 0 && pthread_join(thread, NULL) == 0);
  NEED(pthread_create(&thread, NULL, go_on, NULL) == 0 && pthread_join(thread, NULL) == 0);
  filled_up(&of, &shared, 15);
  closed(&of, &shared);
}

int main(int count, char **words) {
  NEED(count == 4);
  const int mode = RTLD_NOW | (strcmp(words[2], "global") ? RTLD_LOCAL : RTLD_GLOBAL);
  if (!strcmp(words[3], "after"))
    after(words[1], mode);
  else
    departed(words[1], mode);
  return 0;
}
