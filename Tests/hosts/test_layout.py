"""Four accounts of every public struct agree: the list in Tests/abi, the library's own, ctypes', and the
C compiler's.
"""

import ctypes
import shutil
import subprocess
from pathlib import Path

import pytest

import riskcheck.abi as rck
from conftest import ROOT
from riskcheck import _abi, _load

FIELDS = [(record, field[0]) for record, (_, fields) in _abi.LAYOUT.items() for field in fields]


def test_the_library_lays_out_every_struct_as_the_table_says() -> None:
    assert _load.layout(rck.lib) == _abi.LAYOUT


@pytest.mark.parametrize("record", _abi.LAYOUT)
def test_ctypes_lays_out_every_struct_as_the_table_says(record: str) -> None:
    bytes_, fields = _abi.LAYOUT[record]
    struct = _abi.RECORDS[record]
    assert ctypes.sizeof(struct) == bytes_
    assert [(f[0], f[1], f[2] * f[4]) for f in fields] == [
        (name, getattr(struct, name).offset, getattr(struct, name).size)
        for name in (field[0] for field in struct._fields_)
    ]


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_the_c_compiler_lays_out_every_struct_as_the_table_says(compiler: str, tmp_path: Path) -> None:
    if shutil.which(compiler) is None:
        pytest.skip(f"no {compiler}: install {compiler}")
    element = "sizeof(((struct {0} *)0)->{1})"
    rows = "\n".join(
        f'  printf("%s %s %zu %zu %zu\\n", "{record}", "{name}", sizeof(struct {record}), '
        f"offsetof(struct {record}, {name}), {element.format(record, name)});"
        for record, name in FIELDS
    )
    source = tmp_path / "probe.c"
    source.write_text(
        "#include <stddef.h>\n#include <stdio.h>\n#include <riskcheck.h>\n"
        f"int main(void) {{\n{rows}\n  return 0;\n}}\n"
    )
    probe = tmp_path / "probe"
    subprocess.run([compiler, "-I", ROOT / "include", source, "-o", probe], check=True)
    printed = subprocess.run([probe], check=True, capture_output=True, text=True).stdout
    assert printed.splitlines() == [
        f"{record} {name} {bytes_} {offset} {size * count}"
        for record, (bytes_, fields) in _abi.LAYOUT.items()
        for name, offset, size, _, count in fields
    ]


@pytest.mark.parametrize(
    ("record", "lines"), [("rck_order", 2), ("rck_report", 2), ("rck_verdict", 1), ("rck_event", 1)]
)
def test_records_of_the_hot_path_fill_whole_lines(record: str, lines: int) -> None:
    assert _abi.LAYOUT[record][0] == 64 * lines


def test_no_struct_has_a_hole() -> None:
    for record, (bytes_, fields) in _abi.LAYOUT.items():
        end = 0
        for name, offset, size, _, count in fields:
            assert offset == end, f"{record}: a hole before {name}"
            end = offset + size * count
        assert end == bytes_, f"{record}: a hole at its end"


def test_layout_refuses_an_index_behind_the_last_and_leaves_the_field_alone() -> None:
    for index in (len(FIELDS), len(FIELDS) + 1, 2**31, 2**32 - 1):
        field = rck.Field(struct_size=ctypes.sizeof(rck.Field), offset=77)
        assert rck.lib.rck_layout(index, ctypes.byref(field)) == rck.RCK_E_RANGE
        assert field.offset == 77


def test_every_status_has_its_name_and_no_other_number_has_one() -> None:
    for number in range(-1000, 5000):
        expected = rck.STATUS_NAMES.get(number, "unknown")
        assert rck.lib.rck_status_name(number).decode() == expected
    for number in (-(2**31), 2**31 - 1):
        assert rck.lib.rck_status_name(number) == b"unknown"


def test_version_is_the_headers() -> None:
    major, minor, patch = rck.RCK_VERSION_MAJOR, rck.RCK_VERSION_MINOR, rck.RCK_VERSION_PATCH
    assert rck.lib.rck_version() == major << 16 | minor << 8 | patch
    assert rck.lib.rck_abi_version() == rck.RCK_ABI_VERSION


def test_build_info_names_version_mode_and_compiler() -> None:
    build = rck.Build(struct_size=ctypes.sizeof(rck.Build))
    rck.check(rck.lib.rck_build_info(ctypes.byref(build)))
    version = f"{rck.RCK_VERSION_MAJOR}.{rck.RCK_VERSION_MINOR}.{rck.RCK_VERSION_PATCH}"
    assert build.version.decode() == version
    assert build.abi_version == rck.RCK_ABI_VERSION
    assert build.mode.decode() in {"embedded", "full", "embedded-debug", "full-debug"}
    assert build.compiler and build.commit
