/* Processes, time, chance, and the error numbers that the core tells apart. */
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/auxv.h>
#include <time.h>
#include <unistd.h>

uint32_t platform_pid(void) { return (uint32_t)getpid(); }

/* Number `index` of those behind the last ')' of a /proc/PID/stat, the state being 0. */
static uint64_t number(const char *state, int index) {
  const char *at = state;
  for (; index > 0 && at != NULL; index--)
    at = strchr(at + 1, ' ');
  uint64_t value = 0;
  for (at = at != NULL ? at + (*at == ' ') : ""; *at >= '0' && *at <= '9'; at++)
    value = value * 10 + (uint64_t)(*at - '0');
  return value;
}

int platform_process_start(uint32_t pid, uint64_t *start) {
  char path[32] = "/proc/", digits[12], text[1024];
  int count = 0, length = 6;
  do
    digits[count++] = (char)('0' + pid % 10);
  while ((pid /= 10) != 0);
  while (count > 0)
    path[length++] = digits[--count];
  memcpy(path + length, "/stat", 6);

  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return errno == ENOENT && access("/proc/self", F_OK) == 0 ? 0 : -errno;
  ssize_t got = read(descriptor, text, sizeof text - 1);
  int error = errno;
  close(descriptor);
  if (got <= 0)
    return got == 0 || error == ESRCH ? 0 : -error;
  text[got] = 0;
  const char *end = strrchr(text, ')');
  if (end == NULL || end[1] != ' ')
    return -EIO;
  const char *state = end + 2;
  /* A zombie runs no more and its locks are gone, unless only its first thread has ended. */
  if ((*state == 'Z' || *state == 'X') && number(state, 17) <= 1)
    return 0;
  *start = number(state, 19);
  return 1;
}

int64_t platform_realtime_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t platform_monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

uint64_t platform_random(void) {
  uint64_t bits = (uint64_t)(uintptr_t)&bits ^ (uint64_t)(uintptr_t)platform_handle_table() << 17;
  const unsigned char *seed = (const unsigned char *)getauxval(AT_RANDOM);
  uint64_t word = 0;
  if (seed != NULL)
    memcpy(&word, seed, sizeof word);
  bits ^= word ^ (uint64_t)platform_realtime_ns() * 0x9e3779b97f4a7c15u ^ (uint64_t)getpid() << 40;
  bits ^= bits >> 30;
  bits *= 0xbf58476d1ce4e5b9u;
  bits ^= bits >> 27;
  bits *= 0x94d049bb133111ebu;
  return bits ^ bits >> 31;
}

void platform_yield(void) { sched_yield(); }

int platform_not_found(void) { return -ESRCH; }
int platform_is_again(int error) { return error == -EAGAIN || error == -EACCES; }
int platform_is_absent(int error) { return error == -ENOENT || error == -ENOTDIR; }
int platform_is_present(int error) { return error == -EEXIST; }
int platform_is_no_space(int error) { return error == -ENOSPC || error == -EDQUOT || error == -EFBIG; }
int platform_is_no_memory(int error) { return error == -ENOMEM; }
