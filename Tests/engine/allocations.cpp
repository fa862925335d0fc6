// Linked into an engine with AddressSanitizer: counts what threads other than the first allocate, and says it at the
// end. With PLANTED=n a thread allocates n times.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

// Of the sanitizer's allocator; its header does not come with every compiler.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void *, std::size_t),
                                                         void (*freed)(const volatile void *));

namespace {

std::atomic<unsigned long> all, elsewhere;

void allocated(const volatile void *, std::size_t) {
  all.fetch_add(1, std::memory_order_relaxed);
  if (syscall(SYS_gettid) != getpid())
    elsewhere.fetch_add(1, std::memory_order_relaxed);
}

void freed(const volatile void *) {}

void tell() { std::fprintf(stderr, "allocations %lu, of other threads %lu\n", all.load(), elsewhere.load()); }

struct Installed {
  Installed() {
    __sanitizer_install_malloc_and_free_hooks(allocated, freed);
    std::atexit(tell);
    if (const char *planted = std::getenv("PLANTED"))
      std::thread([times = std::atoi(planted)] {
        for (int turn = 0; turn < times; turn++)
          delete new volatile int;
      }).join();
  }
} installed;

} // namespace
