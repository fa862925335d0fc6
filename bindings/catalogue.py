#!/usr/bin/env python3
"""Asks the built library for its catalogue of controls, and writes what is made of it: CONTROLS.md, the table
of the Python package, the table for C++.

    bindings/catalogue.py            write the files that are out of date
    bindings/catalogue.py --check    write nothing; exit 1 and name the files that are out of date

The library is build/lib/libriskcheck.so, or RISKCHECK_LIBRARY. Whatever is said of a control comes from
rck_control_describe; names and what they mean, from the header.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable
from ctypes import byref, sizeof
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("RISKCHECK_LIBRARY", str(ROOT / "build/lib/libriskcheck.so"))
sys.path.insert(0, str(ROOT / "bindings/python"))

import riskcheck.abi as rck
from header import read

HEADER = ROOT / "include" / "riskcheck.h"
WRITTEN = "Written by bindings/catalogue.py from the library's own catalogue; do not edit."
CONTROLS_MAX = 255
COMMENTED = re.compile(r"^#define (RCK_\w+) .*?/\* (.+?) \*/$", re.MULTILINE)


@dataclass
class Control:
    """A description, with bits and numbers as names of the header."""

    number: int
    name: str
    constant: str
    unit: str
    scopes: list[str]
    measures: list[str]
    sided: bool
    typed: bool
    reducing: bool
    actions: list[str]  # by severity
    codes: list[str]

    def of(self, first: int, last: int) -> list[str]:
        """Its codes that end in these two digits."""
        return [name for name in self.codes if first <= number_of(name) % 100 <= last]


def number_of(name: str) -> int:
    number: int = getattr(rck, name)
    return number


def names(prefix: str) -> dict[int, str]:
    return {number_of(name): name for name in dir(rck) if name.startswith(prefix)}


def named(bits: int, prefix: str) -> list[str]:
    known = names(prefix)
    return [known[number] for number in range(bits.bit_length()) if bits >> number & 1]


def described(number: int) -> Control | None:
    info: Any = rck.ControlInfo(struct_size=sizeof(rck.ControlInfo))
    status = rck.lib.rck_control_describe(number, byref(info))
    if status == rck.RCK_E_UNKNOWN:
        return None
    rck.check(status)
    severities, actions, rejects = names("RCK_SEVERITY_"), names("RCK_ACTION_"), rck.STATUS_NAMES
    bits = info.codes[0] | info.codes[1] << 64
    return Control(
        number,
        info.name.decode(),
        names("RCK_CONTROL_")[number],
        names("RCK_UNIT_")[info.unit],
        named(info.scopes, "RCK_SCOPE_"),
        named(info.measures, "RCK_MEASURE_"),
        bool(info.sided),
        bool(info.typed),
        bool(info.reducing),
        [actions[info.actions[severity]] for severity in sorted(severities)],
        [rejects[number * 100 + code] for code in range(1, 100) if bits >> code & 1],
    )


def catalogue() -> list[Control]:
    every = (described(number) for number in range(1, CONTROLS_MAX + 1))
    return [control for control in every if control is not None]


# ---- CONTROLS.md ----

RULES = f"""# Controls

{WRITTEN}

The controls of this version, by number. The header, `include/riskcheck.h`, is the manual; here is what
`rck_control_describe` tells of each.

- A control is off until a limit arms it. Limits of all scopes apply, so the tightest binds. Those without limits
  are always on.
- A value equal to a level passes, unless the measure says otherwise. Above `warn` and `soft` an order passes
  with that severity; above `hard` it is refused.
- An input that is missing, or too old, refuses: there is no default. Only an armed control asks for its inputs.
- An order that strictly reduces a position, and cannot flip it, passes the controls marked so even where they are
  exceeded already. It still reserves.
- The action at a severity is the one in the table unless the limit has its own.
- Codes are numbered by their control: 100 times its number and 1 to 49 for a rule or limit that is broken, 50 to 79
  for an input that is missing or too old, 80 to 99 for arithmetic.
"""


def short(name: str, prefix: str) -> str:
    return name.removeprefix(prefix).lower().replace("_", " ")


def listed(items: list[str]) -> str:
    return ", ".join(f"`{item}`" for item in items)


def overview(controls: list[Control]) -> list[str]:
    lines = ["| | control | unit of levels | limits at | reducing orders |", "|---|---|---|---|---|"]
    for c in controls:
        at = ", ".join(short(scope, "RCK_SCOPE_") for scope in c.scopes) if c.measures else "no limits"
        reducing = "pass regardless" if c.reducing else ""
        lines.append(f"| {c.number} | [{c.name}](#{anchor(c)}) | {UNITS[c.unit]} | {at} | {reducing} |")
    return lines


def anchor(control: Control) -> str:
    return f"{control.number}-{control.name.replace(' ', '-')}"


UNITS = {
    "RCK_UNIT_NONE": "",
    "RCK_UNIT_QUANTITY": "the instrument's quantity",
    "RCK_UNIT_MONEY": "money units",
    "RCK_UNIT_BPS": "basis points",
    "RCK_UNIT_COUNT": "a count",
}


def section(control: Control, comments: dict[str, str]) -> list[str]:
    meaning = comments[control.constant]
    lines = ["", f"## {control.number} {control.name}", "", f"`{control.constant}`: {meaning}.", ""]
    if control.measures:
        lines.append(levels(control))
        lines.append(f"- Limits at {listed(control.scopes)}.")
        lines += measures(control, comments)
        narrowed = [word for word, may in (("side", control.sided), ("order type", control.typed)) if may]
        if narrowed:
            lines.append(f"- A limit may name {' and '.join(narrowed)}.")
    elif control.scopes:
        lines.append(f"- Takes no limits; set at {listed(control.scopes)}.")
    else:
        lines.append("- Takes no limits: every order is asked.")
    reducing = "passes regardless" if control.reducing else "is asked like any other"
    lines.append(f"- An order that strictly reduces {reducing}.")
    for what, first, last in (
        ("Refuses", 1, 49),
        ("Needs its inputs, or refuses", 50, 79),
        ("Arithmetic", 80, 99),
    ):
        found = control.of(first, last)
        if found:
            lines.append(f"- {what}: {', '.join(coded(name, comments) for name in found)}.")
    return [*lines, "", *action_table(control)]


def levels(control: Control) -> str:
    if "RCK_MEASURE_GREATER" in control.measures:
        return "- Levels in 10^-`reference` of what the host feeds; the measure says what refuses."
    if control.constant == "RCK_CONTROL_CUSTOM":
        return "- Levels are 0; which are armed says what an answer other than 0 does."
    several = ", or as the measure says" if len(control.measures) > 1 else ""
    return f"- Levels in {UNITS[control.unit]}{several}; a value equal to a level passes."


def measures(control: Control, comments: dict[str, str]) -> list[str]:
    if control.measures == ["RCK_MEASURE_NONE"]:
        return []
    # The header's words begin with the control that a measure is of.
    said = [(name, comments[name].partition(": ")[2]) for name in control.measures]
    told = "; ".join(f"`{name}`, {words}" for name, words in said)
    return [f"- Measures: {told}."]


def coded(name: str, comments: dict[str, str]) -> str:
    words = f": {comments[name]}" if name in comments else ""
    return f"`{name}` ({number_of(name)}{words})"


def action_table(control: Control) -> list[str]:
    severities = [short(name, "RCK_SEVERITY_") for _, name in sorted(names("RCK_SEVERITY_").items())]
    return [
        "| severity | " + " | ".join(severities) + " |",
        "|---" * (len(severities) + 1) + "|",
        "| action | " + " | ".join(short(action, "RCK_ACTION_") for action in control.actions) + " |",
    ]


def document(controls: list[Control]) -> str:
    comments = dict(COMMENTED.findall(read(HEADER)))
    lines = [RULES, *overview(controls)]
    for control in controls:
        lines += section(control, comments)
    return "\n".join(lines) + "\n"


# ---- Tables ----


def python_table(controls: list[Control]) -> str:
    used = {c.constant for c in controls} | {c.unit for c in controls}
    for c in controls:
        used |= {*c.scopes, *c.measures, *c.actions, *c.codes}
    out = [
        f'"""The catalogue of controls, by number.\n\n{WRITTEN}\n"""\n',
        "from typing import NamedTuple",
        "",
    ]
    out += ["from ._abi import (", *(f"    {name}," for name in sorted(used)), ")"]
    out += ["", "", "class Entry(NamedTuple):"]
    out += ['    """What rck_control_describe tells, its masks as tuples of constants."""', ""]
    fields = ("name: str", "unit: int", "scopes: tuple[int, ...]", "measures: tuple[int, ...]")
    flags = ("sided: bool", "typed: bool", "reducing: bool")
    out += [f"    {line}" for line in (*fields, *flags)]
    out += ["    actions: tuple[int, ...]  # by severity", "    codes: tuple[int, ...]", "", ""]
    out += ["CONTROLS: dict[int, Entry] = {"]
    for c in controls:
        out += [f"    {c.constant}: Entry(", f'        "{c.name}",', f"        {c.unit},"]
        out += python_tuple(c.scopes) + python_tuple(c.measures)
        out += [f"        {flag}," for flag in (c.sided, c.typed, c.reducing)]
        out += python_tuple(c.actions) + python_tuple(c.codes) + ["    ),"]
    return "\n".join(out) + "\n}\n"


def python_tuple(items: list[str]) -> list[str]:
    """As ruff would break it."""
    line = f"        ({', '.join(items)}{',' if len(items) == 1 else ''}),"
    if len(line) <= 110:
        return [line]
    return ["        (", *(f"            {item}," for item in items), "        ),"]


def cxx_table(controls: list[Control]) -> str:
    rows = [cxx_row(control) for control in controls]
    return f"""\
// catalogue.hpp: the catalogue of controls as constants of C++17, for what is decided when a host is compiled.
// {WRITTEN}
#ifndef RISKCHECK_CATALOGUE_HPP
#define RISKCHECK_CATALOGUE_HPP

#include <riskcheck.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace riskcheck::catalogue {{

// What rck_control_describe tells; masks as there.
struct Control {{
  std::uint32_t number;
  std::string_view name;
  std::uint32_t unit;
  std::uint32_t scopes;
  std::uint64_t measures;
  bool sided;
  bool typed;
  bool reducing;
  std::array<std::uint8_t, {len(controls[0].actions)}> actions;
  std::array<std::uint64_t, 2> codes;
}};

// clang-format off
inline constexpr std::array<Control, {len(controls)}> controls{{{{
{chr(10).join(rows)}
}}}};
// clang-format on

// The control of this number; its number is 0 if there is none in this version.
constexpr Control control(std::uint32_t number) {{
  for (const Control &one : controls) {{
    if (one.number == number) {{
      return one;
    }}
  }}
  return {{}};
}}

// Whether limits of this control may be set at this scope.
constexpr bool takes(const Control &control, std::uint32_t scope_kind) {{
  return control.measures != 0 && scope_kind < 32 && (control.scopes >> scope_kind & 1) != 0;
}}

// Whether this control refuses with this code.
constexpr bool refuses(const Control &control, rck_status code) {{
  const auto number = static_cast<std::uint32_t>(code);
  const auto bit = number % 100;
  return number / 100 == control.number && (control.codes[bit / 64] >> bit % 64 & 1) != 0;
}}

}} // namespace riskcheck::catalogue

#endif
"""


def cxx_row(c: Control) -> str:
    codes = sum(1 << number_of(name) % 100 for name in c.codes)
    words = ", ".join(f"{codes >> shift & (1 << 64) - 1:#x}" for shift in (0, 64))
    masks = [f"{sum(1 << number_of(name) for name in items):#x}" for items in (c.scopes, c.measures)]
    flags = [str(flag).lower() for flag in (c.sided, c.typed, c.reducing)]
    first = ", ".join([c.constant, f'"{c.name}"', c.unit, *masks, *flags])
    return f"    {{{first},\n     {{{', '.join(c.actions)}}},\n     {{{words}}}}},"


# ---- The files ----

OUTPUTS: dict[str, Callable[[list[Control]], str]] = {
    "CONTROLS.md": document,
    "bindings/python/riskcheck/catalogue.py": python_table,
    "bindings/cpp/include/riskcheck/catalogue.hpp": cxx_table,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 on a difference")
    options = parser.parse_args()
    controls = catalogue()
    stale = 0
    for name, write in OUTPUTS.items():
        path, text = ROOT / name, write(controls)
        if path.exists() and path.read_text() == text:
            continue
        stale += 1
        print(f"{name} {'is out of date: run bindings/catalogue.py' if options.check else 'written'}")
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return 1 if stale and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
