// Engines, ports and region files that come and go under hostile arguments, and what must hold of them
// between any two calls.
#ifndef RCK_FUZZ_LIFE_HPP
#define RCK_FUZZ_LIFE_HPP

#include "input.hpp"

constexpr uint64_t region_bytes_max = 4 << 20;
constexpr size_t files = 2;

inline std::string folder; // of the region files
inline std::string path_of(size_t file) { return folder + "/region" + std::to_string(file); }

struct Engine {
  rck_engine *handle;
  int file;         // -1: memory
  bool owner;       // opened or created here, so its ports are all ours
  bool mutated;     // its file was: anything typed may come out of it
  uint32_t ports;   // ours, open
  uint32_t writers; // of them, those that write: what health counts
  uint64_t bytes;
  uint64_t definitions;
  void *memory;   // the caller's, freed after close
  bool redefined; // since its desk was made, so that margins may come out otherwise
};

struct Port {
  rck_port *handle;
  size_t engine;
  bool writer;
};
class Life {
protected:
  explicit Life(Input &input) : in(input) {}

  Input &in;
  std::vector<Engine> engines;
  std::vector<Port> ports;
  std::vector<rck_engine *> closed_engines;
  std::vector<rck_port *> closed_ports;
  bool mutated_file[files] = {};

  // Mostly a live handle; else a stale one, one of the wrong kind, NULL or noise. `at` is engines.size()
  // unless it is live.
  rck_engine *any_engine(size_t &at) {
    const uint8_t choice = in.byte();
    at = engines.size();
    if (choice < 208 && !engines.empty())
      return engines[at = choice % engines.size()].handle;
    if (choice < 224 && !closed_engines.empty())
      return closed_engines[choice % closed_engines.size()];
    if (choice < 236 && !ports.empty())
      return reinterpret_cast<rck_engine *>(ports[choice % ports.size()].handle);
    return choice < 246 ? nullptr : fresh_noise<rck_engine>();
  }
  rck_engine *any_engine() {
    size_t at;
    return any_engine(at);
  }

  rck_port *any_port(size_t &at) {
    const uint8_t choice = in.byte();
    at = ports.size();
    if (choice < 208 && !ports.empty())
      return ports[at = choice % ports.size()].handle;
    if (choice < 224 && !closed_ports.empty())
      return closed_ports[choice % closed_ports.size()];
    if (choice < 236 && !engines.empty())
      return reinterpret_cast<rck_port *>(engines[choice % engines.size()].handle);
    return choice < 246 ? nullptr : fresh_noise<rck_port>();
  }

  // Invented bits that are none of the live handles.
  template <class Handle> Handle *fresh_noise() {
    const uintptr_t bits = static_cast<uintptr_t>(in.number());
    for (const Engine &engine : engines)
      if (reinterpret_cast<uintptr_t>(engine.handle) == bits)
        return nullptr;
    for (const Port &port : ports)
      if (reinterpret_cast<uintptr_t>(port.handle) == bits)
        return nullptr;
    return reinterpret_cast<Handle *>(bits);
  }

  // Runs a cold call with a fault record or without; a fault is filled when, and only when, it was refused.
  template <class Call> rck_status with_fault(Call call) {
    Exact<rck_fault> fault(in.byte() % 4 ? sizeof(rck_fault) : 0);
    const std::vector<uint8_t> before = fault.copy();
    const rck_status status = checked(call(fault.get()));
    if (status < 0 && fault.get())
      NEED(fault.get()->status == status);
    else
      NEED(fault.copy() == before);
    return status;
  }

  static void small(rck_config *config) {
    small_config(config);
    config->ring_lines = 64;
  }

  // Small capacities, most of the time valid; then up to three fields hostile.
  Exact<rck_config> any_config() {
    Exact<rck_config> config(in.size_for<rck_config>());
    if (config.bytes() < sizeof(rck_config))
      return config;
    small(config.get());
    const uint8_t choice = in.byte();
    config.get()->flags = choice & 1 ? RCK_SHARED : 0;
    config.get()->discipline = choice & 2 ? RCK_ONE_WRITER : RCK_MANY_WRITERS;
    config.get()->clock_source = choice & 4 ? RCK_CLOCK_HOST : RCK_CLOCK_REALTIME;
    if (choice & 8)
      config.get()->flags |= RCK_PREFAULT;
    for (int hostile = choice >> 6; hostile; hostile--) {
      const size_t words = sizeof(rck_config) / 4;
      const size_t at = in.byte() % words * 4;
      const uint64_t value = in.number();
      memcpy(reinterpret_cast<uint8_t *>(config.get()) + at, &value, at + 8 <= sizeof(rck_config) ? 8 : 4);
    }
    return config;
  }

  void create(bool in_file) {
    Exact<rck_config> config = any_config();
    uint64_t bytes = 0;
    const bool file_only = in_file && (in.byte() % 4 == 0 || !config.get()); // NULL: as the file says
    const rck_config *given = file_only ? nullptr : config.get();
    rck_status sized = RCK_OK;
    if (!file_only) {
      sized = with_fault([&](rck_fault *fault) { return rck_region_bytes(given, &bytes, fault); });
      NEED(sized == RCK_OK || bytes == 0);
      if (sized == RCK_OK && bytes > region_bytes_max)
        return;
    }
    rck_engine *const untouched = reinterpret_cast<rck_engine *>(0x5a5a5a5a);
    rck_engine *engine = untouched;
    const bool stored = in.byte() % 16 != 0;
    rck_engine **out = stored ? &engine : nullptr;
    rck_status status;
    int file = -1;
    void *memory = nullptr;
    if (in_file) {
      file = in.byte() % files;
      const std::string path = path_of(static_cast<size_t>(file));
      const uint8_t kind = in.byte();
      const char *named = kind < 230 ? path.c_str() : kind < 236 ? nullptr : kind < 242 ? folder.c_str() : "";
      status = with_fault([&](rck_fault *fault) { return rck_engine_open(given, named, out, fault); });
    } else {
      const uint8_t kind = in.byte();
      uint64_t length = 0;
      if (kind & 1 && sized == RCK_OK) {
        NEED(posix_memalign(&memory, 64, bytes + 64) == 0);
        length = kind & 2 ? bytes : in.number() % (bytes + 64);
      } else if (kind == 6) {
        length = in.number();
      }
      uint8_t *at = static_cast<uint8_t *>(memory);
      if (memory && kind & 4)
        at += in.byte() % 64;
      status = with_fault([&](rck_fault *fault) { return rck_engine_create(given, at, length, out, fault); });
      if (status == RCK_OK && memory)
        NEED(length >= bytes && reinterpret_cast<uintptr_t>(at) % RCK_REGION_ALIGN == 0);
    }
    NEED(status <= 0);
    NEED(sized == RCK_OK || status < 0); // what cannot be sized cannot be made
    if (status != RCK_OK) {
      NEED(engine == untouched);
      free(memory);
      return;
    }
    NEED(stored);
    admit(engine, file, true, bytes, memory);
  }

  void admit(rck_engine *handle, int file, bool owner, uint64_t bytes, void *memory) {
    for (const Engine &engine : engines)
      NEED(engine.handle != handle);
    const bool mutated = file >= 0 && mutated_file[file];
    Engine engine = {handle, file, owner, mutated, 0, 0, bytes, 0, memory, false};
    auto health = sized<rck_health_info>();
    const rck_status status = checked(rck_health(handle, &health));
    NEED(status == RCK_OK);
    NEED(bytes == 0 || health.region_bytes == bytes);
    NEED(!owner || health.ports_open == 0);
    engine.definitions = health.definitions;
    engine.bytes = health.region_bytes;
    engines.push_back(engine);
  }

  void attach() {
    const size_t file = in.byte() % files;
    const std::string path = path_of(file);
    const uint8_t choice = in.byte();
    const uint32_t mode = choice < 120   ? RCK_ATTACH_READER
                          : choice < 240 ? RCK_ATTACH_CONSUMER
                                         : static_cast<uint32_t>(in.number());
    rck_engine *const untouched = reinterpret_cast<rck_engine *>(0x5a5a5a5a);
    rck_engine *engine = untouched;
    const rck_status status =
        with_fault([&](rck_fault *fault) { return rck_engine_attach(path.c_str(), mode, &engine, fault); });
    NEED(status <= 0);
    if (status == RCK_OK)
      admit(engine, static_cast<int>(file), false, 0, nullptr);
    else
      NEED(engine == untouched);
  }

  void close_engine() {
    size_t at;
    rck_engine *handle = any_engine(at);
    const rck_status status = checked(rck_engine_close(handle));
    NEED(status <= 0);
    if (at == engines.size()) {
      NEED(status == RCK_E_HANDLE);
      return;
    }
    NEED((status == RCK_OK) == (engines[at].ports == 0));
    NEED(status == RCK_OK || status == RCK_E_BUSY);
    if (status == RCK_OK)
      forget(at);
  }

  void forget(size_t at) {
    closed_engines.push_back(engines[at].handle);
    free(engines[at].memory);
    engines.erase(engines.begin() + static_cast<long>(at));
    for (Port &port : ports)
      port.engine -= port.engine > at;
  }

  void open_port() {
    size_t at;
    rck_engine *handle = any_engine(at);
    const uint8_t choice = in.byte();
    const uint32_t index = choice < 240 ? choice % 6 : static_cast<uint32_t>(in.number());
    const uint32_t mode = choice < 200 ? (index ? RCK_PORT_WRITER : RCK_PORT_READER) : in.byte() % 4;
    rck_port *const untouched = reinterpret_cast<rck_port *>(0x5a5a5a5a);
    rck_port *port = untouched;
    const rck_status status =
        with_fault([&](rck_fault *fault) { return rck_port_open(handle, index, mode, &port, fault); });
    NEED(status <= 0);
    if (status != RCK_OK) {
      NEED(port == untouched);
      return;
    }
    NEED(at < engines.size() && mode == (index ? RCK_PORT_WRITER : RCK_PORT_READER));
    engines[at].ports++;
    engines[at].writers += index != 0;
    ports.push_back({port, at, index != 0});
  }

  void close_port() {
    size_t at;
    rck_port *handle = any_port(at);
    const rck_status status = checked(rck_port_close(handle));
    NEED(status == (at < ports.size() ? RCK_OK : RCK_E_HANDLE));
    if (status != RCK_OK)
      return;
    engines[ports[at].engine].ports--;
    engines[ports[at].engine].writers -= ports[at].writer;
    closed_ports.push_back(handle);
    ports.erase(ports.begin() + static_cast<long>(at));
  }

  bool in_use(size_t file) const {
    for (const Engine &engine : engines)
      if (engine.file == static_cast<int>(file))
        return true;
    return false;
  }

  // What a crash leaves behind: the bytes of an open region, under a name that nobody has locked.
  void abandon() {
    const size_t from = in.byte() % files, to = 1 - from;
    if (in_use(to) || access(path_of(from).c_str(), F_OK) != 0)
      return;
    mutated_file[to] = mutated_file[from];
    copy_file(path_of(from), path_of(to));
  }

  // Others write to a file only while nobody has it open: that much the header asks for.
  void mutate() {
    const size_t file = in.byte() % files;
    const uint8_t choice = in.byte();
    if (in_use(file))
      return;
    if (choice < 8) {
      unlink(path_of(file).c_str());
      mutated_file[file] = false;
      return;
    }
    const int opened = open(path_of(file).c_str(), O_RDWR | (choice < 16 ? O_CREAT : 0), 0600);
    if (opened < 0)
      return;
    mutated_file[file] = true;
    const uint64_t length = static_cast<uint64_t>(lseek(opened, 0, SEEK_END));
    if (choice < 40) {
      NEED(ftruncate(opened, static_cast<off_t>(in.number() % (length + 8192))) == 0);
    } else if (length) {
      const uint64_t span = choice < 140 && length > 512 ? 512 : length;
      const uint64_t at = in.number() % span;
      uint8_t patch[8] = {};
      const size_t width = choice & 1 ? 1 : 8;
      NEED(pread(opened, patch, width, static_cast<off_t>(at)) >= 0);
      const uint64_t value = choice & 2 ? in.number() : in.byte();
      for (size_t byte = 0; byte < width; byte++)
        patch[byte] = static_cast<uint8_t>(choice & 4 ? patch[byte] ^ (value >> byte * 8) : value >> byte * 8);
      NEED(pwrite(opened, patch, at + width <= length ? width : 1, static_cast<off_t>(at)) > 0);
    }
    close(opened);
  }

  void watch() {
    for (Engine &engine : engines) {
      auto health = sized<rck_health_info>();
      NEED(checked(rck_health(engine.handle, &health)) == RCK_OK);
      NEED(health.state >= RCK_HEALTH_RUNNING && health.state <= RCK_HEALTH_CLOSED);
      if (engine.mutated)
        continue;
      NEED(health.failed_site == 0 && health.region_bytes == engine.bytes);
      NEED(health.state == RCK_HEALTH_RUNNING || !engine.owner);
      NEED(health.ports_open <= health.ports_max && health.definitions >= engine.definitions);
      NEED(!engine.owner || health.ports_open == engine.writers);
      engine.definitions = health.definitions;
    }
    if (!closed_engines.empty()) {
      auto health = sized<rck_health_info>();
      NEED(rck_health(closed_engines.back(), &health) == RCK_E_HANDLE);
    }
  }
};

#endif
