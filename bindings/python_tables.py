"""What the Python package is generated from the header: the ctypes table, and the enumerations."""

import re

from families import FAMILIES, Family
from header import REALS, SCALARS, WRITTEN, Header

# Flags that begin unlike each other, and choices of the configuration: Python alone has types for them.
PYTHON_FAMILIES = (
    Family("Discipline", "RCK_", members="MANY_WRITERS|ONE_WRITER"),
    Family("Clock", "RCK_CLOCK_"),
    Family(
        "ConfigFlag",
        "RCK_",
        flags=True,
        members=r"PREFAULT|HUGE_PAGES|MLOCK|SHARED|CONSUMER_OUTSIDE|TELL_\w+|KEEP_\w+|TIME_(?:SAMPLED|ALWAYS)",
    ),
    Family("AccountFlag", "RCK_", flags=True, members=r"ENABLED|POWER_\w+|HALT_ON_\w+"),
    Family("InstrumentFlag", "RCK_", flags=True, members="ENABLED|PRICE_NEGATIVE|SHORT_LOCATE"),
    Family("LimitFlag", "RCK_", flags=True, members="AGGRESSIVE_ONLY|LEASE_ALWAYS|LEASE_NEVER"),
    Family("JournalFlag", "RCK_JOURNAL_", flags=True, members="FINISHED|COMMANDS|MARKET|ONE_WRITER|SNAPSHOT"),
)

ENUMS = f'''"""The constants of the header that belong together, as enumerations; each is the integer that it names.

{WRITTEN}
"""

from enum import IntEnum, IntFlag
from typing import Self


class Named(IntEnum):
    """A number that has no name here, such as a host's own kind of event, is itself, named by its digits."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_, member._value_ = str(int(value)), int(value)
        return member
'''


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


def enums_table(header: Header) -> str:
    out = [ENUMS.rstrip("\n")]
    statuses = [(name.removeprefix("RCK_"), str(number)) for name, number in header.statuses()]
    out += enumeration("Status", False, statuses)
    for family in (*FAMILIES, *PYTHON_FAMILIES):
        members = [(short, literal) for short, _, literal in family.constants(header)]
        out += enumeration(family.name, family.flags, members)
    return "\n".join(out) + "\n"


def enumeration(name: str, flags: bool, members: list[tuple[str, str]]) -> list[str]:
    out = ["", "", f"class {name}({'IntFlag' if flags else 'Named'}):"]
    return out + [f"    {short} = {literal.upper().replace('0X', '0x')}" for short, literal in members]
