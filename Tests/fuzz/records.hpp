// Definitions, events and observations under hostile arguments. What was accepted comes back; what was
// refused has stored nothing.
#ifndef RCK_FUZZ_RECORDS_HPP
#define RCK_FUZZ_RECORDS_HPP

#include "life.hpp"

class Records : protected Life {
protected:
  using Life::Life;

  // A definition: valid, or with random bytes here and there. What was accepted is what comes back.
  template <class Record, class Set, class Get> void define(Set set, Get get, void (*sane)(Record &, Input &)) {
    size_t at;
    rck_engine *handle = any_engine(at);
    Exact<Record> record(in.size_for<Record>());
    if (record.bytes() >= sizeof(Record)) {
      Record *filled = record.get();
      memset(filled, 0, sizeof(Record));
      filled->struct_size = sizeof(Record);
      filled->id = 1 + in.byte() % 18;
      in.name(filled->name);
      sane(*filled, in);
      for (int hostile = in.byte() >> 6; hostile; hostile--)
        reinterpret_cast<uint8_t *>(filled)[4 + in.byte() % (sizeof(Record) - 4)] = in.byte();
    }
    const rck_status status = with_fault([&](rck_fault *fault) { return set(handle, record.get(), fault); });
    NEED(status <= 0 || status == RCK_REPEAT);
    if (status < 0)
      return;
    NEED(at < engines.size() && record.bytes() >= sizeof(Record));
    engines[at].redefined = true;
    Record back{};
    back.struct_size = sizeof back;
    NEED(checked(get(handle, record.get()->id, &back)) == RCK_OK);
    // Bytes behind a name's end are not part of it.
    NEED(strcmp(back.name, record.get()->name) == 0);
    memcpy(back.name, record.get()->name, sizeof back.name);
    NEED(memcmp(&back, record.get(), sizeof back) == 0);
  }

  template <class Record, class Get> void get(Get call) {
    rck_engine *handle = any_engine();
    Exact<Record> record(in.size_for<Record>());
    const std::vector<uint8_t> before = record.copy();
    const rck_status status = checked(call(handle, static_cast<uint32_t>(in.byte() % 20), record.get()));
    NEED(status <= 0);
    if (status != RCK_OK)
      NEED(record.copy() == before);
    else
      NEED(memchr(record.get()->name, 0, RCK_NAME_BYTES));
  }

  void find() {
    rck_engine *handle = any_engine();
    const uint32_t kind = in.byte() % 8;
    Exact<uint32_t> id(in.byte() % 16 ? 4 : 0);
    Exact<char> name(in.byte() % 16 ? RCK_NAME_BYTES : 0);
    if (id.get())
      *id.get() = in.byte() % 2 ? 0 : in.byte() % 20;
    if (name.get())
      in.name(name.get());
    const std::vector<uint8_t> id_before = id.copy(), name_before = name.copy();
    const rck_status status = checked(rck_find(handle, kind, id.get(), name.get()));
    NEED(status <= 0);
    if (status != RCK_OK) {
      NEED(id.copy() == id_before && name.copy() == name_before);
      return;
    }
    uint32_t again = 0;
    NEED(*id.get() != 0);
    if (name.get()[0] && checked(rck_find(handle, kind, &again, name.get())) == RCK_OK)
      NEED(again == *id.get());
  }

  void write_events() {
    size_t at;
    rck_port *handle = any_port(at);
    const uint8_t choice = in.byte();
    const uint32_t count = choice < 240 ? choice % 9 : static_cast<uint32_t>(in.number());
    Exact<rck_event> events(choice < 240 ? count * sizeof(rck_event) : 0);
    for (uint32_t each = 0; events.get() && each < count; each++) {
      memset(&events.get()[each], 0, sizeof(rck_event));
      events.get()[each] = numbered_event(each, 0, in.byte() % 2 ? static_cast<int64_t>(in.number()) : 0);
      if (in.byte() % 16 == 0)
        reinterpret_cast<uint8_t *>(&events.get()[each])[in.byte() % sizeof(rck_event)] = in.byte();
    }
    const std::vector<uint8_t> before = events.copy();
    const rck_status status = checked(rck_event_write(handle, events.get(), count));
    NEED(events.copy() == before);
    NEED(at < ports.size() || status < 0);
  }

  void read_events() {
    size_t at;
    rck_port *handle = any_port(at);
    const uint32_t source = in.byte() % 8;
    const uint32_t capacity = in.byte() % 40;
    Exact<rck_event> lines(in.byte() % 16 ? capacity * sizeof(rck_event) : 0);
    Exact<uint32_t> count(in.byte() % 16 ? 4 : 0);
    const std::vector<uint8_t> lines_before = lines.copy(), count_before = count.copy();
    const rck_status status = checked(rck_events_read(handle, source, lines.get(), capacity, count.get()));
    NEED(status <= 0);
    if (plants("overrun") && capacity == 3 && lines.get())
      memset(static_cast<void *>(lines.get() + capacity), 0, 1);
    if (plants("stored") && status < 0 && count.get())
      *count.get() += 1;
    if (status != RCK_OK) {
      NEED(lines.copy() == lines_before && count.copy() == count_before);
      return;
    }
    NEED(at < ports.size() && *count.get() <= capacity);
    if (engines[ports[at].engine].mutated)
      return;
    for (uint32_t line = 0; line < *count.get(); line += lines.get()[line].lines)
      NEED(lines.get()[line].lines >= 1 && lines.get()[line].lines <= *count.get() - line);
  }

  template <class Record, class Call> void observe(Call call) {
    rck_engine *handle = any_engine();
    Exact<Record> record(in.size_for<Record>());
    const std::vector<uint8_t> before = record.copy();
    const rck_status status = checked(call(handle, record.get()));
    if (status < 0)
      NEED(record.copy() == before);
  }

  void identity() {
    Exact<rck_build> build(in.size_for<rck_build>());
    Exact<rck_field> field(in.size_for<rck_field>());
    Exact<rck_config> config(in.byte() % 2 ? sizeof(rck_config) : 0);
    int64_t now_ns = 0;
    const rck_status told = checked(rck_build_info(build.get()));
    NEED(told < 0 || strlen(build.get()->version) < sizeof build.get()->version);
    const uint64_t index = in.number();
    const rck_status laid = checked(rck_layout(static_cast<uint32_t>(index % 4 ? index % 400 : index), field.get()));
    NEED(laid < 0 || field.get()->offset + field.get()->bytes * field.get()->count <= field.get()->record_bytes);
    const uint32_t size = in.byte() % 2 ? sizeof(rck_config) : static_cast<uint32_t>(in.number());
    NEED(checked(rck_config_init(config.get(), size)) <= 0);
    NEED(rck_status_name(static_cast<rck_status>(in.number())) != nullptr);
    NEED(rck_version() != 0 && rck_abi_version() == RCK_ABI_VERSION);
    rck_clock(any_engine(), in.byte() % 8 ? &now_ns : nullptr);
    if (plants("leak") && index % 16 == 7)
      (void)open("/dev/null", O_RDONLY);
  }

  static void sane_groups(uint32_t *groups, Input &in) {
    for (int each = 0; each < RCK_GROUPS_EACH; each++)
      groups[each] = in.byte() % 4 ? 0 : in.byte() % 18;
  }
  static void sane_currency(rck_currency &record, Input &in) {
    record.rate_decimals = in.byte() % 19;
    record.rate = 1 + in.byte();
  }
  static void sane_group(rck_group &record, Input &in) {
    record.kind = 1 + in.byte() % 3;
    record.quantity_decimals = record.kind == RCK_GROUP_OF_INSTRUMENTS ? in.byte() % 10 : 0;
  }
  static void sane_account(rck_account &record, Input &in) {
    record.flags = in.byte() % 2;
    record.permissions = static_cast<uint32_t>(in.number()) & RCK_PERMIT_ALL;
    sane_groups(record.groups, in);
  }
  static void sane_strategy(rck_strategy &record, Input &in) {
    record.permissions = RCK_PERMIT_ALL;
    sane_groups(record.groups, in);
  }
  static void sane_calendar(rck_calendar &record, Input &in) {
    record.entries = 1 + in.byte() % RCK_CALENDAR_ENTRIES_MAX;
    for (uint32_t entry = 0; entry < record.entries; entry++) {
      record.starts[entry] = (entry ? record.starts[entry - 1] : 0) + 1 + entry % 3;
      record.permissions[entry] = entry % 4 ? RCK_PERMIT_ALL : 0;
    }
    record.end_ns = record.starts[record.entries - 1] + 1 + in.byte();
  }
  static void sane_instrument(rck_instrument &record, Input &in) {
    record.currency = in.byte() % 4;
    record.price_decimals = in.byte() % 20;
    record.multiplier = record.lot = record.tick = 1 + in.byte();
    sane_groups(record.groups, in);
  }
};

#endif
