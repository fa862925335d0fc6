/* Files and the kernel's locks on their bytes. Locks belong to the open file: they end when its last
 * descriptor is closed, however the process ends. `fcntl` and `fstat` are called by number, since their
 * newer symbol versions would tie the library to a newer libc. */
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int platform_open(const char *path, int writable, int create) {
  int flags = (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (create ? O_CREAT | O_EXCL : 0);
  int descriptor = open(path, flags, 0600);
  return descriptor >= 0 ? descriptor : -errno;
}

void platform_close(int descriptor) { close(descriptor); }

int64_t platform_file_bytes(int descriptor) {
  off_t end = lseek(descriptor, 0, SEEK_END);
  return end >= 0 ? (int64_t)end : -errno;
}

int platform_allocate(int descriptor, uint64_t bytes, int fresh) {
  struct rlimit limit;
  /* Beyond the limit the kernel would send a signal. */
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && bytes > limit.rlim_cur)
    return -EFBIG;
  if (fallocate(descriptor, 0, 0, (off_t)bytes) == 0)
    return 0;
  if (errno != EOPNOTSUPP)
    return -errno;
  /* libc then writes to every block, which only a file of our own can bear. */
  return fresh ? -posix_fallocate(descriptor, 0, (off_t)bytes) : 0;
}

int platform_truncate(int descriptor, uint64_t bytes) { return ftruncate(descriptor, (off_t)bytes) == 0 ? 0 : -errno; }

int platform_unlink(const char *path) { return unlink(path) == 0 ? 0 : -errno; }

int platform_read_at(int descriptor, void *bytes, uint64_t count, uint64_t offset) {
  ssize_t got;
  do
    got = pread(descriptor, bytes, count, (off_t)offset);
  while (got < 0 && errno == EINTR);
  return got < 0 ? -errno : (uint64_t)got == count ? 0 : -ENODATA;
}

int platform_write_at(int descriptor, const void *bytes, uint64_t count, uint64_t offset) {
  ssize_t put;
  do
    put = pwrite(descriptor, bytes, count, (off_t)offset);
  while (put < 0 && errno == EINTR);
  return put < 0 ? -errno : (uint64_t)put == count ? 0 : -ENOSPC;
}

int platform_is_at(int descriptor, const char *path) {
  struct stat opened, named;
  return syscall(SYS_fstat, descriptor, &opened) == 0 && syscall(SYS_newfstatat, AT_FDCWD, path, &named, 0) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

static struct flock one_byte(short type, uint64_t offset) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)offset, .l_len = 1};
  return lock;
}

static int set_lock(int descriptor, struct flock lock) {
  return syscall(SYS_fcntl, descriptor, F_OFD_SETLK, &lock) == 0 ? 0 : -errno;
}

int platform_take_byte(int descriptor, uint64_t offset) { return set_lock(descriptor, one_byte(F_WRLCK, offset)); }

int platform_give_byte(int descriptor, uint64_t offset) { return set_lock(descriptor, one_byte(F_UNLCK, offset)); }

int platform_byte_taken(int descriptor, uint64_t offset) {
  struct flock lock = one_byte(F_WRLCK, offset);
  if (syscall(SYS_fcntl, descriptor, F_OFD_GETLK, &lock) != 0)
    return -errno;
  return lock.l_type != F_UNLCK;
}
