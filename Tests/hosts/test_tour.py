"""The C example: it builds without a warning, tells its story word for word, and says what went wrong."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT

LIBRARY = Path(os.environ["RISKCHECK_LIBRARY"])
SOURCE = ROOT / "bindings/c/examples/tour.c"
LINES_MAX = 150
STORY = """\
check     passed
check     passed with warning by position at account 1 on instrument 1 (limit 1): \
900 against 800, 11250 bps; action alert
dry run   refused: RCK_REJECT_POSITION_LONG by position at account 1 on instrument 1 (limit 1): \
1200 against 1000, 12000 bps; action block
headroom  100
check     refused: RCK_REJECT_POSITION_LONG by position at account 1 on instrument 1 (limit 1): \
1200 against 1000, 12000 bps; action block
amend     passed with warning by position at account 1 on instrument 1 (limit 1): \
950 against 800, 11875 bps; action alert
legs      0 of 2 passed
  first   refused: RCK_REJECT_BATCH
  second  refused: RCK_REJECT_POSITION_LONG by position at account 1 on instrument 1 (limit 1): \
1050 against 1000, 10500 bps; action block
position  650, 0 open to sell
violation of control 6, 4 orders, at worst 1200
decided   5, refused 2, warned 2
events    12 records in the ring of port 1
check     refused: RCK_REJECT_HALTED by state of trading at account 1; action block; strictly reducing
cancel    order 2, 300 left of 450
check     passed; strictly reducing
journal   20 records, 0 lost
"""


def compiler(name: str) -> str:
    """gcc, or clang: the one of the Swift toolchain, beside swift."""
    swift = shutil.which("swift")
    beside = Path(swift).resolve().parent / name if swift else Path(name)
    found = shutil.which(name) or (str(beside) if beside.exists() else None)
    if found is None:
        pytest.skip(f"{name} is missing: apt-get install {name}")
    return found


def built(folder: Path, name: str) -> Path:
    flags = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O2", f"-I{ROOT / 'include'}"]
    link = [f"-L{LIBRARY.parent}", "-lriskcheck", f"-Wl,-rpath,{LIBRARY.parent}"]
    command = [compiler(name), *flags, str(SOURCE), "-o", str(folder / "tour"), *link]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "tour"


@pytest.mark.parametrize("name", ["gcc", "clang"])
def test_the_tour_builds_without_a_warning_and_tells_its_story(tmp_path: Path, name: str) -> None:
    tour, directory = built(tmp_path, name), tmp_path / "journal"
    directory.mkdir()
    done = subprocess.run([tour, directory], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == (STORY, "", 0)
    assert [path.name for path in directory.iterdir()] == ["0000000001.journal"]


def test_a_misuse_ends_the_tour_with_the_call_the_status_and_the_fault(tmp_path: Path) -> None:
    tour = built(tmp_path, "gcc")
    done = subprocess.run([tour, tmp_path / "nowhere"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        "rck_journal_open(reader, words[1], &config, &fault): RCK_E_NO_FILE\n"
        "rck_journal_open.directory is 0, errno 2\n"
    )
    assert subprocess.run([tour], capture_output=True, check=False).returncode == 2


def test_the_tour_touches_no_memory_that_is_not_its_own(tmp_path: Path) -> None:
    if not shutil.which("valgrind"):
        pytest.skip("valgrind is missing: apt-get install valgrind")
    tour, directory = built(tmp_path, "gcc"), tmp_path / "journal"
    directory.mkdir()
    kinds = [
        "--show-leak-kinds=definite",
        "--errors-for-leak-kinds=definite",
    ]  # Swift's runtime keeps what it has
    memcheck = ["valgrind", "-q", "--leak-check=full", *kinds, "--error-exitcode=9"]
    done = subprocess.run([*memcheck, tour, directory], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == (STORY, "", 0)


def test_the_tour_fits_on_its_page() -> None:
    assert len(SOURCE.read_text().splitlines()) <= LINES_MAX
