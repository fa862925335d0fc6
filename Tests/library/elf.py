"""What the shipped file must be, each rule a function from a file to what is wrong with it, empty if nothing.

Everything is read with binutils from the file itself; no rule trusts the build.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from checks import ROOT, output

GLIBC_MAX = (2, 17)
BYTES_MAX = 1_150_000


@cache
def read(tool: str, flags: str, path: Path) -> str:
    return output([tool, *flags.split(), path])


def names(list_file: Path) -> list[str]:
    """A checked-in list: a name a line, # begins a comment."""
    lines = (line.split("#")[0].strip() for line in list_file.read_text().splitlines())
    return sorted(line for line in lines if line)


def exported(path: Path) -> list[str]:
    """Names without their version. Not the version's own name, of type A; nor local symbols, in lower case,
    which a linker may leave in the table without anyone being able to bind to them."""
    rows = (line.split() for line in read("nm", "-D --defined-only", path).splitlines())
    return sorted(row[2].split("@")[0] for row in rows if len(row) == 3 and row[1] in "BCDGRSTVWiu")


def imported(path: Path) -> list[str]:
    rows = (line.split() for line in read("nm", "-D --undefined-only", path).splitlines())
    return sorted(row[-1].split("@")[0] for row in rows)


def dynamic(path: Path, tag: str) -> list[str]:
    return re.findall(rf"\({tag}\)\s+(.*)", read("readelf", "-dW", path))


def differs(what: str, found: list[str], wanted: list[str]) -> str:
    more, fewer = sorted(set(found) - set(wanted)), sorted(set(wanted) - set(found))
    return "\n".join([*(f"{what} not on the list: {name}" for name in more), *(f"gone: {n}" for n in fewer)])


def wrong_exports(path: Path) -> str:
    return differs("export", exported(path), names(ROOT / "Tests/abi/exports.txt"))


def foreign_exports(path: Path) -> str:
    return "\n".join(name for name in exported(path) if not name.startswith("rck_"))


def wrong_imports(path: Path) -> str:
    return differs("import", imported(path), names(ROOT / "Tests/library/imports.txt"))


def wrong_needs(path: Path) -> str:
    needed = [re.sub(r".*\[(.*)\]", r"\1", row) for row in dynamic(path, "NEEDED")]
    return "" if needed == ["libc.so.6"] else f"needs {needed}"


def new_symbol_versions(path: Path) -> str:
    rows = re.findall(r"\(GLIBC_([\d.]+)\)\s+(\S+)", read("objdump", "-T", path))
    new = [row for row in rows if tuple(map(int, row[0].split("."))) > GLIBC_MAX]
    return "\n".join(f"{name} is of GLIBC_{version}" for version, name in new)


def wrong_soname(path: Path) -> str:
    rows = dynamic(path, "SONAME")
    return "" if len(rows) == 1 and "[libriskcheck.so.0]" in rows[0] else str(rows)


def not_bound_at_load(path: Path) -> str:
    flags = " ".join(dynamic(path, "FLAGS"))
    return "" if "BIND_NOW" in flags else f"flags: {flags}"


def can_be_unloaded(path: Path) -> str:
    flags = " ".join(dynamic(path, "FLAGS_1"))
    return "" if "NODELETE" in flags else f"flags: {flags}"


def writable_relocations(path: Path) -> str:
    segments = read("readelf", "-lW", path)
    faults = [] if "GNU_RELRO" in segments else ["no GNU_RELRO"]
    faults += ["TEXTREL"] if dynamic(path, "TEXTREL") else []
    return "\n".join(faults)


def executable_stack(path: Path) -> str:
    rows = [line for line in read("readelf", "-lW", path).splitlines() if "GNU_STACK" in line]
    return "" if rows and all(" RWE " not in row for row in rows) else "an executable stack is asked for"


def search_paths(path: Path) -> str:
    return "\n".join(dynamic(path, "RPATH") + dynamic(path, "RUNPATH"))


def left_over_sections(path: Path) -> str:
    sections = re.findall(r"\]\s+(\.\S+)", read("readelf", "-SW", path))
    unwanted = re.compile(r"\.(symtab|debug.*|swift_modhash|comment|note\.gnu\.build-id)$")
    return " ".join(name for name in sections if unwanted.match(name))


def too_large(path: Path) -> str:
    size = path.stat().st_size
    return "" if size < BYTES_MAX else f"{size} bytes"


def traps(path: Path) -> str:
    """Swift compiles each trap to ud2. The shipped file has no names of inner functions, so the rule covers
    all code: what is not there cannot be reached."""
    found = re.findall(
        r"^\s*([0-9a-f]+):.*\s(ud[012])\b", read("objdump", "-d --no-show-raw-insn", path), re.MULTILINE
    )
    return "\n".join(f"{kind} at 0x{address}" for address, kind in found)


def build_paths(path: Path) -> str:
    data = path.read_bytes()
    return "\n".join(text for text in (str(ROOT), str(Path.home())) if text.encode() in data)


RULES: list[tuple[str, Callable[[Path], str]]] = [
    ("exports exactly the names of Tests/abi/exports.txt", wrong_exports),
    ("exports rck_ names only", foreign_exports),
    ("imports exactly the names of Tests/library/imports.txt", wrong_imports),
    ("needs libc.so.6 and nothing else", wrong_needs),
    ("uses no symbol version above GLIBC_2.17", new_symbol_versions),
    ("is called libriskcheck.so.0", wrong_soname),
    ("binds every symbol at load", not_bound_at_load),
    ("stays loaded after dlclose", can_be_unloaded),
    ("has its relocations read-only", writable_relocations),
    ("asks for no executable stack", executable_stack),
    ("has no RPATH and no RUNPATH", search_paths),
    ("is stripped of symbols, debug data, build id and module hash", left_over_sections),
    ("is under 1,150 KB", too_large),
    ("has no trap instruction", traps),
    ("holds no path of the building machine", build_paths),
]
