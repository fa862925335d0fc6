/* Preloaded by the self-test: makes any library call itself a debug build, which the harness must refuse. */
#include "riskcheck.h"

#include <string.h>

rck_status rck_build_info(rck_build *build) {
  memset(build, 0, sizeof *build);
  build->struct_size = sizeof *build;
  strcpy(build->version, "0.0.0");
  strcpy(build->mode, "full-debug");
  return RCK_OK;
}
