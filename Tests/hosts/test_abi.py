"""The promise to hosts that exist: names and layouts change only together with their lists in Tests/abi and
with an entry in CHANGELOG.md, and what is generated from the header is up to date.
"""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import riskcheck.abi as rck
from conftest import ROOT
from riskcheck import _abi

ALSO = "change it with `bindings/generate.py --abi`, and CHANGELOG.md with it"
sys.path.insert(0, str(ROOT / "bindings"))

import generate
import header

HEADER = header.parse(header.read(ROOT / "include/riskcheck.h"))
LISTS = generate.lists(HEADER)


def checked_in(name: str) -> str:
    return (ROOT / name).read_text()


def test_generated_files_are_what_the_generator_writes() -> None:
    ran = subprocess.run(
        [sys.executable, ROOT / "bindings/generate.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_the_header_declares_the_listed_functions() -> None:
    name = "Tests/abi/exports.txt"
    assert LISTS[name] == checked_in(name), f"{name}: {ALSO}"


def test_the_header_lays_out_the_listed_structs() -> None:
    name = "Tests/abi/layouts.txt"
    assert LISTS[name] == checked_in(name), f"{name}: {ALSO}"


def test_the_library_exports_the_listed_functions_and_nothing_else() -> None:
    library = Path(os.environ["RISKCHECK_LIBRARY"])
    printed = subprocess.run(
        ["nm", "-D", "--extern-only", "--defined-only", "--format=posix", library],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    names = [line.split()[0].split("@")[0] for line in printed.splitlines() if line.split()[1] != "A"]
    assert sorted(names) == checked_in("Tests/abi/exports.txt").split(), f"Tests/abi/exports.txt: {ALSO}"


def test_the_changelog_has_an_entry_for_this_version() -> None:
    version = f"{rck.RCK_VERSION_MAJOR}.{rck.RCK_VERSION_MINOR}.{rck.RCK_VERSION_PATCH}"
    headings = re.findall(r"^##+ .*$", checked_in("CHANGELOG.md"), re.MULTILINE)
    assert any(re.search(rf"(?<![\d.]){re.escape(version)}(?![\d.])", heading) for heading in headings), (
        f"CHANGELOG.md has no heading for {version}"
    )


def test_the_changelog_knows_this_abi() -> None:
    """Who changes the lists changes the fingerprint, and so opens the changelog."""
    lists = "".join(checked_in(f"Tests/abi/{name}.txt") for name in ("exports", "layouts"))
    fingerprint = hashlib.sha256(lists.encode()).hexdigest()[:12]
    latest = checked_in("CHANGELOG.md").split("\n## ")[1]
    assert f"`{fingerprint}`" in latest, (
        f"say in CHANGELOG.md what changed, and its fingerprint `{fingerprint}`"
    )


def test_no_status_number_is_used_twice() -> None:
    numbers = [number for _, number in HEADER.statuses()]
    assert len(numbers) == len(set(numbers)) == len(_abi.STATUS_NAMES)


def test_the_generator_stops_at_what_it_does_not_understand() -> None:
    text = (ROOT / "include/riskcheck.h").read_text()
    for strange in (
        "int rck_x(int (*call)(void));",
        "typedef int32_t (*rck_x)(int32_t (*inner)(void));",
        "typedef rck_order *(*rck_x)(void *context);",
        "typedef void (*rck_x)(void *context);",
        "typedef int32_t (*rck_x)(void *);",
        "typedef int32_t (*other)(void *context);",
        "typedef enum rck_e { A } rck_e;",
        "#define RCK_X (1 + 1)\n",
    ):
        try:
            header.parse(text + strange)
        except SystemExit as stop:
            assert "not understood" in str(stop)
        else:
            raise AssertionError(f"accepted: {strange}")
