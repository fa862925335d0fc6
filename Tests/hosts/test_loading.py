"""Hosts that load the library in odd ways: again and again, twice, late, in a thread that is gone, beside the runtime
of ordinary Swift. The programs are in the folder `odd`; each ends with 1 and says what did not hold.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT

LIBRARY = Path(os.environ["RISKCHECK_LIBRARY"])
ODD = ROOT / "Tests/hosts/odd"
SWIFT = "swiftc is missing: install the Swift 6.3 toolchain and put its usr/bin into PATH"


def ran(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def built(folder: Path, name: str) -> Path:
    flags = ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-pthread", f"-I{ROOT / 'include'}"]
    done = ran("gcc", *flags, ODD / f"{name}.c", "-o", folder / name, "-ldl")
    assert done.returncode == 0, done.stderr
    return folder / name


@pytest.mark.parametrize("what", ["load", "create"])
def test_a_thousand_lives_leave_nothing_behind(tmp_path: Path, what: str) -> None:
    done = ran(built(tmp_path, "cycles"), LIBRARY, what)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_ten_engines_that_are_forgotten_show(tmp_path: Path) -> None:
    done = ran(built(tmp_path, "cycles"), LIBRARY, "leak")
    assert done.returncode == 3
    assert "mapped kilobytes grew" in done.stdout and "handles left: 1014\n" in done.stdout


@pytest.mark.parametrize("mode", ["local", "global"])
def test_two_copies_refuse_each_others_handles_and_keep_their_own_books(tmp_path: Path, mode: str) -> None:
    other = Path(shutil.copyfile(LIBRARY, tmp_path / LIBRARY.name))
    done = ran(built(tmp_path, "twice"), LIBRARY, other, mode)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("mode", ["local", "global"])
@pytest.mark.parametrize("when", ["after", "departed"])
def test_it_is_loaded_after_threads_or_by_one_that_is_gone(tmp_path: Path, mode: str, when: str) -> None:
    done = ran(built(tmp_path, "threads"), LIBRARY, mode, when)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("runtime", [[], ["-static-stdlib"]], ids=["shared", "static"])
def test_ordinary_swift_with_its_own_runtime_gets_the_right_verdicts(
    tmp_path: Path, runtime: list[str]
) -> None:
    if not shutil.which("swiftc"):
        pytest.skip(SWIFT)
    (tmp_path / "libriskcheck.so").symlink_to(LIBRARY)
    (tmp_path / "libriskcheck.so.0").symlink_to(LIBRARY)
    link = ["-L", str(tmp_path), "-lriskcheck", "-Xlinker", "-rpath", "-Xlinker", str(tmp_path)]
    compiled = ["-swift-version", "6", "-warnings-as-errors", "-I", str(ROOT / "include"), *runtime]
    done = ran("swiftc", *compiled, ODD / "host.swift", "-o", tmp_path / "host", *link)
    assert done.returncode == 0, done.stderr
    done = ran(tmp_path / "host")
    assert (done.returncode, done.stdout, done.stderr) == (0, "sound\n", "")
