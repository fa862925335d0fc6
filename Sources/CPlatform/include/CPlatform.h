/* The operating system, as the core sees it: the only place that includes its headers. Nothing here knows what
 * a region holds. Functions return 0 or a descriptor on success and -errno on failure, unless they say so. */
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include <stddef.h>
#include <stdint.h>

/* How this copy was built; the build passes them. */
#ifndef RISKCHECK_COMMIT
#define RISKCHECK_COMMIT "unknown"
#endif
#ifndef RISKCHECK_COMPILER
#define RISKCHECK_COMPILER "unknown"
#endif
static inline __attribute__((always_inline)) const char *platform_commit(void) { return RISKCHECK_COMMIT; }
static inline __attribute__((always_inline)) const char *platform_compiler(void) { return RISKCHECK_COMPILER; }

/* The handle table: 64-byte entries, zero at load and zero again in a forked child. */
#define PLATFORM_ENTRIES 1024
#define PLATFORM_ENTRY_BYTES 64
#define PLATFORM_TABLE_BYTES (PLATFORM_ENTRIES * PLATFORM_ENTRY_BYTES)
extern unsigned char platform_table[] __attribute__((visibility("hidden")));
static inline __attribute__((always_inline)) void *platform_handle_table(void) { return platform_table; }
/* One more zero word with the same life. */
static inline __attribute__((always_inline)) void *platform_generation_word(void) {
  return platform_table + PLATFORM_TABLE_BYTES;
}
/* And the functions of the host's, 32 sets of 16, with the same life. */
#define PLATFORM_CUSTOM_SETS 32
#define PLATFORM_CUSTOM_BYTES 448
#define PLATFORM_CUSTOMS_AT (PLATFORM_TABLE_BYTES + 4096)
#define PLATFORM_CUSTOMS_BYTES (PLATFORM_CUSTOM_SETS * (16 * PLATFORM_CUSTOM_BYTES + 8))
static inline __attribute__((always_inline)) void *platform_custom_table(void) {
  return platform_table + PLATFORM_CUSTOMS_AT;
}
static inline int32_t platform_call_custom(uint64_t function, uint64_t context, const void *order, int64_t time_ns) {
  return ((int32_t (*)(void *, const void *, int64_t))(uintptr_t)function)((void *)(uintptr_t)context, order, time_ns);
}
/* Arranges for the table to be wiped on fork. Idempotent. */
int platform_wipe_table_on_fork(void);

/* Keeps the compiler from moving memory accesses across it. Emits no instruction. */
static inline __attribute__((always_inline)) void platform_compiler_barrier(void) { __asm__ volatile("" ::: "memory"); }
/* Rests one core for a few tens of nanoseconds. */
static inline __attribute__((always_inline)) void platform_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}
/* high * 2^64 + low divided by `divisor`, rounded down; `*rest` is what is left. high < divisor, or it traps. */
static inline __attribute__((always_inline)) uint64_t platform_divide(uint64_t high, uint64_t low, uint64_t divisor,
                                                                      uint64_t *rest) {
#if defined(__x86_64__)
  uint64_t quotient;
  __asm__("divq %4" : "=a"(quotient), "=d"(*rest) : "0"(low), "1"(high), "r"(divisor) : "cc");
  return quotient;
#else
  unsigned __int128 whole = (unsigned __int128)high << 64 | low;
  *rest = (uint64_t)(whole % divisor);
  return (uint64_t)(whole / divisor);
#endif
}
/* amount / 10^exponent, rounded up, by one multiplication; amount < 2^62, exponent 0 to 18. The table holds
 * 10^e, 2^(64 + shift) / 10^e rounded up, and the shift with 2^shift < 10^e <= 2^(shift + 1): exact for every
 * dividend below 2^63. */
typedef struct {
  uint64_t divisor, inverse, shift;
} platform_ten;
extern const platform_ten platform_tens[19] __attribute__((visibility("hidden")));
static inline __attribute__((always_inline)) uint64_t platform_divide_up(uint64_t amount, uint64_t exponent) {
  const platform_ten *ten = &platform_tens[exponent];
  uint64_t raised = amount + ten->divisor - 1;
  uint64_t divided = (uint64_t)((unsigned __int128)raised * ten->inverse >> 64) >> ten->shift;
  return __builtin_unpredictable(exponent == 0) ? amount : divided; /* as instruments follow each other */
}
/* Loads by its own width what a caller has just stored so. Wider loads would have to wait until all of the stores have
 * left the processor's store buffer, and the compiler makes such of narrow ones that lie side by side. */
static inline __attribute__((always_inline)) uint8_t platform_load8(const void *address) {
  return *(const volatile uint8_t *)address;
}
static inline __attribute__((always_inline)) uint32_t platform_load32(const void *address) {
  return *(const volatile uint32_t *)address;
}
static inline __attribute__((always_inline)) uint64_t platform_load64(const void *address) {
  return *(const volatile uint64_t *)address;
}
/* Asks for the line of an address that will be read soon. */
static inline __attribute__((always_inline)) void platform_expect(const void *address) { __builtin_prefetch(address); }
/* Asks for the line of an address that will be written soon. */
static inline __attribute__((always_inline)) void platform_expect_write(const void *address) {
  __builtin_prefetch(address, 1);
}
/* Makes every running thread of the process pass a full memory barrier before it returns. */
int platform_barrier_register(void);
int platform_barrier(void);

/* Memory. `*address` is page-aligned and zero. */
int platform_map_private(void **address, uint64_t bytes, int huge);
int platform_map_file(void **address, uint64_t bytes, int descriptor, int writable);
void platform_unmap(void *address, uint64_t bytes);
void platform_clear(void *address, uint64_t bytes);
int platform_leave_out_of_fork(void *address, uint64_t bytes);
/* Reads one word of every page. */
static inline __attribute__((always_inline)) void platform_touch(const void *address, uint64_t bytes) {
  for (uint64_t at = 0; at < bytes; at += 4096)
    (void)*(const volatile uint64_t *)((const char *)address + at);
}
int platform_populate(void *address, uint64_t bytes);
int platform_lock_memory(void *address, uint64_t bytes);
int platform_unlock_memory(void *address, uint64_t bytes);

/* Files. */
/* With `create`, only if there is no such file yet. */
int platform_open(const char *path, int writable, int create);
void platform_close(int descriptor);
int64_t platform_file_bytes(int descriptor);
/* Gives every byte a block of its own, so that no later write can fail; `fresh` when nobody else can have the
 * file mapped. */
int platform_allocate(int descriptor, uint64_t bytes, int fresh);
int platform_truncate(int descriptor, uint64_t bytes);
int platform_unlink(const char *path);
int platform_read_at(int descriptor, void *bytes, uint64_t count, uint64_t offset);
int platform_write_at(int descriptor, const void *bytes, uint64_t count, uint64_t offset);
/* Whether `path` still names the open file: 1 or 0. */
int platform_is_at(int descriptor, const char *path);
/* Takes byte `offset` of the file, for this open file alone, until it is closed. -EAGAIN: somebody has it. */
int platform_take_byte(int descriptor, uint64_t offset);
/* Gives it back, also when a forked child still has the descriptor. */
int platform_give_byte(int descriptor, uint64_t offset);
/* 1 if some other open file has the byte, 0 if none. */
int platform_byte_taken(int descriptor, uint64_t offset);

/* Files of one directory, named NUMBER.journal or NUMBER.open. */
typedef struct {
  uint64_t first, last; /* numbers; 0: there is none */
  uint64_t is_open;     /* 1: the last one is not finished */
} platform_segment_range;
int platform_open_directory(const char *path);
int platform_open_segment(int directory, uint64_t number, int is_open, int writable, int create);
int platform_remove_segment(int directory, uint64_t number, int is_open);
int platform_finish_segment(int directory, uint64_t number);
/* 0 if the name of a segment in work still is that of the open file. */
int platform_is_segment(int directory, uint64_t number, int descriptor);
int platform_segments(int directory, platform_segment_range *range);
/* Returns when the disk has all that was written to it. */
int platform_sync(int descriptor);
#define PLATFORM_SPANS_MAX 4
typedef struct {
  const void *start;
  uint64_t bytes;
} platform_span;
/* Writes all of them, one after the other, from `offset` on. */
int platform_write_all(int descriptor, const platform_span *spans, int count, uint64_t offset);
/* Reads up to `count` bytes, fewer only at the file's end; how many, or -errno. */
int64_t platform_read_some(int descriptor, void *bytes, uint64_t count, uint64_t offset);
/* CRC32C of bytes behind those that gave `before`; 0 before the first. */
uint32_t platform_crc32c(uint32_t before, const void *bytes, uint64_t count);
/* Copies between places that do not overlap. */
static inline void platform_copy(void *target, const void *source, uint64_t bytes) {
  __builtin_memcpy(target, source, bytes);
}
/* Copies whole lines of 64 bytes. */
static inline __attribute__((always_inline)) void platform_copy_line(void *target, const void *source) {
  __builtin_memcpy(target, source, 64);
}

/* Processes and time. */
uint32_t platform_pid(void);
/* Whether the process runs: 1 and when it began, in clock ticks since boot, which with the pid names it for
 * good; 0 if there is none; -errno if that could not be found out. */
int platform_process_start(uint32_t pid, uint64_t *start);
int64_t platform_realtime_ns(void);
int64_t platform_monotonic_ns(void);
uint64_t platform_random(void);
void platform_yield(void);

/* Error numbers that the core tells apart. */
int platform_not_found(void);
int platform_is_again(int error);
int platform_is_absent(int error);
int platform_is_present(int error);
int platform_is_no_space(int error);
int platform_is_no_memory(int error);

#endif
