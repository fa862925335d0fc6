"""The Python package itself: which library it takes, which it refuses, and how it says why."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import host
import riskcheck.abi as rck
from riskcheck import _abi, _load

# Prints the file of the library that was taken.
SHOW = """
from pathlib import Path
import riskcheck._load
lines = Path("/proc/self/maps").read_text().splitlines()
print(*{line.split(maxsplit=5)[5] for line in lines if riskcheck._load.SONAME in line})
"""


def import_with(package: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Imports the package in a fresh process; without RISKCHECK_LIBRARY unless that is given."""
    kept = {name: value for name, value in os.environ.items() if name != _load.VARIABLE}
    search = str(package or Path(rck.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        env={**kept, "PYTHONPATH": search, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def library_in(folder: Path) -> Path:
    """A copy of the library under the name that the loader looks for."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(os.environ[_load.VARIABLE], folder / _load.SONAME))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with a copy of the package alone."""
    shutil.copytree(Path(rck.__file__).parent, tmp_path / "copy/riskcheck")
    (tmp_path / "copy/riskcheck" / _load.SONAME).unlink(missing_ok=True)
    return tmp_path / "copy"


def test_the_variable_names_the_library_before_all_else(package: Path, tmp_path: Path) -> None:
    named = library_in(tmp_path / "named")
    library_in(package / "riskcheck")
    system = library_in(tmp_path / "system").parent
    done = import_with(package, RISKCHECK_LIBRARY=str(named), LD_LIBRARY_PATH=str(system))
    assert done.stdout == f"{named}\n", done.stderr


def test_the_packages_own_library_wins_over_the_systems(package: Path, tmp_path: Path) -> None:
    own = library_in(package / "riskcheck")
    system = library_in(tmp_path / "system").parent
    done = import_with(package, RISKCHECK_LIBRARY="", LD_LIBRARY_PATH=str(system))
    assert done.stdout == f"{own}\n", done.stderr


def test_a_library_on_the_systems_path_is_found_by_its_soname(package: Path, tmp_path: Path) -> None:
    system = library_in(tmp_path / "system")
    done = import_with(package, LD_LIBRARY_PATH=str(system.parent))
    assert done.stdout == f"{system}\n", done.stderr


def test_a_variable_that_names_nothing_is_the_end_of_the_search(package: Path, tmp_path: Path) -> None:
    library_in(package / "riskcheck")
    missing = str(tmp_path / "nowhere.so")
    said = import_with(package, RISKCHECK_LIBRARY=missing).stderr
    assert "libriskcheck was not found; RISKCHECK_LIBRARY names none that loads. Tried:" in said
    assert said.endswith(
        f"\n  {missing}: {missing}: cannot open shared object file: No such file or directory\n"
    )


def test_the_error_names_every_path_that_was_tried_and_what_the_loader_said(
    package: Path, tmp_path: Path
) -> None:
    own = package / "riskcheck" / _load.SONAME
    own.write_text("no library")
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / _load.SONAME).write_bytes(b"")
    done = import_with(package, LD_LIBRARY_PATH=str(tmp_path / "system"))
    if done.stdout:
        pytest.skip("a library is installed here: uninstall it")
    first, *rest = done.stderr[done.stderr.rindex("libriskcheck was not found") :].splitlines()
    assert first == "libriskcheck was not found; RISKCHECK_LIBRARY can name it. Tried:"
    assert [line.split(": ")[0] for line in rest] == [f"  {own}", f"  {_load.SONAME}"]
    assert f"{own}: file too short" in rest[0] or "invalid ELF header" in rest[0]
    assert "file too short" in rest[1] or "No such file" in rest[1]


def test_another_library_is_refused() -> None:
    assert "libc.so.6: has no function rck_" in import_with(RISKCHECK_LIBRARY="libc.so.6").stderr


def test_a_library_with_other_structs_is_refused_by_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    bytes_, fields = _abi.LAYOUT["rck_stats"]
    monkeypatch.setitem(_abi.LAYOUT, "rck_stats", (bytes_, [*fields[1:], fields[0]]))
    with pytest.raises(_load.LibraryError, match="lays out rck_stats differently"):
        _load.verify(rck.lib, "it")


def test_a_library_with_another_abi_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_abi, "RCK_ABI_VERSION", 99)
    with pytest.raises(_load.LibraryError, match="ABI version 0, this package 99"):
        _load.verify(rck.lib, "it")


def test_check_raises_a_misuse_in_words_and_gives_back_the_rest() -> None:
    assert rck.check(rck.RCK_OK) == rck.RCK_OK
    assert rck.check(rck.RCK_REJECT_RING_FULL) == rck.RCK_REJECT_RING_FULL
    with pytest.raises(rck.RiskCheckError) as caught:
        host.region_bytes(host.config(ports_max=256))
    assert (caught.value.status, caught.value.name) == (rck.RCK_E_RANGE, "RCK_E_RANGE")
    assert str(caught.value) == "RCK_E_RANGE: rck_config.ports_max is 256, allowed is 1 to 255"
    with pytest.raises(rck.RiskCheckError, match=r"^RCK_E_HANDLE$"):
        rck.check(rck.lib.rck_engine_close(None))
