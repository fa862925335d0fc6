// One block of work for a ring between two cores: a stream of records one way, or one record back and forth.
// Both threads spin on the plain call when there is nothing to do; every contender gets the same loops.
#pragma once

#include "clock.h"
#include "outcome.h"
#include "partner.h"
#include "record.h"

#include <array>
#include <cstdint>

namespace bench {

constexpr uint32_t batch_max = 64;

// Who waits in vain gives up: a record that is lost must not hang the run, but make it INVALID.
class Patience {
public:
  bool is_over() { return ++turns_ % (1u << 16) == 0 && now_ns() - begun_ns_ > 10'000'000'000; }

private:
  uint64_t turns_ = 0, begun_ns_ = now_ns();
};

struct StreamShape {
  uint64_t records; // a multiple of write_batch
  uint32_t write_batch;
  uint32_t read_batch; // as many as there are, up to this
};

// From the first write to the moment at which the reader has verified the last record.
template <class Queue>
Outcome stream_block(Queue &queue, Partner &partner, StreamShape shape, uint64_t seed, Plant plant) {
  Outcome outcome;
  Reader reader(seed, plant);
  uint64_t end_ns = 0, partner_preemptions = 0;
  partner.start([&, read_batch = shape.read_batch, total = shape.records] {
    uint64_t preemptions = preemptions_of_thread();
    alignas(64) typename Queue::Record out[batch_max];
    uint64_t got = 0, empty = 0;
    Patience patience;
    while (got < total) {
      uint32_t count = queue.read(out, read_batch);
      if (count == 0) {
        empty++;
        if (patience.is_over())
          break;
        continue;
      }
      reader.verify(out, count);
      got += count;
    }
    end_ns = now_ns();
    outcome.empty_reads = empty;
    partner_preemptions = preemptions_of_thread() - preemptions;
  });

  Writer writer(seed, Queue::host_numbers_records);
  alignas(64) typename Queue::Record in[batch_max];
  uint64_t full = 0, preemptions = preemptions_of_thread();
  Patience patience;
  uint64_t from_ns = now_ns();
  for (uint64_t sent = 0; sent < shape.records; sent += shape.write_batch) {
    for (uint32_t k = 0; k < shape.write_batch; k++)
      writer.make(in[k]);
    uint32_t taken = 0;
    while (taken < shape.write_batch && !patience.is_over()) {
      uint32_t now = queue.write(in + taken, shape.write_batch - taken);
      full += now == 0;
      taken += now;
    }
  }
  preemptions = preemptions_of_thread() - preemptions;
  partner.finish();

  outcome.preemptions = preemptions + partner_preemptions;
  outcome.ns = double(end_ns - from_ns);
  outcome.operations = shape.records;
  outcome.full_writes = full;
  outcome.checksum = reader.checksum;
  outcome.intact = reader.wrong == 0 && reader.checksum == writer.checksum;
  return outcome;
}

// One record there and back; the other side verifies nothing and returns what it was given.
template <class Queue>
Outcome trip_block(Queue &there, Queue &back, Partner &partner, uint64_t trips, const TickClock &clock, uint64_t seed,
                   Plant plant) {
  Outcome outcome;
  outcome.trips.assign(trips, 0.0); // written before it is timed: no page faults inside
  uint64_t partner_preemptions = 0;
  partner.start([&, trips] {
    uint64_t preemptions = preemptions_of_thread();
    alignas(64) typename Queue::Record record;
    Patience patience;
    for (uint64_t i = 0; i < trips; i++) {
      while (there.read(&record, 1) == 0 && !patience.is_over()) {
      }
      if (!Queue::host_numbers_records) {
        record.sequence = 0; // the library wants these unset on every write
        record.port = 0;
      }
      while (back.write(&record, 1) == 0 && !patience.is_over()) {
      }
    }
    partner_preemptions = preemptions_of_thread() - preemptions;
  });

  Writer writer(seed, Queue::host_numbers_records);
  Reader reader(seed, plant);
  alignas(64) typename Queue::Record in{}, out{};
  uint64_t preemptions = preemptions_of_thread();
  Patience patience;
  uint64_t from_ns = now_ns();
  for (uint64_t i = 0; i < trips; i++) {
    writer.make(in);
    uint64_t before = ticks_before();
    while (there.write(&in, 1) == 0 && !patience.is_over())
      outcome.full_writes++;
    while (back.read(&out, 1) == 0 && !patience.is_over())
      outcome.empty_reads++;
    outcome.trips[i] = double(ticks_after() - before) * clock.ns_per_tick;
    reader.verify(&out, 1);
  }
  outcome.ns = double(now_ns() - from_ns);
  preemptions = preemptions_of_thread() - preemptions;
  partner.finish();

  outcome.preemptions = preemptions + partner_preemptions;
  outcome.operations = trips;
  outcome.checksum = reader.checksum;
  outcome.intact = reader.wrong == 0 && reader.checksum == writer.checksum;
  return outcome;
}

} // namespace bench
