"""RESULTS.md as a whole: which sections, in which order, and what is said when something is not there.

An invalid run gives no figure, whichever file it is in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import method
import sections
import tables
from figures import code, three, whole, words
from reading import Results, Row, by_family, family, number, text

SEPARATE = ("open", "growth", "peers", "python")  # families that have a section of their own
ADDRESS = re.compile(
    r"https?://\S+"
)  # which installers put into what they say, and which is no matter of the report's


@dataclass
class Inputs:
    """What there is to report on. `missing` says of each other file that it is not there, and why."""

    command: str
    results: Results
    peers: Results | None = None
    python: Results | None = None
    counts: dict[str, Any] | None = None
    agreement: dict[str, Any] | None = None
    missing: list[tuple[str, str]] = field(default_factory=list)

    def sources(self) -> list[Results]:
        """The files whose rows may be told."""
        found = [self.results, self.peers, self.python]
        return [one for one in found if one is not None and one.valid]

    def rows(self) -> list[Row]:
        return [row for one in self.sources() for row in one.rows]


def stated(value: object) -> str:
    said = three(value) if isinstance(value, float) else "unknown" if value is None else str(value)
    return " ".join(said.split())


def listed(part: dict[str, Any]) -> list[str]:
    return [f"- {words(name)}: {stated(value)}" for name, value in part.items()] or ["- not stated"]


def in_line(part: dict[str, Any]) -> str:
    return ", ".join(f"{words(name)} {stated(value)}" for name, value in part.items()) or "not stated"


def circumstances(results: Results) -> list[str]:
    lines = []
    for part in ("machine", "build"):
        lines += [f"**{part.capitalize()}**", "", *listed(results.part(part)), ""]
    lines += ["**Configuration**", "", f"- {in_line(results.part('configuration'))}"]
    seed, checksum = results.top.get("seed"), results.top.get("checksum")
    return [*lines, f"- seed {seed}, checksum {checksum}", ""]


def apart(found: Results) -> list[str]:
    """What a file of its own says of how it was measured."""
    parts = [part for part in ("machine", "build", "configuration") if found.part(part)]
    lines = [f"- {part}: {in_line(found.part(part))}" for part in parts]
    if rule := text(found.top, "rule"):
        lines.append(f"- dropped rounds: {rule}")
    return [f"From {found.name}:", "", *(lines or ["- it does not say how it was measured"]), ""]


def invalid(results: Results) -> list[str]:
    names = ", ".join(map(code, results.corrupt)) or "not stated which"
    return [
        f"**INVALID**: {results.name} is of a run in which what came out was not what went in ({names}).",
        "",
        "No figure of it is given.",
        "",
    ]


def plots(names: list[str], folder: str) -> list[str]:
    return [line for name in names for line in (f"![{name.removesuffix('.svg')}]({folder}/{name})", "")]


def family_section(name: str, rows: list[Row], about: dict[str, str], pictures: list[str]) -> list[str]:
    lines = [f"### {name}", ""]
    said = [
        f"- {code(scenario)}: {' '.join(what.split())}"
        for scenario, what in about.items()
        if scenario.partition("/")[0].partition(".")[0] == name and what
    ]
    lines += [*said, ""] if said else []
    return lines + tables.of_family(rows) + pictures


def separate_file(
    title: str, said: str, found: Results | None, rows: list[Row], about: dict[str, str], pictures: list[str]
) -> list[str]:
    """Rows that come from a file of their own, and those of the same family in the main one."""
    lines = [f"## {title}", "", said, ""]
    if found is not None and not found.valid:
        lines += invalid(found)
    elif found is not None:
        lines += apart(found)
    for name, these in by_family(rows).items():
        lines += family_section(name, these, about, [])
    if not rows and (found is None or found.valid):
        lines += ["Not measured.", ""]
    return lines + pictures


def skipped(inputs: Inputs) -> list[str]:
    found = list(inputs.missing)
    for source in (inputs.results, inputs.peers, inputs.python):
        found += source.skipped if source is not None else []
    lines = [
        f"- {code(name)}: {ADDRESS.sub('(an address)', ' '.join(reason.split()))}" for name, reason in found
    ]
    return ["## What was skipped", "", *(lines or ["Nothing."]), ""]


def other_builds(inputs: Inputs) -> list[str]:
    """A file of rows that was measured with another build must not pass for the same day's."""
    lines = []
    for one in (inputs.peers, inputs.python):
        if one is not None and one.commit != inputs.results.commit:
            lines.append(f"{one.name} says {one.commit or 'no commit'}: it may be of another build or day.")
    return [*lines, ""] if lines else []


def peers_and_python(inputs: Inputs, pictures: dict[str, list[str]]) -> list[str]:
    lines: list[str] = []
    for name, title, found, said in (
        (
            "peers",
            "Peers",
            inputs.peers,
            "What each does and does not do is said with it, below its figures.",
        ),
        ("python", "Python", inputs.python, "Calls through the Python package."),
    ):
        rows = [row for row in inputs.results.rows if family(row) == name]
        about = {key: what for key, what in inputs.results.about().items() if key.startswith(name)}
        if found is not None and found.valid:
            rows, about = rows + found.rows, about | found.about()
        lines += separate_file(title, said, found, rows, about, pictures.get(name, []))
    return lines


def figures(inputs: Inputs, pictures: dict[str, list[str]]) -> list[str]:
    results = inputs.results
    families, about = by_family(results.rows), results.about()
    lines = ["## Targets", "", *tables.targets(inputs.rows()), "## By family", ""]
    lines += ["Calls in a closed loop. Nanoseconds unless the unit says otherwise.", ""]
    for name, rows in families.items():
        if name not in SEPARATE:
            lines += family_section(name, rows, about, pictures.get(name, []))
    lines += ["## Open loop", "", *sections.open_loop(results.rows)]
    if "open" in families:
        lines += family_section("open", families["open"], about, pictures.get("open", []))
    lines += ["## Growth", "", *sections.growth(results.rows)]
    if "growth" in families:
        lines += family_section("growth", families["growth"], about, [])
    lines += pictures.get("growth", [])
    lines += ["## Instructions", "", *sections.instructions(inputs.counts or {})]
    lines += peers_and_python(inputs, pictures)
    lines += ["## Do runs agree", ""]
    if inputs.agreement is None:
        return [*lines, "No runs were compared (`Benchmarks/report/agreement.py`).", ""]
    return lines + sections.agreement(inputs.agreement, results.commit)


def compose(inputs: Inputs, pictures: dict[str, list[str]], folder: str) -> str:
    """`pictures`: names of files in `folder` by the section that they belong to."""
    results = inputs.results
    lines = [
        (
            f"Generated by `{inputs.command}` from {results.name}, which `make bench` measures anew; "
            "changes made here are lost."
        ),
        "",
    ]
    if not results.valid:
        lines += ["# Results of the benchmarks: INVALID", "", *invalid(results), *circumstances(results)]
        return "\n".join(lines).rstrip() + "\n"
    kept, dropped = (sum(number(row, key) or 0 for row in results.rows) for key in ("kept", "dropped"))
    lines += ["# Results of the benchmarks", ""]
    valid = "Valid: every verdict of the closed loops of one thread is the oracle's, and what went through rings, "
    valid += f"files and threads came to what it had to. {len(results.rows)} rows; summed over them, "
    lines += [valid]
    lines[-1] += f"{whole(kept)} rounds kept and {whole(dropped)} dropped."
    lines += ["", *circumstances(results), *other_builds(inputs)]
    lines += ["## How it was measured", "", method.measured(results)]
    embedded = {name: plots(names, folder) for name, names in pictures.items()}
    lines += figures(inputs, embedded) + skipped(inputs)
    lines += ["## What the figures do not show", "", method.not_shown(results)]
    return "\n".join(lines).rstrip() + "\n"
