/* A small host of an installed library: prints its version, if it is the one the header tells. */
#include <riskcheck.h>
#include <stdio.h>

int main(void) {
  uint32_t version = rck_version();
  if (version != (RCK_VERSION_MAJOR << 16 | RCK_VERSION_MINOR << 8 | RCK_VERSION_PATCH))
    return 1;
  printf("riskcheck %u.%u.%u\n", version >> 16, version >> 8 & 255, version & 255);
  return 0;
}
