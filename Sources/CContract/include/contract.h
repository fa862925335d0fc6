/* contract.h: the public header as data, for rck_layout and rck_status_name.
 * Written by bindings/generate.py from include/riskcheck.h; do not edit. */
#ifndef CONTRACT_H
#define CONTRACT_H

#include <stdint.h>

typedef struct contract_field {
  const char *record;
  const char *name;
  uint32_t record_bytes;
  uint32_t offset;
  uint32_t bytes;
  uint32_t count;
  uint32_t type;
} contract_field;

/* Every field of every public struct, in the order of the header. */
const contract_field *contract_fields(void);
uint32_t contract_field_count(void);

/* The constant's name, or "unknown". */
const char *contract_status_name(int32_t status);

#endif
