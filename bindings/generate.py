#!/usr/bin/env python3
"""Turns include/riskcheck.h into data: the C table behind rck_layout and rck_status_name, the ctypes table
of the Python binding, and the two lists that Tests/abi compares.

    bindings/generate.py            write the files that are out of date
    bindings/generate.py --check    write nothing; exit 1 and name the files that are out of date
    bindings/generate.py --abi      write the lists in Tests/abi too; an entry in CHANGELOG.md goes with it
"""

import argparse
import re
import sys
from pathlib import Path

import cxx
from header import REALS, SCALARS, Header, parse, read

ROOT = Path(__file__).resolve().parent.parent
HEADER = ROOT / "include" / "riskcheck.h"
WRITTEN = "Written by bindings/generate.py from include/riskcheck.h; do not edit."


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


def python_type(header: Header, c_type: str) -> str:
    """The ctypes expression for a parameter or a result."""
    base, _, stars = c_type.removeprefix("const ").partition(" ")
    base = header.aliases.get(base, base)
    for callback in header.callbacks:
        if c_type == callback.name:
            return callback.python_name
    if base in header.handles:
        handle = handle_name(base)
        return handle if stars == "*" else f"POINTER({handle})"
    if stars == "":
        return REALS.get(base) or SCALARS[base][2]
    if base == "void":
        return "c_void_p"
    if base == "char" and c_type.startswith("const "):
        return "c_char_p"
    names = {record.name: record.python_name for record in header.records}
    return f"POINTER({names.get(base) or SCALARS[base][2]})"


def handle_name(name: str) -> str:
    return name.removeprefix("rck_").capitalize() + "Handle"


def python_table(header: Header) -> str:
    out = [f'"""The contract as ctypes: constants, structs, signatures, layouts.\n\n{WRITTEN}\n"""\n']
    used = {SCALARS[f.c_type][2] for record in header.records for f in record.fields}
    used |= {"POINTER", "Structure", "c_char_p", "c_void_p"}
    used |= {"CFUNCTYPE"} if header.callbacks else set()
    used |= {REALS[p] for function in header.functions for p in function.parameters if p in REALS}
    out += ["from ctypes import (", *(f"    {name}," for name in sorted(used, key=import_order)), ")"]
    out += ["from typing import Any"]
    section = None
    for title, name, literal in header.constants:
        out += ["", f"# {title or 'Version'}"] if title != section else []
        section = title
        number = literal if "e-" in literal else literal.upper().replace("0X", "0x")
        out += [f"{name} = {number}"]
    out += ["", "STATUS_NAMES = {"]
    out += [f'    {name}: "{name}",' for name, _ in header.statuses()] + ["}"]
    for handle in header.handles:
        out += ["", "", f"class {handle_name(handle)}(c_void_p):"]
        out += [f'    """A `{handle} *`: names an entry of a table, never an address."""']
    for record in header.records:
        out += ["", "", f"class {record.python_name}(Structure):", "    _fields_ = ["]
        for f in record.fields:
            ctype = SCALARS[f.c_type][2] + (f" * {f.count}" if f.array else "")
            out += [f'        ("{f.name}", {ctype}),']
        out += ["    ]"]
    out += ["", "", "RECORDS: dict[str, type[Structure]] = {"]
    out += [f'    "{record.name}": {record.python_name},' for record in header.records] + ["}"]
    out += [""] if header.callbacks else []
    for callback in header.callbacks:
        types = [python_type(header, part) for part in [callback.result, *callback.parameters]]
        out += [f"{callback.python_name} = CFUNCTYPE({', '.join(types)})"]
    out += ["", "# name: (result, parameters)", "SIGNATURES: dict[str, tuple[Any, list[Any]]] = {"]
    for function in header.functions:
        result = python_type(header, "const char *" if function.result == "const char *" else function.result)
        parameters = [python_type(header, parameter) for parameter in function.parameters]
        line = f'    "{function.name}": ({result}, [{", ".join(parameters)}]),'
        if len(line) <= 110:
            out += [line]
        else:
            out += [f'    "{function.name}": (', f"        {result},"]
            listed = f"        [{', '.join(parameters)}],"
            long = len(listed) > 110
            out += (
                ["        [", *(f"            {p}," for p in parameters), "        ],"] if long else [listed]
            )
            out.append("    ),")
    out += ["}"]
    out += ["", "# record: (bytes, [(field, offset, bytes of one element, RCK_FIELD_ type, elements)])"]
    out += ["LAYOUT: dict[str, tuple[int, list[tuple[str, int, int, int, int]]]] = {"]
    for record in header.records:
        out += [f'    "{record.name}": (', f"        {record.bytes},", "        ["]
        for f in record.fields:
            size, kind, _ = SCALARS[f.c_type]
            out += [f'            ("{f.name}", {f.offset}, {size}, RCK_FIELD_{kind}, {f.count}),']
        out += ["        ],", "    ),"]
    return "\n".join(out) + "\n}\n"


def import_order(name: str) -> tuple[int, str, int]:
    """Constants, classes, the rest, numbers by their value: the order in which ruff sorts names."""
    rank = 0 if name.isupper() else 1 if name[0].isupper() else 2
    bits = re.search(r"\d+", name)
    return (rank, re.sub(r"\d+", "", name), int(bits[0]) if bits else 0)


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
