"""The named cases of a table, and which of them hold by what a host said. Runs nothing.

A case begins at a line `## name` and goes on to the next; what stands before the first is the case SETTING.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

SETTING = "setting"


@dataclass
class Case:
    """Some lines of a table: `expecting` are the numbers of those with an expectation."""

    name: str
    first: int
    expecting: list[int] = field(default_factory=list)
    # What a host said of it that is not as expected, and lines that it has no words for.
    faults: list[str] = field(default_factory=list)
    unsaid: list[int] = field(default_factory=list)


def expects(line: str) -> bool:
    return "->" in line and not line.lstrip().startswith("#")


def cases(path: Path) -> list[Case]:
    """All that expect something, in the table's order."""
    found = [Case(SETTING, 1)]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("## "):
            found.append(Case(line[3:].strip(), number))
        elif expects(line):
            found[-1].expecting.append(number)
    return [case for case in found if case.name != SETTING or case.expecting]


def faults(path: Path) -> str:
    """What is wrong with the table's cases; empty when nothing is."""
    found = cases(path)
    names = [case.name for case in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    empty = [case.name for case in found if not case.expecting]
    wrong = [f"twice: {name}" for name in twice] + [f"expects nothing: {name}" for name in empty]
    return "\n".join(wrong if set(names) - {SETTING} else [*wrong, "no case has a name"])


def judged(path: Path, said: str) -> list[Case]:
    """The table's cases with their faults, by what a host said of it.

    A host tells each difference as `line what expected this got that`, each line that its language has no words for
    as `line cannot say what`, and at its end how many lines it has tried.
    One that does not come to its end has not reached what follows the last line that it told of.
    """
    found, lines = cases(path), path.read_text().splitlines()
    tried = re.search(r"^(\d+) lines, \d+ differences$", said, re.MULTILINE)
    ended = tried is not None and int(tried[1]) == sum(len(case.expecting) for case in found)
    last = 0
    for text in said.splitlines():
        told = re.match(r"(\d+) (.* expected .* got |cannot go on: |cannot say )", text)
        if not told:
            continue
        last = int(told[1])
        of = [case for case in found if case.first <= last][-1:] or found[:1]
        if told[2] == "cannot say ":
            of[0].unsaid.append(last)
            continue
        of[0].faults += [f"line {text}", f"    {lines[last - 1].strip() if 0 < last <= len(lines) else ''}"]
    for case in found:
        if not ended and case.expecting and case.expecting[-1] > last:
            case.faults.append("not reached: " + " | ".join(said.splitlines()[-3:]))
    return found
