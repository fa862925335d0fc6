// What the fuzzer's bytes become: numbers that like the edges, names, and buffers of exact size.
#ifndef RCK_FUZZ_INPUT_HPP
#define RCK_FUZZ_INPUT_HPP

#include "../isolation/host.h"
#include <fcntl.h>
#include <string>
#include <type_traits>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

class Input {
public:
  Input(const uint8_t *bytes, size_t count) : next(bytes), end(bytes + count) {}
  bool empty() const { return next == end; }
  uint8_t byte() { return empty() ? 0 : *next++; }

  // A number near an edge of some type, or eight bytes as they come.
  uint64_t number() {
    static constexpr uint64_t edges[] = {
        0,          1,         2,          63,         64,         65,         255,
        256,        1023,      1024,       65535,      65536,      1u << 20,   (1u << 24) - 1,
        1u << 24,   INT32_MAX, 1ull << 31, UINT32_MAX, 1ull << 32, 1ull << 40, RCK_TIME_NS_MAX,
        1ull << 62, INT64_MAX, 1ull << 63, UINT64_MAX};
    constexpr size_t count = sizeof edges / sizeof *edges;
    const uint8_t choice = byte();
    if (choice < 128)
      return edges[choice % count] + static_cast<uint64_t>(static_cast<int64_t>(choice / count) - 2);
    if (choice < 192)
      return byte();
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 8)
      value |= static_cast<uint64_t>(byte()) << shift;
    return value;
  }

  // Short names, so that they meet each other; at times without an end, or not UTF-8.
  void name(char *to) {
    memset(to, 0, RCK_NAME_BYTES);
    const uint8_t choice = byte();
    if (choice < 200) {
      to[0] = static_cast<char>('a' + choice % 8);
      to[1] = choice & 64 ? 'x' : 0;
      return;
    }
    const size_t length = choice < 240 ? byte() % 33 : RCK_NAME_BYTES;
    for (size_t at = 0; at < length; at++)
      to[at] = static_cast<char>(byte());
  }

  // How many bytes of a struct to hand over: all, none (NULL), or as many as a wrong struct_size says.
  template <class Record> size_t size_for() {
    const uint8_t choice = byte();
    if (choice < 224)
      return sizeof(Record);
    return choice < 232 ? 0 : choice < 244 ? 4 + choice % (sizeof(Record) - 4) : sizeof(Record) + choice;
  }

private:
  const uint8_t *next, *end;
};

// Whether a record is one of those that begin with struct_size.
template <class Record, class = void> struct begins_with_size : std::false_type {};
template <class Record> struct begins_with_size<Record, std::void_t<decltype(Record::struct_size)>> : std::true_type {};

// A malloc of exactly so many bytes, so that the sanitizer sees one byte too many. 0 bytes: NULL. A record
// with a struct_size says its own length there.
template <class Record> class Exact {
public:
  explicit Exact(size_t bytes) : length(bytes), block(bytes ? malloc(bytes) : nullptr) {
    if (!block)
      return;
    memset(block, 0xa5, length);
    const uint32_t size = static_cast<uint32_t>(length);
    if (length >= 4 && begins_with_size<Record>::value)
      memcpy(block, &size, 4);
  }
  Exact(Exact &&other) : length(other.length), block(other.block) { other.block = nullptr; }
  ~Exact() { free(block); }
  Record *get() { return static_cast<Record *>(block); }
  size_t bytes() const { return length; }
  std::vector<uint8_t> copy() const {
    const uint8_t *from = static_cast<const uint8_t *>(block);
    return std::vector<uint8_t>(from, from + (block ? length : 0));
  }

private:
  size_t length;
  void *block;
};

template <class Record> Record sized() {
  Record record{};
  record.struct_size = sizeof record;
  return record;
}

// Which bug the harness has on purpose.
inline bool plants(const char *what) {
  static const char *const planted = getenv("RISKCHECK_PLANTED");
  return planted && !strcmp(planted, what);
}

// Every status that comes back has a name.
inline rck_status checked(rck_status status) {
  NEED(strcmp(rck_status_name(status), "unknown") != 0);
  return status;
}

inline void copy_file(const std::string &from, const std::string &to) {
  static char bytes[1 << 16];
  const int reading = open(from.c_str(), O_RDONLY);
  const int writing = open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  NEED(reading >= 0 && writing >= 0);
  for (ssize_t got; (got = read(reading, bytes, sizeof bytes)) > 0;)
    NEED(write(writing, bytes, static_cast<size_t>(got)) == got);
  close(reading);
  close(writing);
}

#endif
