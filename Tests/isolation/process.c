/* What loading, creating and closing leave behind in the host: nothing but the region's memory.
 *
 *   process <path of the library> <file for a region>
 *
 * The library is loaded at run time, so that the state before it can be seen. Prints one line for each thing
 * that holds, `ok WHAT`, or `no WHAT: SEEN`. */
#define _GNU_SOURCE
#include <riskcheck.h>
#include <dirent.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct seen {
  struct sigaction actions[65];
  sigset_t blocked;
  long threads, files, resident_kb, mapped_kb;
};

static long entries(const char *path) {
  long count = 0;
  DIR *folder = opendir(path);
  while (folder && readdir(folder))
    count++;
  if (folder)
    closedir(folder);
  return count;
}

static long kilobytes(const char *path, const char *field) {
  char line[256];
  long found = -1;
  FILE *file = fopen(path, "r");
  while (file && fgets(line, sizeof line, file))
    if (!strncmp(line, field, strlen(field)))
      found = strtol(line + strlen(field), NULL, 10);
  if (file)
    fclose(file);
  return found;
}

static struct seen look(void) {
  struct seen now;
  memset(&now, 0, sizeof now);
  for (int number = 1; number <= 64; number++)
    sigaction(number, NULL, &now.actions[number]);
  sigprocmask(SIG_BLOCK, NULL, &now.blocked);
  now.threads = entries("/proc/self/task");
  now.files = entries("/proc/self/fd");
  now.resident_kb = kilobytes("/proc/self/smaps_rollup", "Rss:");
  now.mapped_kb = kilobytes("/proc/self/status", "VmSize:");
  return now;
}

static int failures;
static void tell(int holds, const char *what, long saw) {
  if (holds)
    printf("ok %s\n", what);
  else
    printf("no %s: %ld\n", what, saw);
  failures += !holds;
}

static long changed_actions(const struct seen *before, const struct seen *after) {
  long changed = memcmp(&before->blocked, &after->blocked, sizeof before->blocked) != 0;
  for (int number = 1; number <= 64; number++)
    changed += before->actions[number].sa_handler != after->actions[number].sa_handler ||
               before->actions[number].sa_flags != after->actions[number].sa_flags;
  return changed;
}

#define FIND(name) __typeof__(name) *find_##name = (__typeof__(name) *)dlsym(library, #name)

int main(int count, char **words) {
  if (count != 3)
    return 2;
  static rck_config config; /* static, so that the stack grows by nothing between two looks */
  static rck_fault fault;
  uint64_t region_bytes = 0;
  rck_engine *engine = NULL, *filed = NULL;
  rck_port *port = NULL;

  look(); /* the C library's own buffers are there from here on */
  const struct seen before = look();
  void *library = dlopen(words[1], RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 2;
  }
  FIND(rck_config_init);
  FIND(rck_region_bytes);
  FIND(rck_engine_create);
  FIND(rck_engine_open);
  FIND(rck_engine_close);
  FIND(rck_port_open);
  FIND(rck_port_close);
  const struct seen loaded = look();
  rck_status status = find_rck_config_init(&config, sizeof config);
  status |= find_rck_region_bytes(&config, &region_bytes, &fault);
  status |= find_rck_engine_create(&config, NULL, 0, &engine, &fault);
  const struct seen created = look();
  status |= find_rck_port_open(engine, 1, RCK_PORT_WRITER, &port, &fault);
  const struct seen working = look();

  const long extra_kb = created.resident_kb - before.resident_kb - (long)(region_bytes / 1024);
  tell(status == 0, "the default region is made and a port opened", status);
  tell(changed_actions(&before, &loaded) == 0, "loading leaves every signal's action and the mask as they were",
       changed_actions(&before, &loaded));
  tell(changed_actions(&before, &working) == 0, "creating leaves every signal's action and the mask as they were",
       changed_actions(&before, &working));
  tell(working.threads == before.threads, "no thread is started", working.threads - before.threads);
  tell(working.files == before.files, "a private region holds no file descriptor", working.files - before.files);
  tell(extra_kb > -1024 && extra_kb < 1024, "resident memory grows by the region's bytes to within 1 MB", extra_kb);

  status = find_rck_engine_open(&config, words[2], &filed, &fault);
  tell(status == 0, "a region in a file opens beside it", status);
  status = find_rck_engine_close(filed);
  status |= find_rck_port_close(port);
  status |= find_rck_engine_close(engine);
  const struct seen closed = look();
  tell(status == 0, "both engines close", status);
  tell(closed.files == before.files, "closing leaves no file descriptor behind", closed.files - before.files);
  tell(closed.mapped_kb - loaded.mapped_kb <= 256, "closing leaves no mapping behind",
       closed.mapped_kb - loaded.mapped_kb);
  tell(closed.threads == before.threads, "closing leaves no thread behind", closed.threads - before.threads);
  dlclose(library);
  tell(dlopen(words[1], RTLD_NOW | RTLD_NOLOAD) != NULL, "dlclose leaves the library loaded", 0);
  return failures ? 1 : 0;
}
