#!/usr/bin/env python3
"""Counts the instructions of a check under callgrind, and the locked ones among them.

instructions.py --record   writes Benchmarks/instructions.json
instructions.py --check    fails when a count has grown by more than 2 %, or this script misreads what is known
instructions.py --locked   lists every locked instruction on the path of an accepted check
instructions.py --controls what each further control costs an accepted check: armed less unarmed

The counts are exact and repeat: a check's count is that of a long run less that of a short one, by the number
of checks between them, so that setting up and first touches cancel out.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from run import OUTPUT, ROOT, compile_program

RECORD = ROOT / "Benchmarks" / "instructions.json"
GROWTH_MAX = 0.02
SHORT, LONG = 192, 1216  # whole batches of 64
KINDS = ("accepted", "refused", "full", "batch", "legs", "catalogue", "told", "kept")
CONTROLS = Path(__file__).with_name("control_profile.h")
DISCIPLINES = ("many", "one")

# Of an object file's disassembly: address, then the instruction.
DISASSEMBLED = re.compile(r"^\s*([0-9a-f]+):\t(.*)$")
SYMBOL = re.compile(r"^([0-9a-f]+) <(.+)>:$")
# In a callgrind file: an absolute or relative address, or the same one again, then a cost.
COST = re.compile(r"^(0x[0-9a-f]+|\+\d+|-\d+|\*) (\d+)$")
OBJECT = re.compile(r"^ob=\((\d+)\)(?: (.*))?$")

Counts = dict[str, float]


def profile(program: Path, kind: str, discipline: str, checks: int) -> Path:
    """Runs the program under callgrind, collecting inside the call alone."""
    call = "rck_check_batch" if kind in ("batch", "legs") else "rck_check"
    out = OUTPUT / f"callgrind.{kind}.{discipline}.{checks}"
    command = ["valgrind", "--tool=callgrind", f"--toggle-collect={call}", "--dump-instr=yes"]
    command += ["--dump-line=no", "--compress-pos=no", f"--callgrind-out-file={out}"]
    done = subprocess.run(
        [*command, str(program), kind, discipline, str(checks)], check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        sys.exit(f"instructions.py: {kind} {discipline} ended with {done.returncode}\n{done.stderr[-2000:]}")
    return out


def total(lines: Iterable[str]) -> int:
    for line in lines:
        if line.startswith(("summary:", "totals:")):
            return int(line.split()[1])
    return 0


def executed(lines: Iterable[str], library: str) -> Counter[int]:
    """How often each address of the library was executed. The cost of a call stands for its callees: skipped."""
    counts: Counter[int] = Counter()
    names: dict[str, str] = {}
    inside, after_call, address = False, False, 0
    for line in lines:
        line = line.rstrip("\n")
        if found := OBJECT.match(line):
            if found[2]:
                names[found[1]] = found[2]
            inside = library in names.get(found[1], "")
        elif line.startswith("calls="):
            after_call = True
        elif found := COST.match(line):
            if found[1] != "*":
                address = address + int(found[1]) if found[1][0] in "+-" else int(found[1], 16)
            if inside and not after_call:
                counts[address] += int(found[2])
            after_call = False
    return counts


def is_locked(instruction: str) -> bool:
    """An exchange with memory locks without saying so."""
    return instruction.startswith("lock ") or (instruction.startswith("xchg ") and "(" in instruction)


def disassemble(library: Path) -> dict[int, tuple[str, str]]:
    """Of each address: the symbol that it is in, as far as the file tells, and the instruction."""
    command = ["objdump", "-d", "--no-show-raw-insn", str(library)]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    code: dict[int, tuple[str, str]] = {}
    symbol, start = "", 0
    for line in text.splitlines():
        if found := SYMBOL.match(line):
            symbol, start = found[2], int(found[1], 16)
        elif found := DISASSEMBLED.match(line):
            address = int(found[1], 16)
            code[address] = (f"{symbol}+{address - start:#x}", found[2].strip())
    return code


def named(library: Path) -> Path:
    """The file before its names were stripped, where it lies beside the sources; else the library itself."""
    whole = ROOT / ".build-embedded" / "release" / "libriskcheck.so"
    return whole if whole.exists() else library


def controls() -> list[str]:
    """The names of control_profile.h."""
    found = re.search(r"control_names\[\] = \{(.*?)\}", CONTROLS.read_text(), re.DOTALL)
    return re.findall(r'"(\w+)"', found[1]) if found else []


def count_all(program: Path, kinds: Iterable[str] = KINDS) -> Counts:
    counts: Counts = {}
    for kind in kinds:
        for discipline in DISCIPLINES:
            totals = []
            for checks in (SHORT, LONG):
                with profile(program, kind, discipline, checks).open() as lines:
                    totals.append(total(lines))
            counts[f"{kind}.{discipline}"] = round((totals[1] - totals[0]) / (LONG - SHORT), 1)
    return counts


def locked(program: Path, library: Path, discipline: str) -> list[tuple[float, str, str]]:
    """Locked instructions of an accepted check: how often each is executed a check, where, and what it is."""
    with profile(program, "accepted", discipline, LONG).open() as lines:
        counts = executed(lines, library.resolve().name)
    code = disassemble(named(library))
    shipped = disassemble(library)
    found = []
    for address, count in sorted(counts.items()):
        place, instruction = code.get(address, ("", ""))
        if shipped.get(address, ("", ""))[1] != instruction:  # the file beside the sources is another build
            place, instruction = shipped.get(address, ("", ""))
        if is_locked(instruction):
            found.append((count / LONG, f"{address:#x} {place}", instruction))
    return found


def grown(before: Counts, now: Counts) -> list[str]:
    faults = [f"{name} is not recorded: run --record" for name in now if name not in before]
    for name, count in now.items():
        if name in before and count > before[name] * (1 + GROWTH_MAX):
            faults.append(f"{name}: {before[name]:,.1f} instructions before, {count:,.1f} now")
    return faults


def selfcheck() -> list[str]:
    """What is wrong with this script, tried on texts whose truth is known."""
    faults = []
    text = [
        "ob=(1) /x/libriskcheck.so.0",
        "fn=(1)",
        "0x10 5",
        "calls=1 0x40",
        "0x14 90",
        "+4 7",
        "ob=(2) /x/other",
    ]
    text += ["0x10 3", "ob=(1)", "0x10 1", "* 1", "totals: 107"]
    if executed(text, "libriskcheck") != Counter({0x10: 7, 0x18: 7}):
        faults.append("addresses are counted wrongly")
    if total(text) != 107:
        faults.append("the total is read wrongly")
    if [
        is_locked(line)
        for line in ("lock cmpxchg %rax,(%rdi)", "xchg %rax,(%rdi)", "xchg %rax,%rbx", "mov (%rax),%rbx")
    ] != [
        True,
        True,
        False,
        False,
    ]:
        faults.append("locked instructions are not told from others")
    if not grown({"a": 100}, {"a": 103}) or grown({"a": 100}, {"a": 102}) or not grown({}, {"a": 1}):
        faults.append("growth is judged wrongly")
    return faults


def print_controls(program: Path) -> None:
    counts = count_all(program, ["unarmed", *controls(), "catalogue"])
    print(f"{'armed beside the desk':<24}" + "".join(f"{name + ' writer(s)':>18}" for name in DISCIPLINES))
    print(f"{'(nothing)':<24}" + "".join(f"{counts[f'unarmed.{name}']:>18,.0f}" for name in DISCIPLINES))
    for kind in [*controls(), "catalogue"]:
        more = (counts[f"{kind}.{name}"] - counts[f"unarmed.{name}"] for name in DISCIPLINES)
        print(f"{kind:<24}" + "".join(f"{count:>+18,.0f}" for count in more))
    print("catalogue: all of them but custom")


def print_locked(program: Path, library: Path) -> None:
    for discipline in DISCIPLINES:
        found = locked(program, library, discipline)
        often = sum(count for count, _, _ in found)
        print(f"{discipline} writers: {often:.2f} locked instructions an accepted check")
        for count, place, instruction in found:
            print(f"  {count:6.3f}  {instruction:<40} {place}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    mode = parser.add_mutually_exclusive_group(required=True)
    for name in ("record", "check", "locked", "controls"):
        mode.add_argument(f"--{name}", action="store_true")
    parser.add_argument("--library", type=Path, default=ROOT / "build" / "lib" / "libriskcheck.so")
    arguments = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is absent: apt-get install valgrind\n0 passed, 0 failed, 1 skipped")
        return 0
    library: Path = arguments.library.absolute()
    program = compile_program("instructions", library, "riskbench-instructions", ["-O2"])
    if arguments.locked:
        print_locked(program, library)
        return 0
    if arguments.controls:
        print_controls(program)
        return 0
    counts = count_all(program)
    for name, count in counts.items():
        print(f"{name:<16}{count:>10,.1f} instructions a check")
    if arguments.record:
        RECORD.write_text(json.dumps(counts, indent=2) + "\n")
        print(f"{RECORD.relative_to(ROOT)} written")
        return 0
    wrong = selfcheck()
    faults = grown(json.loads(RECORD.read_text()) if RECORD.exists() else {}, counts)
    for fault in wrong + faults:
        print(f"FAIL {fault}")
    passed = len(counts) - len(faults) + (not wrong)
    print(f"{passed} passed, {len(faults) + len(wrong)} failed, 0 skipped")
    return 1 if faults or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
