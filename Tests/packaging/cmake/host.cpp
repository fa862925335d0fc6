// A small C++ host of an installed library: prints its version, if it is the one the header tells.
#include <riskcheck.h>
#include <cstdio>

int main() {
  const auto version = rck_version();
  if (version != (RCK_VERSION_MAJOR << 16 | RCK_VERSION_MINOR << 8 | RCK_VERSION_PATCH))
    return 1;
  std::printf("riskcheck %u.%u.%u\n", version >> 16, version >> 8 & 255, version & 255);
}
