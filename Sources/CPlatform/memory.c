/* The handle table and mappings. */
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096
#define HUGE ((uintptr_t)2 << 20)

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* Whole pages of its own, so that wiping them on fork wipes nothing else. */
unsigned char platform_table[PLATFORM_CUSTOMS_AT + (PLATFORM_CUSTOMS_BYTES + PAGE - 1) / PAGE * PAGE]
    __attribute__((aligned(PAGE)));

int platform_wipe_table_on_fork(void) {
  return madvise(platform_table, sizeof platform_table, MADV_WIPEONFORK) == 0 ? 0 : -errno;
}

static int membarrier(int command) { return syscall(SYS_membarrier, command, 0, 0) >= 0 ? 0 : -errno; }

int platform_barrier_register(void) { return membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED); }
int platform_barrier(void) { return membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED); }

int platform_map_private(void **address, uint64_t bytes, int huge) {
  uint64_t span = huge ? bytes + HUGE : bytes;
  char *map = mmap(NULL, span, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED)
    return -errno;
  if (huge) {
    /* Keep the aligned middle, give the ends back. */
    char *start = (char *)(((uintptr_t)map + HUGE - 1) & ~(HUGE - 1));
    uint64_t kept = (bytes + PAGE - 1) & ~(uint64_t)(PAGE - 1);
    if (start > map)
      munmap(map, (size_t)(start - map));
    if (map + span > start + kept)
      munmap(start + kept, (size_t)(map + span - start - kept));
    madvise(start, bytes, MADV_HUGEPAGE); /* a wish: a kernel without them declines */
    map = start;
  }
  *address = map;
  return 0;
}

int platform_map_file(void **address, uint64_t bytes, int descriptor, int writable) {
  void *map = mmap(NULL, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, descriptor, 0);
  if (map == MAP_FAILED)
    return -errno;
  *address = map;
  return 0;
}

void platform_clear(void *address, uint64_t bytes) { memset(address, 0, bytes); }

void platform_unmap(void *address, uint64_t bytes) { munmap(address, bytes); }

int platform_leave_out_of_fork(void *address, uint64_t bytes) {
  return madvise(address, bytes, MADV_DONTFORK) == 0 ? 0 : -errno;
}

/* A write that changes nothing, whoever else writes there, and that the compiler cannot drop. */
static void write_same(unsigned char *byte) {
#if defined(__x86_64__)
  __asm__ volatile("lock orb $0, %0" : "+m"(*byte) : : "memory");
#else
  __atomic_fetch_or((volatile unsigned char *)byte, 0, __ATOMIC_SEQ_CST);
#endif
}

int platform_populate(void *address, uint64_t bytes) {
  if (madvise(address, bytes, MADV_POPULATE_WRITE) == 0)
    return 0;
  if (errno != EINVAL)
    return errno == EFAULT ? -ENOMEM : -errno;
  /* A kernel before 5.14: touch each page without changing it. */
  for (uint64_t at = 0; at < bytes; at += PAGE)
    write_same((unsigned char *)address + at);
  return 0;
}

int platform_lock_memory(void *address, uint64_t bytes) { return mlock(address, bytes) == 0 ? 0 : -errno; }
int platform_unlock_memory(void *address, uint64_t bytes) { return munlock(address, bytes) == 0 ? 0 : -errno; }
