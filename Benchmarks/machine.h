// What the report says of the machine it ran on. "unknown" where the machine does not tell.
#pragma once

#include <cpuid.h>
#include <cstring>
#include <fstream>
#include <string>
#include <sys/utsname.h>

namespace bench {

struct Machine {
  std::string model = "unknown", kernel = "unknown", governor = "unknown", frequency = "unknown",
              virtualisation = "unknown", memory = "unknown", huge_pages = "unknown";
};

inline std::string first_line(const std::string &path) {
  std::ifstream file(path);
  std::string line;
  return std::getline(file, line) ? line : "";
}

// What follows `name` and a colon in a file of such lines.
inline std::string line_of(const std::string &path, const std::string &name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    size_t from = line.rfind(name, 0) == 0 ? line.find_first_not_of(" \t", line.find(':') + 1) : std::string::npos;
    if (from != std::string::npos)
      return line.substr(from);
  }
  return "unknown";
}

inline Machine this_machine() {
  Machine machine;
  machine.model = line_of("/proc/cpuinfo", "model name");
  machine.memory = line_of("/proc/meminfo", "MemTotal");
  utsname name{};
  if (uname(&name) == 0)
    machine.kernel = std::string(name.sysname) + " " + name.release;
  std::string governor = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  if (!governor.empty())
    machine.governor = governor;

  const std::string policy = "/sys/devices/system/cpu/cpu0/cpufreq/";
  if (std::string driver = first_line(policy + "scaling_driver"); !driver.empty())
    machine.frequency = driver + ", " + first_line(policy + "scaling_min_freq") + " to " +
                        first_line(policy + "scaling_max_freq") + " kHz";
  if (std::string huge = first_line("/sys/kernel/mm/transparent_hugepage/enabled"); !huge.empty())
    machine.huge_pages = huge;

  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) != 0) {
    if ((c & (1u << 31)) == 0) {
      machine.virtualisation = "none";
    } else { // the hypervisor's leaf, which __get_cpuid would refuse as out of range
      __cpuid(0x40000000, a, b, c, d);
      char vendor[13] = {};
      std::memcpy(vendor, &b, 4);
      std::memcpy(vendor + 4, &c, 4);
      std::memcpy(vendor + 8, &d, 4);
      machine.virtualisation = vendor[0] == 0 ? "yes" : vendor;
    }
  }
  return machine;
}

} // namespace bench
