"""The Python package itself: which library it takes, which it refuses, and how it says why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import host
import riskcheck.abi as rck
from riskcheck import _abi, _load


def import_with(**environment: str) -> subprocess.CompletedProcess[str]:
    """Imports the package in a fresh process; without RISKCHECK_LIBRARY unless that is given."""
    kept = {name: value for name, value in os.environ.items() if name != _load.VARIABLE}
    search = str(Path(rck.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-c", "import riskcheck.abi as rck; print(rck.lib.rck_abi_version())"],
        env={**kept, "PYTHONPATH": search, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_variable_names_the_library() -> None:
    assert import_with(RISKCHECK_LIBRARY=os.environ["RISKCHECK_LIBRARY"]).stdout == "0\n"


def test_a_library_on_the_systems_path_is_found_by_its_soname(tmp_path: Path) -> None:
    (tmp_path / _load.SONAME).symlink_to(os.environ["RISKCHECK_LIBRARY"])
    assert import_with(LD_LIBRARY_PATH=str(tmp_path)).stdout == "0\n"


def test_the_error_names_every_path_that_was_tried(tmp_path: Path) -> None:
    missing = str(tmp_path / "nowhere.so")
    assert missing in import_with(RISKCHECK_LIBRARY=missing).stderr
    empty = import_with(LD_LIBRARY_PATH=str(tmp_path))
    inside = str(Path(rck.__file__).parent / _load.SONAME)
    assert empty.stdout or all(
        path in empty.stderr for path in (inside, f"  {_load.SONAME}: ", _load.VARIABLE)
    )


def test_another_library_is_refused() -> None:
    assert "has no function rck_" in import_with(RISKCHECK_LIBRARY="libc.so.6").stderr


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
