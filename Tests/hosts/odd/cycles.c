/* Loads, creates, checks, closes and unloads a thousand times, or all but the loading; nothing may grow.
 *
 *   cycles LIBRARY load|create|leak      leak: every hundredth engine is forgotten, which must show */
#define _GNU_SOURCE
#include "library.h"
#include <dirent.h>
#include <malloc.h>

enum { WARM_UP = 10, ROUNDS = 1000 };

typedef struct seen {
  long mappings, files, mapped_kb;
  size_t heap_bytes;
} seen;

static long counted(const char *path, const char *field) {
  char line[512];
  long lines = 0;
  FILE *file = fopen(path, "r");
  NEED(file != NULL);
  while (fgets(line, sizeof line, file)) {
    if (field && !strncmp(line, field, strlen(field))) {
      lines = strtol(line + strlen(field), NULL, 10);
      break;
    }
    lines += field == NULL;
  }
  fclose(file);
  return lines;
}

static seen look(void) {
  seen now = {.mappings = counted("/proc/self/maps", NULL), .mapped_kb = counted("/proc/self/status", "VmSize:")};
  DIR *folder = opendir("/proc/self/fd");
  NEED(folder != NULL);
  while (readdir(folder))
    now.files++;
  closedir(folder);
  now.heap_bytes = mallinfo2().uordblks;
  return now;
}

static int grown(const char *what, long before, long after) {
  if (after > before)
    printf("%s grew from %ld to %ld\n", what, before, after);
  return after > before;
}

/* How many engines and ports can be had at once: all that the library has, if none was lost. */
static unsigned handles_left(const library *of) {
  rck_engine *engines[8];
  rck_port *port;
  rck_status status = RCK_OK;
  unsigned count = 0, engine = 0;
  rck_config config = small_config(of);
  config.ports_max = 255;
  while (status == RCK_OK && engine < 8) {
    status = of->rck_engine_create(&config, NULL, 0, &engines[engine], NULL);
    count += status == RCK_OK;
    for (uint32_t index = 1; index <= 255 && status == RCK_OK; index++) {
      status = of->rck_port_open(engines[engine], index, RCK_PORT_WRITER, &port, NULL);
      count += status == RCK_OK;
    }
    engine++;
  }
  NEED(status == RCK_E_HANDLES_FULL);
  return count;
}

int main(int count, char **words) {
  NEED(count == 3);
  const int load = !strcmp(words[2], "load"), leak = !strcmp(words[2], "leak");
  library of = loaded(words[1], RTLD_NOW);
  const rck_config config = small_config(&of);
  seen before = look();
  for (int round = 1; round <= ROUNDS; round++) {
    if (load && round > 1)
      of = loaded(words[1], RTLD_NOW);
    const desk at = opened(&of, &config, 100 + round);
    filled_up(&of, &at, 1);
    if (leak && round % 100 == 0)
      NEED(of.rck_port_close(at.port) == RCK_OK);
    else
      closed(&of, &at);
    NEED(checked(&of, at.port, 9, 1) == RCK_E_HANDLE);
    if (load)
      NEED(dlclose(of.handle) == 0);
    if (round == WARM_UP)
      before = look();
  }
  const seen after = look();
  int faults = grown("mappings", before.mappings, after.mappings) + grown("files", before.files, after.files);
  faults += grown("mapped kilobytes", before.mapped_kb, after.mapped_kb);
  faults += grown("heap bytes", (long)before.heap_bytes, (long)after.heap_bytes);
  if (load)
    of = loaded(words[1], RTLD_NOW);
  const unsigned left = handles_left(&of);
  if (left != RCK_HANDLES_MAX)
    printf("handles left: %u\n", left);
  return faults > 0 || left != RCK_HANDLES_MAX ? 3 : 0;
}
