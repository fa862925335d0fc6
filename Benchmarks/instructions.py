#!/usr/bin/env python3
"""Counts the instructions of calls under callgrind, and the locked ones of a check.

instructions.py --record   writes Benchmarks/instructions.json
instructions.py --check    fails when a count has grown by more than 2 %, or this script misreads what is known
instructions.py --locked   lists every locked instruction on the path of an accepted check
instructions.py --controls what each further control costs an accepted check: armed less unarmed

One process runs all kinds (instructions.cpp), and has the counts of each dumped by themselves. The counts are exact
and repeat: setting up and first touches are not in them.
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
from dataclasses import dataclass
from pathlib import Path

from building import OUTPUT, ROOT, compile_program

RECORD = ROOT / "Benchmarks" / "instructions.json"
GROWTH_MAX = 0.02
DISCIPLINES = ("many", "one")

# Of an object file's disassembly: address, then the instruction.
DISASSEMBLED = re.compile(r"^\s*([0-9a-f]+):\t(.*)$")
SYMBOL = re.compile(r"^([0-9a-f]+) <(.+)>:$")
# In a callgrind file: an absolute or relative address, or the same one again, then a cost.
COST = re.compile(r"^(0x[0-9a-f]+|\+\d+|-\d+|\*) (\d+)$")
# An object or a function: the one whose costs follow, or, with a c, the one that is called; named once.
PLACE = re.compile(r"^(c?)(ob|fn)=\((\d+)\)(?: (.*))?$")
# A dump that the program asked for: KIND.DISCIPLINE CALL CALLS OPERATIONS.
DUMPED = re.compile(r"^desc: Trigger: Client Request: (\S+) (\S+) (\d+) (\d+)$")

Counts = dict[str, float]


def profile(program: Path, kinds: Iterable[str], options: Iterable[str] = ()) -> Path:
    """Runs the program under callgrind, which looks from when the program says so."""
    out = OUTPUT / "callgrind.out"
    out.unlink(missing_ok=True)
    command = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--combine-dumps=yes", *options]
    command += [f"--callgrind-out-file={out}", str(program), *kinds]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"instructions.py: {program.name} ended with {done.returncode}\n{done.stderr[-2000:]}")
    return out


class Places:
    """Where in a callgrind file a line is: in the library or not, and what it calls."""

    def __init__(self) -> None:
        self.names: dict[tuple[str, str], str] = {}
        self.inside, self.called = False, ""

    def read(self, line: str) -> bool:
        found = PLACE.match(line)
        if found is None:
            return False
        name = self.names.setdefault((found[2], found[3]), found[4] or "")
        if found[1] and found[2] == "fn":
            self.called = name
        elif not found[1] and found[2] == "ob":
            self.inside = Path(name).name.startswith("libriskcheck.so")
        return True


@dataclass
class Dump:
    """What was done inside one call of the library, wherever outside of it that was made."""

    name: str
    call: str
    calls: int
    operations: int
    seen: int = 0
    cost: int = 0

    def count(self) -> float:
        if self.seen != self.calls or self.cost == 0:
            sys.exit(f"instructions.py: {self.name}: {self.seen} calls of {self.call}, not {self.calls}")
        return round(self.cost / self.operations, 1)


def dumps(lines: Iterable[str]) -> list[Dump]:
    found: list[Dump] = []
    places = Places()
    counted, is_cost = False, False
    for line in lines:
        if line.startswith("part:"):
            counted = False
        elif match := DUMPED.match(line):
            found.append(Dump(match[1], match[2], int(match[3]), int(match[4])))
            counted = True
        elif is_cost:
            found[-1].cost += int(line.split()[-1])
            is_cost = False
        elif not places.read(line) and line.startswith("calls=") and counted:
            is_cost = not places.inside and places.called == found[-1].call
            if is_cost:
                found[-1].seen += int(line[len("calls=") :].split()[0])
    return found


def executed(lines: Iterable[str]) -> Counter[int]:
    """How often each address of the library was executed. The cost of a call stands for its callees: skipped."""
    counts: Counter[int] = Counter()
    places = Places()
    after_call, address = False, 0
    for line in lines:
        if places.read(line):
            continue
        if line.startswith("calls="):
            after_call = True
        elif found := COST.match(line):
            if found[1] != "*":
                address = address + int(found[1]) if found[1][0] in "+-" else int(found[1], 16)
            if places.inside and not after_call:
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


def count_all(program: Path, kinds: Iterable[str] = ()) -> Counts:
    with profile(program, kinds).open() as lines:
        return {dump.name: dump.count() for dump in dumps(lines)}


def locked(program: Path, library: Path, discipline: str) -> list[tuple[float, str, str]]:
    """Locked instructions of an accepted check: how often each is executed a check, where, and what it is."""
    options = ("--toggle-collect=rck_check", "--dump-instr=yes", "--dump-line=no", "--compress-pos=no")
    text = profile(program, [f"accepted.{discipline}"], options).read_text().splitlines()
    checks = dumps(text)[0].operations
    counts = executed(text)
    code = disassemble(named(library))
    shipped = disassemble(library)
    found = []
    for address, count in sorted(counts.items()):
        place, instruction = code.get(address, ("", ""))
        if shipped.get(address, ("", ""))[1] != instruction:  # the file beside the sources is another build
            place, instruction = shipped.get(address, ("", ""))
        if is_locked(instruction):
            found.append((count / checks, f"{address:#x} {place}", instruction))
    return found


def judged(before: Counts, now: Counts) -> tuple[list[str], list[str]]:
    """What is wrong, and what has become better."""
    faults = [f"{name} is not recorded: run --record" for name in now if name not in before]
    faults += [f"{name} is recorded, and no longer measured" for name in before if name not in now]
    better = []
    for name in now.keys() & before.keys():
        said = f"{name}: {before[name]:,.1f} instructions before, {now[name]:,.1f} now"
        if now[name] > before[name] * (1 + GROWTH_MAX):
            faults.append(said)
        elif now[name] < before[name] * (1 - GROWTH_MAX):
            better.append(said)
    return sorted(faults), sorted(better)


def plants(counts: Counts) -> list[str]:
    """What is not noticed, or noticed and should not be, of records that are made wrong."""
    wrong = []
    for name, count in counts.items():
        for factor, expected in ((0.97, (1, 0)), (0.99, (0, 0)), (1.01, (0, 0)), (1.03, (0, 1))):
            faults, better = judged({**counts, name: count * factor}, counts)
            if (len(faults), len(better)) != expected:
                wrong.append(f"{name}: a record of {factor:.0%} of its count is judged wrongly")
        missing = {other: number for other, number in counts.items() if other != name}
        if len(judged(missing, counts)[0]) != 1 or len(judged(counts, missing)[0]) != 1:
            wrong.append(f"{name}: that it is not recorded, or not measured, is not told")
    return wrong


DUMP_TEXT = """part: 1
desc: Trigger: Client Request: kind.many rck_one 3 6
ob=(1) /x/libriskcheck.so.0
fn=(1)
0 5
cfn=(2) rck_one
calls=9 0
0 900
ob=(3) /libriskcheck.so.d/program
fn=(3) main
cob=(1)
cfn=(2)
calls=2 0
0 70
cfn=(4) rck_two
calls=2 0
0 11
0 50
fn=(5) other
cob=(1)
cfn=(2)
calls=1 0
0 50
part: 2
desc: Trigger: Program termination
ob=(3)
fn=(3)
cfn=(2)
calls=7 0
0 70"""

INSTRUCTION_TEXT = """cob=(1) /x/libriskcheck.so.0
ob=(1)
fn=(1)
0x10 5
calls=1 0x40
0x14 90
+4 7
ob=(2) /x/other
0x10 3
ob=(1)
0x10 1
* 1"""

LOCKS = {
    "lock cmpxchg %rax,(%rdi)": True,
    "xchg %rax,(%rdi)": True,
    "xchg %rax,%rbx": False,
    "mov (%rax),%rbx": False,
}


def selfcheck(counts: Counts) -> list[str]:
    """What is wrong with this script, tried on texts whose truth is known, and on wrong records of these counts."""
    faults = plants(counts)
    if dumps(DUMP_TEXT.splitlines()) != [Dump("kind.many", "rck_one", 3, 6, seen=3, cost=120)]:
        faults.append("what is done inside a call is read wrongly")
    if executed(INSTRUCTION_TEXT.splitlines()) != Counter({0x10: 7, 0x18: 7}):
        faults.append("addresses are counted wrongly")
    if any(is_locked(line) != locks for line, locks in LOCKS.items()):
        faults.append("locked instructions are not told from others")
    return faults


def print_controls(program: Path) -> None:
    counts = count_all(program, ["beside.", "catalogue."])
    print(f"{'armed beside the desk':<24}" + "".join(f"{name + ' writer(s)':>18}" for name in DISCIPLINES))
    nothing = [counts[f"beside.nothing.{name}"] for name in DISCIPLINES]
    print(f"{'(nothing)':<24}" + "".join(f"{count:>18,.0f}" for count in nothing))
    kinds = dict.fromkeys(name.rpartition(".")[0] for name in counts)
    del kinds["beside.nothing"]
    for kind in sorted(kinds, key="catalogue".__eq__):
        more = (counts[f"{kind}.{name}"] - less for name, less in zip(DISCIPLINES, nothing, strict=True))
        print(f"{kind.removeprefix('beside.'):<24}" + "".join(f"{count:>+18,.0f}" for count in more))
    print("catalogue: all of them but custom")


def print_locked(program: Path, library: Path) -> None:
    for discipline in DISCIPLINES:
        found = locked(program, library, discipline)
        often = sum(count for count, _, _ in found)
        print(f"{discipline} writers: {often:.2f} locked instructions an accepted check")
        for count, place, instruction in found:
            print(f"  {count:6.3f}  {instruction:<40} {place}")


def check(counts: Counts) -> int:
    before: Counts = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    wrong = selfcheck(counts)
    faults, better = judged(before, counts)
    for line in better:
        print(f"better: record it: {line}")
    for fault in wrong + faults:
        print(f"FAIL {fault}")
    passed = len(counts.keys() | before.keys()) - len(faults) + (not wrong)
    print(f"{passed} passed, {len(faults) + len(wrong)} failed, 0 skipped")
    return 1 if faults or wrong else 0


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
        print(f"{name:<32}{count:>10,.1f} instructions")
    if arguments.record:
        RECORD.write_text(json.dumps(counts, indent=2) + "\n")
        print(f"{RECORD.relative_to(ROOT)} written")
        return 0
    return check(counts)


if __name__ == "__main__":
    sys.exit(main())
