"""Builds the wheel, for pip and whatever else speaks PEP 517, with nothing but the standard library; as a program,
`riskcheck_wheel.py DIRECTORY`, into a directory.

A wheel is an archive with three lists in it. What is particular here, a library that another tool has built and a
tag that tells what it needs, a general backend would have to be taught in more lines than these. It compiles and
fetches nothing, and the same files give the same bytes.
"""

import base64
import ctypes
import hashlib
import os
import re
import sys
import time
import tomllib
import zipfile
from pathlib import Path
from typing import Any, NoReturn

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SONAME = "libriskcheck.so.0"
# The oldest glibc that the library is promised for, whatever less it may need.
GLIBC_MINOR_MIN = 17
# The oldest time that an archive can hold.
EPOCH_MIN = 315532800

Settings = dict[str, Any] | None


class UnsupportedOperation(Exception):
    """What PEP 517 has a backend raise for a source distribution that it does not make."""


def build_wheel(directory: str, settings: Settings = None, metadata_directory: str | None = None) -> str:
    library = find_library()
    tag = tag_of(library)
    folder = f"riskcheck-{version()}.dist-info"
    files = package_files()
    files[f"riskcheck/{SONAME}"] = library
    files |= {f"{folder}/{name}": text for name, text in dist_info(tag).items()}
    files[f"{folder}/RECORD"] = record(files, f"{folder}/RECORD")
    name = f"riskcheck-{version()}-{tag}.whl"
    write_archive(Path(directory) / name, files)
    return name


def prepare_metadata_for_build_wheel(directory: str, settings: Settings = None) -> str:
    folder = f"riskcheck-{version()}.dist-info"
    for name, text in dist_info(tag_of(find_library())).items():
        path = Path(directory) / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return folder


def build_sdist(directory: str, settings: Settings = None) -> NoReturn:
    raise UnsupportedOperation(
        "riskcheck's source is its repository: the library is built by `make lib` there"
    )


def build_editable(
    directory: str, settings: Settings = None, metadata_directory: str | None = None
) -> NoReturn:
    raise SystemExit(
        "riskcheck is not installed editable: to run it from the repository, set PYTHONPATH=bindings/python and "
        "RISKCHECK_LIBRARY=build/lib/libriskcheck.so"
    )


def version() -> str:
    header = (ROOT / "include/riskcheck.h").read_text("utf-8")
    numbers = dict(re.findall(r"^#define RCK_VERSION_(\w+) (\d+)$", header, re.MULTILINE))
    return "{MAJOR}.{MINOR}.{PATCH}".format_map(numbers)


def find_library() -> bytes:
    chosen = os.environ.get("RISKCHECK_LIBRARY")
    path = Path(chosen) if chosen else ROOT / "build/lib" / SONAME
    try:
        library = path.read_bytes()
    except OSError as error:
        remedy = "RISKCHECK_LIBRARY names it" if chosen else "run `make lib` first"
        raise SystemExit(f"no library for the wheel, {remedy}: {path}: {error.strerror}") from None
    if told(path) != version():
        raise SystemExit(
            f"{path} is of version {told(path)}, the header of {version()}: run `make lib` first"
        )
    return library


def told(path: Path) -> str:
    """The version that a library tells of itself."""
    try:
        number = ctypes.CDLL(str(path.resolve())).rck_version()
    except (OSError, AttributeError) as error:
        raise SystemExit(f"{path} is no riskcheck library: {error}") from None
    return f"{number >> 16}.{number >> 8 & 255}.{number & 255}"


def tag_of(library: bytes) -> str:
    """By the newest symbol version of glibc that the library names: a text that happens to look like one could only
    make the tag ask for more than is needed."""
    needed = [int(minor) for minor in re.findall(rb"GLIBC_2\.(\d+)(?:\.\d+)?\0", library)]
    return f"py3-none-manylinux_2_{max([GLIBC_MINOR_MIN, *needed])}_x86_64"


def package_files() -> dict[str, bytes]:
    paths = [*HERE.glob("riskcheck/**/*.py"), HERE / "riskcheck/py.typed"]
    return {path.relative_to(HERE).as_posix(): path.read_bytes() for path in sorted(paths)}


def dist_info(tag: str) -> dict[str, bytes]:
    """All but RECORD."""
    wheel = f"Wheel-Version: 1.0\nGenerator: riskcheck {version()}\nRoot-Is-Purelib: false\nTag: {tag}\n"
    licence = (ROOT / "LICENSE").read_bytes()
    return {"METADATA": metadata().encode(), "WHEEL": wheel.encode(), "licenses/LICENSE": licence}


def metadata() -> str:
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {project['name']}",
        f"Version: {version()}",
        f"Summary: {project['description']}",
        f"License-Expression: {project['license']}",
        "License-File: LICENSE",
        f"Requires-Python: {project['requires-python']}",
        "Description-Content-Type: text/markdown",
    ]
    for extra, requirements in project["optional-dependencies"].items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {requirement} ; extra == "{extra}"' for requirement in requirements]
    readme = (HERE / str(project["readme"])).read_text("utf-8")
    return "\n".join(lines) + "\n\n" + readme


def record(files: dict[str, bytes], own_name: str) -> bytes:
    """Every file with its digest and size, but for the list itself."""
    lines = []
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(data)}\n")
    return ("".join(lines) + f"{own_name},,\n").encode()


def write_archive(path: Path, files: dict[str, bytes]) -> None:
    """Stored, not deflated: what deflating gives depends on the version of zlib. The file appears whole or not."""
    epoch = max(EPOCH_MIN, int(os.environ.get("SOURCE_DATE_EPOCH") or EPOCH_MIN))
    unfinished = path.with_suffix(".new")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, time.gmtime(epoch)[:6])
            entry.create_system = 3  # Unix, whose modes follow
            entry.external_attr = (0o100755 if name.endswith(SONAME) else 0o100644) << 16
            archive.writestr(entry, data)
    unfinished.replace(path)


if __name__ == "__main__":
    print(build_wheel(sys.argv[1]))
