// All memory of the floor: asked for once, zeroed and touched, never given back before the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <sys/mman.h>

namespace desk_floor {

// An array of `count` zeroed records on pages of its own, populated before it is used.
template <class Record> class Array {
public:
  explicit Array(uint64_t count) : count_(count) {
    void *memory = mmap(nullptr, bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED)
      throw std::bad_alloc();
    records_ = static_cast<Record *>(memory);
  }
  Array(const Array &) = delete;
  Array &operator=(const Array &) = delete;
  ~Array() { munmap(records_, bytes()); }

  Record &operator[](uint64_t index) { return records_[index]; }
  const Record &operator[](uint64_t index) const { return records_[index]; }
  uint64_t count() const { return count_; }

private:
  size_t bytes() const { return (count_ == 0 ? 1 : count_) * sizeof(Record); }

  uint64_t count_;
  Record *records_ = nullptr;
};

} // namespace desk_floor
