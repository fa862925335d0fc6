// Words that threads share, under two disciplines from one source: with `Shared` any number of threads write,
// without it one does and every store is plain. No other part of the floor names an atomic operation.
#pragma once

#include <cstdint>

namespace desk_floor {

// Acquire: whoever sees a word sees what was stored before it. A plain move on x86-64.
template <bool Shared, class Word> inline Word look(const Word &word) {
  if constexpr (Shared)
    return __atomic_load_n(&word, __ATOMIC_ACQUIRE);
  else
    return word;
}

// Release: what was stored before is seen by whoever sees this. A plain move on x86-64.
template <bool Shared, class Word> inline void put(Word &word, Word value) {
  if constexpr (Shared)
    __atomic_store_n(&word, value, __ATOMIC_RELEASE);
  else
    word = value;
}

// One locked instruction, or a store. Acquire and release: a successful swap is both a look and a put.
template <bool Shared, class Word> inline bool swap(Word &word, Word old, Word value) {
  if constexpr (Shared) {
    return __atomic_compare_exchange_n(&word, &old, value, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  } else {
    word = value;
    return true;
  }
}

template <bool Shared, class Word> inline Word add(Word &word, Word count) {
  if constexpr (Shared)
    return __atomic_fetch_add(&word, count, __ATOMIC_ACQ_REL);
  Word old = word;
  word = old + count;
  return old;
}

template <bool Shared, class Word> inline Word exchange(Word &word, Word value) {
  if constexpr (Shared)
    return __atomic_exchange_n(&word, value, __ATOMIC_ACQ_REL);
  Word old = word;
  word = value;
  return old;
}

// Keeps the compiler from moving a load before a store of its own line; the processor is kept by whoever
// needs it kept, with a barrier in all threads (see Latches and Generations).
inline void compiler_barrier() { __atomic_signal_fence(__ATOMIC_SEQ_CST); }

constexpr uint64_t power_of_two_from(uint64_t least) {
  uint64_t power = 1;
  while (power < least)
    power *= 2;
  return power;
}

// Neighbouring values stay apart, and every bit of the key counts.
inline uint64_t scattered(uint64_t key) {
  uint64_t product = key * 0x9e3779b97f4a7c15u;
  return product ^ (product >> 32);
}

} // namespace desk_floor
