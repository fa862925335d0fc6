#!/usr/bin/env python3
"""Turns include/riskcheck.h into data: the C table behind rck_layout and rck_status_name, the tables
of the Python package, and the two lists that Tests/abi compares.

    bindings/generate.py            write the files that are out of date
    bindings/generate.py --check    write nothing; exit 1 and name the files that are out of date
    bindings/generate.py --abi      write the lists in Tests/abi too; an entry in CHANGELOG.md goes with it
"""

import argparse
import sys
from pathlib import Path

import cxx
from header import SCALARS, WRITTEN, Header, parse, read
from python_tables import enums_table, python_table

ROOT = Path(__file__).resolve().parent.parent
HEADER = ROOT / "include" / "riskcheck.h"


def contract_header() -> str:
    return f"""\
/* contract.h: the public header as data, for rck_layout and rck_status_name.
 * {WRITTEN} */
#ifndef CONTRACT_H
#define CONTRACT_H

#include <stdint.h>

typedef struct contract_field {{
  const char *record;
  const char *name;
  uint32_t record_bytes;
  uint32_t offset;
  uint32_t bytes;
  uint32_t count;
  uint32_t type;
}} contract_field;

/* Every field of every public struct, in the order of the header. */
const contract_field *contract_fields(void);
uint32_t contract_field_count(void);

/* The constant's name, or "unknown". */
const char *contract_status_name(int32_t status);

#endif
"""


def continued(*lines: str) -> str:
    """A macro of several lines, its backslashes where clang-format puts them."""
    return "\\\n".join([*(line.ljust(119) for line in lines[:-1]), lines[-1]])


MACROS = [
    "#define BYTES(record, field) sizeof(((record *)0)->field)",
    continued(
        "#define FIELD(record, field, element, type)",
        "  {#record, #field, sizeof(record), offsetof(record, field), sizeof(element), "
        "BYTES(record, field) / sizeof(element),",
        "   type}",
    ),
    continued("#define NAMED(constant)", "  case constant:", "    return #constant"),
]


def contract_source(header: Header) -> str:
    fields = "\n".join(
        f"    FIELD({record.name}, {f.name}, {f.c_type}, RCK_FIELD_{SCALARS[f.c_type][1]}),"
        for record in header.records
        for f in record.fields
    )
    macro = "\n".join(MACROS)
    cases = "\n".join(f"    NAMED({name});" for name, _ in header.statuses())
    return f"""\
/* contract.c: sizes and offsets are the compiler's own, by sizeof and offsetof.
 * {WRITTEN} */
#include "contract.h"

#include <stddef.h>

#include "../../include/riskcheck.h"

{macro}

static const contract_field fields[] = {{
{fields}
}};

const contract_field *contract_fields(void) {{ return fields; }}

uint32_t contract_field_count(void) {{ return sizeof(fields) / sizeof(fields[0]); }}

/* A switch: the compiler refuses a number that is used twice. */
const char *contract_status_name(int32_t status) {{
  switch (status) {{
{cases}
  default:
    return "unknown";
  }}
}}
"""


def layout_list(header: Header) -> str:
    lines = []
    for record in header.records:
        lines += [f"{record.name} {record.bytes} bytes"]
        for f in record.fields:
            array = f"[{f.count}]" if f.array else ""
            lines += [f"{record.name} {f.offset} {f.c_type} {f.name}{array}"]
    return "\n".join(lines) + "\n"


def outputs(header: Header) -> dict[str, str]:
    return {
        "Sources/CContract/include/contract.h": contract_header(),
        "Sources/CContract/contract.c": contract_source(header),
        "bindings/python/riskcheck/_abi.py": python_table(header),
        "bindings/python/riskcheck/enums.py": enums_table(header),
        **cxx.outputs(header),
    }


def lists(header: Header) -> dict[str, str]:
    """The promise, kept apart: a change to the header must not change it in passing."""
    return {
        "Tests/abi/exports.txt": "".join(sorted(f.name + "\n" for f in header.functions)),
        "Tests/abi/layouts.txt": layout_list(header),
    }


def on_disk(name: str) -> str:
    path = ROOT / name
    return path.read_text() if path.exists() else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 on a difference")
    parser.add_argument("--abi", action="store_true", help="write the lists in Tests/abi too")
    options = parser.parse_args()
    header = parse(read(HEADER))
    files = outputs(header) | (lists(header) if options.abi else {})
    stale = [name for name, text in files.items() if on_disk(name) != text]
    for name in stale:
        print(f"{name} {'is out of date: run bindings/generate.py' if options.check else 'written'}")
        if not options.check:
            (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / name).write_text(files[name])
    return 1 if stale and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
