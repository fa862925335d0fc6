/* What a journal needs of the system: files in a directory, writes from several places, a checksum. */
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

int platform_open_directory(const char *path) {
  int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return descriptor >= 0 ? descriptor : -errno;
}

int platform_sync(int descriptor) { return fsync(descriptor) == 0 ? 0 : -errno; }

/* NUMBER, in ten digits, and an ending. */
#define DIGITS 10
static const char *const endings[] = {".journal", ".open"};

struct name {
  char text[24];
};

static struct name segment_name(uint64_t number, int is_open) {
  struct name name = {{0}};
  for (int at = DIGITS; at-- > 0; number /= 10)
    name.text[at] = (char)('0' + number % 10);
  for (int at = 0; endings[is_open][at] != 0; at++)
    name.text[DIGITS + at] = endings[is_open][at];
  return name;
}

int platform_open_segment(int directory, uint64_t number, int is_open, int writable, int create) {
  struct name name = segment_name(number, is_open);
  int flags = (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (create ? O_CREAT | O_NOFOLLOW : 0);
  int descriptor = openat(directory, name.text, flags, 0600);
  return descriptor >= 0 ? descriptor : -errno;
}

int platform_remove_segment(int directory, uint64_t number, int is_open) {
  struct name name = segment_name(number, is_open);
  return unlinkat(directory, name.text, 0) == 0 ? 0 : -errno;
}

int platform_finish_segment(int directory, uint64_t number) {
  struct name from = segment_name(number, 1), to = segment_name(number, 0);
  /* Never over another file. Not every file system knows how. */
  if (syscall(SYS_renameat2, directory, from.text, directory, to.text, 1) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS)
    return -errno;
  return renameat(directory, from.text, directory, to.text) == 0 ? 0 : -errno;
}

int platform_is_segment(int directory, uint64_t number, int descriptor) {
  struct name name = segment_name(number, 1);
  struct stat opened, named;
  if (syscall(SYS_newfstatat, directory, name.text, &named, 0) != 0 || syscall(SYS_fstat, descriptor, &opened) != 0)
    return -errno;
  return opened.st_dev == named.st_dev && opened.st_ino == named.st_ino ? 0 : -ENOENT;
}

/* 0 for other names. */
static uint64_t segment_number(const char *name, int *is_open) {
  uint64_t number = 0;
  for (int at = 0; at < DIGITS; at++) {
    if (name[at] < '0' || name[at] > '9')
      return 0;
    number = number * 10 + (uint64_t)(name[at] - '0');
  }
  for (*is_open = 0; *is_open < 2; ++*is_open) {
    const char *left = name + DIGITS, *right = endings[*is_open];
    while (*left != 0 && *left == *right)
      left++, right++;
    if (*left == 0 && *right == 0)
      return number;
  }
  return 0;
}

struct entry {
  uint64_t number;
  int64_t next;
  uint16_t bytes;
  uint8_t type;
  char name[];
};

int platform_segments(int directory, platform_segment_range *range) {
  _Alignas(16) char buffer[4096];
  *range = (platform_segment_range){0, 0, 0};
  /* A descriptor of its own: where a listing stands is shared by all uses of one. */
  int listing = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (listing < 0)
    return -errno;
  long got;
  while ((got = syscall(SYS_getdents64, listing, buffer, sizeof buffer)) > 0) {
    for (long at = 0; at < got;) {
      const struct entry *entry = (const struct entry *)(const void *)(buffer + at);
      int is_open = 0;
      uint64_t number = segment_number(entry->name, &is_open);
      if (number != 0) {
        if (range->first == 0 || number < range->first)
          range->first = number;
        if (number > range->last) {
          range->last = number;
          range->is_open = (uint64_t)is_open;
        }
      }
      at += entry->bytes;
    }
  }
  int error = got < 0 ? -errno : 0;
  close(listing);
  return error;
}

int platform_write_all(int descriptor, const platform_span *spans, int count, uint64_t offset) {
  struct iovec parts[PLATFORM_SPANS_MAX];
  if (count > PLATFORM_SPANS_MAX)
    return -EINVAL;
  uint64_t left = 0;
  for (int at = 0; at < count; at++) {
    parts[at] = (struct iovec){(void *)(uintptr_t)spans[at].start, spans[at].bytes};
    left += spans[at].bytes;
  }
  struct rlimit limit;
  /* Beyond the limit the kernel would send a signal. */
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && offset + left > limit.rlim_cur)
    return -EFBIG;
  struct iovec *part = parts;
  while (left > 0) {
    ssize_t put = pwritev(descriptor, part, (int)(parts + count - part), (off_t)offset);
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0)
      return -errno;
    if (put == 0)
      return -ENOSPC;
    left -= (uint64_t)put;
    offset += (uint64_t)put;
    while (put > 0) {
      uint64_t taken = (uint64_t)put < part->iov_len ? (uint64_t)put : part->iov_len;
      part->iov_base = (char *)part->iov_base + taken;
      part->iov_len -= taken;
      put -= (ssize_t)taken;
      if (part->iov_len == 0)
        part++;
    }
  }
  return 0;
}

int64_t platform_read_some(int descriptor, void *bytes, uint64_t count, uint64_t offset) {
  uint64_t done = 0;
  while (done < count) {
    ssize_t got = pread(descriptor, (char *)bytes + done, count - done, (off_t)(offset + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return -errno;
    if (got == 0)
      break;
    done += (uint64_t)got;
  }
  return (int64_t)done;
}

/* CRC32C, polynomial 0x1EDC6F41 reflected. A table of 16 for what is not counted by the processor's own instruction. */
static uint32_t by_table(uint32_t crc, const unsigned char *bytes, uint64_t count) {
  static const uint32_t nibbles[16] = {0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
                                       0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
                                       0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75};
  for (uint64_t at = 0; at < count; at++) {
    crc ^= bytes[at];
    crc = crc >> 4 ^ nibbles[crc & 15];
    crc = crc >> 4 ^ nibbles[crc & 15];
  }
  return crc;
}

#if defined(__x86_64__)
/* Asked once: under a hypervisor the question takes as long as the checksum of a block. */
static int has_instruction(void) {
  static int known; /* 0: not asked yet; then 1 or 2. Two threads may both ask. */
  int told = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (told == 0) {
    uint32_t a = 1, b, c = 0, d;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    told = (c >> 20 & 1) && (c >> 1 & 1) ? 2 : 1;
    __atomic_store_n(&known, told, __ATOMIC_RELAXED);
  }
  return told == 2;
}

/* Three stretches side by side, since the instruction takes three cycles and one may begin in each. */
#define STRETCH 1024
typedef long long words __attribute__((vector_size(16)));

/* The sum as if STRETCH zeros had followed: its product with x^(8 * STRETCH - 33), bits reflected, of which the
   instruction takes the rest. */
__attribute__((target("sse4.2,pclmul"))) static uint64_t behind_zeros(uint64_t sum) {
  words product = __builtin_ia32_pclmulqdq128((words){(long long)sum, 0}, (words){0x170076fa, 0}, 0);
  return __builtin_ia32_crc32di(0, (unsigned long long)product[0]);
}

__attribute__((target("sse4.2,pclmul"))) static uint32_t by_processor(uint32_t crc, const unsigned char *bytes,
                                                                      uint64_t count) {
  uint64_t state = crc, at = 0;
  for (; at + 3 * STRETCH <= count; at += 3 * STRETCH) {
    uint64_t second = 0, third = 0;
    for (const unsigned char *from = bytes + at, *end = from + STRETCH; from < end; from += 8) {
      state = __builtin_ia32_crc32di(state, platform_load64(from));
      second = __builtin_ia32_crc32di(second, platform_load64(from + STRETCH));
      third = __builtin_ia32_crc32di(third, platform_load64(from + 2 * STRETCH));
    }
    state = behind_zeros(behind_zeros(state) ^ second) ^ third;
  }
  for (; at + 8 <= count; at += 8)
    state = __builtin_ia32_crc32di(state, platform_load64(bytes + at));
  crc = (uint32_t)state;
  for (; at < count; at++)
    crc = __builtin_ia32_crc32qi(crc, bytes[at]);
  return crc;
}
#endif

uint32_t platform_crc32c(uint32_t before, const void *bytes, uint64_t count) {
  uint32_t crc = ~before;
#if defined(__x86_64__)
  if (has_instruction())
    return ~by_processor(crc, bytes, count);
#endif
  return ~by_table(crc, bytes, count);
}
