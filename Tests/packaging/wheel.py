"""The wheel: what it holds, that its tag is true, and that it serves where there is nothing else."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from checks import ROOT, Checks, output, run
from tree import files

HERE = Path(__file__).resolve().parent
SOURCE = ROOT / "bindings/python"
LIBRARY = Path(os.environ.get("RISKCHECK_LIBRARY") or ROOT / "build/lib/libriskcheck.so.0").resolve()
METADATA = """\
Metadata-Version: 2.4
Name: riskcheck
Version: {version}
Summary: Pre-trade and real-time risk inside the trading process
License-Expression: Apache-2.0
License-File: LICENSE
Requires-Python: >=3.11
Description-Content-Type: text/markdown
Provides-Extra: numpy
Requires-Dist: numpy>=2 ; extra == "numpy"
"""
# A library of the right version that needs a newer glibc than ours: dlsym has been in libc since 2.34.
NEEDY = """
void *dlsym(void *, const char *);
unsigned rck_version(void) {{ return dlsym(0, "rck") ? 0 : {version}; }}
"""


class Desk:
    """A clean virtual environment, in which and by which everything is done. Nothing of ours comes through its
    environment, and only its own programs are in PATH."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.venv = work / "venv"
        output([sys.executable, "-m", "venv", self.venv])
        found = output(
            [self.venv / "bin/python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
        )
        self.packages = Path(found.strip())

    def run(self, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        known = {
            "PATH": str(self.venv / "bin"),
            "HOME": str(self.work),
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": "",
        }
        return subprocess.run(
            [self.venv / "bin/python", *words],
            cwd=self.work,
            env=known | environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )

    def pip(self, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        offline = ("--no-index", "--no-deps") if words[0] != "uninstall" else ()
        return self.run(
            "-m", "pip", "--disable-pip-version-check", "--isolated", *words, *offline, **environment
        )

    def build(self, folder: str, source: Path = SOURCE, **environment: str) -> tuple[Path | None, str]:
        """The wheel that pip makes of `source`, or None, and what was said."""
        place = self.work / folder
        environment = {"RISKCHECK_LIBRARY": str(LIBRARY)} | environment
        done = self.pip("wheel", "--wheel-dir", place, source, **environment)
        wheels = list(place.glob("*.whl"))
        return wheels[0] if done.returncode == 0 and len(wheels) == 1 else None, done.stdout

    def installed(self) -> set[str]:
        return {str(path.relative_to(self.packages)) for path in self.packages.rglob("*")}


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def expected_files(version: str) -> list[str]:
    tracked = [path for path in files() if path.is_relative_to("bindings/python/riskcheck")]
    package = [path.relative_to("bindings/python").as_posix() for path in tracked]
    listed = [
        f"riskcheck-{version}.dist-info/{name}"
        for name in ("METADATA", "WHEEL", "RECORD", "licenses/LICENSE")
    ]
    return sorted([*package, *listed, "riskcheck/libriskcheck.so.0"])


def wrong_record(inside: dict[str, bytes]) -> str:
    """What RECORD says that is not so."""
    name = next(name for name in inside if name.endswith("/RECORD"))
    lines = []
    for each, data in inside.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{name},," if each == name else f"{each},sha256={digest},{len(data)}")
    listed = inside[name].decode().splitlines()
    return "\n".join(sorted(set(lines) ^ set(listed)))


def building_paths(inside: dict[str, bytes]) -> str:
    paths = {str(ROOT), str(Path.home()), str(LIBRARY.parent)}
    return "\n".join(
        f"{name}: {path}" for name, data in inside.items() for path in paths if path.encode() in data
    )


def check_contents(checks: Checks, wheel: Path, version: str) -> None:
    inside = contents(wheel)
    found = sorted(inside)
    checks.check("the wheel holds exactly its files", found == expected_files(version), "\n".join(found))
    info = f"riskcheck-{version}.dist-info"
    told = inside[f"{info}/METADATA"].decode()
    wanted = METADATA.format(version=version) + "\n" + (SOURCE / "README.md").read_text()
    checks.check("its metadata are the project's, its version the header's", told == wanted, told)
    tag = wheel.stem.removeprefix(f"riskcheck-{version}-")
    said = inside[f"{info}/WHEEL"].decode().splitlines()
    checks.check("its name and its list agree on the tag", f"Tag: {tag}" in said, "\n".join(said))
    checks.check(
        "its library is the one that was built", inside["riskcheck/libriskcheck.so.0"] == LIBRARY.read_bytes()
    )
    checks.check("it has the licence", inside[f"{info}/licenses/LICENSE"] == (ROOT / "LICENSE").read_bytes())
    checks.absent("it records each file with its digest", wrong_record(inside))
    checks.check(
        "a changed file shows in the record", wrong_record(inside | {"riskcheck/py.typed": b"x"}) != ""
    )
    checks.absent("no file in it names the building machine", building_paths(inside))


def check_bytes(checks: Checks, desk: Desk, wheel: Path) -> None:
    """Built again of a copy somewhere else, whose files are all of another time."""
    copy = desk.work / "another place"
    for name in ("bindings/python", "include"):
        shutil.copytree(ROOT / name, copy / name, copy_function=shutil.copyfile)
    shutil.copyfile(ROOT / "LICENSE", copy / "LICENSE")
    again, said = desk.build("again", copy / "bindings/python")
    same = again is not None and again.name == wheel.name and again.read_bytes() == wheel.read_bytes()
    checks.check("the same files give the same bytes, in another place", same, said)
    later, said = desk.build("later", SOURCE_DATE_EPOCH="1700000000")
    times = {entry.date_time for entry in zipfile.ZipFile(later).infolist()} if later else set()
    checks.check("SOURCE_DATE_EPOCH is the time of every file", times == {(2023, 11, 14, 22, 13, 20)}, said)


def check_refusals(checks: Checks, desk: Desk, version: str) -> None:
    for name, wanted, environment in (
        ("without a library it says what to do", "run `make lib` first: ", {"RISKCHECK_LIBRARY": ""}),
        (
            "a library that is not there is named",
            "nowhere.so: No such file",
            {"RISKCHECK_LIBRARY": "/nowhere.so"},
        ),
        ("another library is refused", "is no riskcheck library", {"RISKCHECK_LIBRARY": "/bin/true"}),
    ):
        wheel, said = desk.build("refused", desk.work / "another place/bindings/python", **environment)
        checks.check(name, wheel is None and wanted in said and "Traceback" not in said, said)
    old = needy(desk.work, 1)
    wheel, said = desk.build("refused", RISKCHECK_LIBRARY=str(old))
    wanted = f"is of version 0.0.1, the header of {version}"
    checks.check(
        "a library of another version than the header is refused", wheel is None and wanted in said, said
    )
    done = desk.pip("install", "--editable", SOURCE)
    refused = done.returncode != 0 and "PYTHONPATH=bindings/python" in done.stdout
    checks.check("an editable installation says what does it instead", refused, done.stdout)
    done = desk.run("-c", "import riskcheck_wheel; riskcheck_wheel.build_sdist('.')", PYTHONPATH=str(SOURCE))
    refused = "UnsupportedOperation: riskcheck's source is its repository" in done.stdout
    checks.check("a source distribution is refused by the name that PEP 517 gives it", refused, done.stdout)


def needy(work: Path, version: int) -> Path:
    source, library = work / "needy.c", work / f"needy-{version}.so"
    source.write_text(NEEDY.format(version=version))
    output(["gcc", "-shared", "-fPIC", source, "-o", library])
    return library


def audited(wheel: Path) -> str:
    """The platform that auditwheel finds in the library's needs, or what it said instead."""
    done = run([ROOT / "build/venv/bin/python", "-m", "auditwheel", "show", wheel])
    found = re.search(r'following platform tag:\s+"(\S+)"', done.stdout)
    return found[1] if found else done.stdout


def check_tag(checks: Checks, desk: Desk, wheel: Path, version: str) -> None:
    names = ("the wheel is what auditwheel says", "a library that needs more makes a wheel that says so")
    if run([ROOT / "build/venv/bin/python", "-c", "import auditwheel"]).returncode:
        for name in names:
            checks.skip(name, "auditwheel is missing: make venv installs it")
        return
    checks.check(names[0], wheel.stem.endswith(f"-py3-none-{audited(wheel)}"), audited(wheel))
    major, minor, patch = map(int, version.split("."))
    more, said = desk.build("more", RISKCHECK_LIBRARY=str(needy(desk.work, major << 16 | minor << 8 | patch)))
    if checks.check("a library that needs more makes a wheel, too", more is not None, said) and more:
        newer = more.name != wheel.name and more.stem.endswith(f"-py3-none-{audited(more)}")
        checks.check(names[1], newer, f"{more.name}: {audited(more)}")


def check_use(checks: Checks, desk: Desk, wheel: Path) -> None:
    """Installed from the archive, and from the folder."""
    library = desk.packages / "riskcheck/libriskcheck.so.0"
    wanted = f"{library}\nNone\npassed\nrefused: RCK_REJECT_ORDER_QUANTITY by order quantity at account 1 "
    before = desk.installed()
    for what, source in (("the wheel", wheel), ("the folder", SOURCE)):
        done = desk.pip("install", source, RISKCHECK_LIBRARY=str(LIBRARY))
        checks.check(f"pip installs {what}", done.returncode == 0, done.stdout)
        done = desk.run(HERE / "first_check.py")
        held = done.returncode == 0 and done.stdout.startswith(wanted)
        checks.check(
            f"what it installed checks orders by its own library, without Swift ({what})", held, done.stdout
        )
        done = desk.pip("uninstall", "--yes", "riskcheck")
        left = sorted(desk.installed() ^ before)
        checks.check(
            f"uninstalling leaves nothing ({what})", done.returncode == 0 and not left, "\n".join(left)
        )


def check_wheel(checks: Checks, work: Path, version: str) -> None:
    desk = Desk(work)
    wheel, said = desk.build("wheel")
    if not checks.check("pip makes a wheel of the package", wheel is not None, said) or wheel is None:
        return
    check_contents(checks, wheel, version)
    check_bytes(checks, desk, wheel)
    check_refusals(checks, desk, version)
    check_tag(checks, desk, wheel, version)
    check_use(checks, desk, wheel)
