// What the report says of the machine it ran on. "unknown" where the machine does not tell.
#pragma once

#include <cpuid.h>
#include <cstring>
#include <fstream>
#include <string>
#include <sys/utsname.h>

namespace bench {

struct Machine {
  std::string model = "unknown", kernel = "unknown", governor = "unknown", virtualisation = "unknown";
};

inline std::string first_line(const std::string &path) {
  std::ifstream file(path);
  std::string line;
  return std::getline(file, line) ? line : "";
}

inline Machine this_machine() {
  Machine machine;
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    if (line.rfind("model name", 0) == 0) {
      size_t colon = line.find(": ");
      if (colon != std::string::npos)
        machine.model = line.substr(colon + 2);
      break;
    }
  }
  utsname name{};
  if (uname(&name) == 0)
    machine.kernel = std::string(name.sysname) + " " + name.release;
  std::string governor = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  if (!governor.empty())
    machine.governor = governor;

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
