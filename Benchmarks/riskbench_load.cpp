// The fresh process of the load scenario: nothing of riskcheck is in it until it loads the library.
//   riskbench-load create LIBRARY     dlopen, defaults, create pre-faulted; prints what it took
//   riskbench-load populate BYTES     maps as many bytes, populated, and nothing else
// Prints: nanoseconds, resident bytes before, resident bytes after, region bytes.
#include "riskcheck.h"
#include "clock.h"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace {

// Exact, where statm is kept per core and lags behind by pages.
uint64_t resident_bytes() {
  static char text[4096];
  int file = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return 0;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0)
    return 0;
  text[length] = 0;
  const char *line = std::strstr(text, "\nRss:");
  return line == nullptr ? 0 : std::strtoull(line + 5, nullptr, 10) * 1024;
}

template <class Function> bool find(void *library, const char *name, Function *&function) {
  function = reinterpret_cast<Function *>(dlsym(library, name));
  return function != nullptr;
}

int create(const char *path) {
  uint64_t before = resident_bytes();
  uint64_t from = bench::now_ns();
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    std::fprintf(stderr, "riskbench-load: %s\n", dlerror());
    return 1;
  }
  decltype(rck_config_init) *config_init;
  decltype(rck_engine_create) *engine_create;
  decltype(rck_region_bytes) *region_bytes;
  if (!find(library, "rck_config_init", config_init) || !find(library, "rck_engine_create", engine_create) ||
      !find(library, "rck_region_bytes", region_bytes)) {
    std::fprintf(stderr, "riskbench-load: a function is missing in %s\n", path);
    return 1;
  }
  rck_config config;
  rck_engine *engine = nullptr;
  rck_status status = config_init(&config, sizeof config);
  if (status == RCK_OK)
    status = engine_create(&config, nullptr, 0, &engine, nullptr);
  uint64_t took = bench::now_ns() - from;
  uint64_t after = resident_bytes(), bytes = 0;
  if (status == RCK_OK)
    status = region_bytes(&config, &bytes, nullptr);
  if (status != RCK_OK || (config.flags & RCK_PREFAULT) == 0) {
    std::fprintf(stderr, "riskbench-load: status %d, flags %u\n", status, config.flags);
    return 1;
  }
  std::printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", took, before, after, bytes);
  return 0;
}

int populate(uint64_t bytes) {
  uint64_t before = resident_bytes();
  uint64_t from = bench::now_ns();
  void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  uint64_t took = bench::now_ns() - from;
  if (memory == MAP_FAILED) {
    std::perror("riskbench-load: mmap");
    return 1;
  }
  std::printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", took, before, resident_bytes(), bytes);
  return 0;
}

} // namespace

int main(int count, char **words) {
  if (count == 3 && std::strcmp(words[1], "create") == 0)
    return create(words[2]);
  if (count == 3 && std::strcmp(words[1], "populate") == 0) {
    return populate(std::strtoull(words[2], nullptr, 10));
  }
  std::fprintf(stderr, "usage: riskbench-load create LIBRARY | populate BYTES\n");
  return 2;
}
