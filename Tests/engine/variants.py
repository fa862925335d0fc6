"""Compiles the sample engine in the variants that are run, and planted with a fault."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checks import ROOT, Checks, run

SOURCES = ROOT / "bindings/cpp/examples/engine"
BUILD = ROOT / "build/engine-tests"
LIBRARY = Path(os.environ.get("RISKCHECK_LIBRARY", ROOT / "build/lib/libriskcheck.so")).resolve()
FLAGS: list[str | Path] = [
    "-std=c++20",
    "-O1",
    "-g1",
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Werror",
    "-pthread",
]
FLAGS += ["-I", ROOT / "include", "-I", ROOT / "bindings/cpp/include"]
ADDRESS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
THREAD = ("-fsanitize=thread",)
# Sources that are changed by themselves, or linked with tests of their own. Reading the standard library takes longer
# than the others: they are one unit.
APART = ("desk", "gateway", "market_seed", "trader")


def compile_all(sources: list[Path], folder: Path, flags: tuple[str, ...]) -> tuple[list[Path], str]:
    """Objects of the sources, as many at once as there are cores; and what was said if one does not compile."""
    folder.mkdir(parents=True, exist_ok=True)
    objects = [folder / f"{source.stem}.o" for source in sources]

    def one(source: Path, target: Path) -> str:
        done = run(["g++", *FLAGS, f"-I{SOURCES}", *flags, "-c", source, "-o", target])
        return "" if done.returncode == 0 else done.stdout

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        said = list(pool.map(one, sources, objects))
    return objects, "".join(said)


def link(objects: list[Path], target: Path, flags: tuple[str, ...]) -> str:
    libraries: list[str | Path] = ["-L", LIBRARY.parent, "-lriskcheck", f"-Wl,-rpath,{LIBRARY.parent}"]
    done = run(["g++", "-pthread", *flags, *objects, "-o", target, *libraries])
    return "" if done.returncode == 0 else done.stdout


def engine(checks: Checks, name: str, flags: tuple[str, ...]) -> Path | None:
    """The sample engine, whole: in one unit, as `make demo` has it, or with some apart, so that one can be changed."""
    folder = BUILD / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sources = sorted(SOURCES.glob("*.cpp"))
    apart = [source for source in sources if flags != THREAD and source.stem in APART]
    united = [source for source in sources if source not in apart]
    (folder / "unit.cpp").write_text("".join(f'#include "{source.name}"\n' for source in united))
    objects, fault = compile_all([folder / "unit.cpp", *apart], folder, flags)
    fault = fault or link(objects, folder / "engine", flags)
    return folder / "engine" if checks.absent(f"the engine compiles ({name})", fault) else None


def changed(
    checks: Checks, whole: Path, source: str, old: str, new: str, flags: tuple[str, ...]
) -> Path | None:
    """The engine `whole` with one source changed in one place."""
    folder = BUILD / f"planted-{source.split('.')[0]}"
    planted = plant(folder, source, old, new)
    objects, fault = compile_all([planted], folder, flags)
    rest = [each for each in whole.parent.glob("*.o") if each.stem != planted.stem]
    fault = fault or link([*rest, *objects], folder / "engine", flags)
    return folder / "engine" if checks.absent(f"a planted {source} compiles", fault) else None


def trader(checks: Checks, name: str, whole: Path, planted: Path | None = None) -> Path | None:
    """The tests of a strategy, with the objects of an engine; and with a planted trader.cpp instead of its own."""
    folder = BUILD / f"trader-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    sources = [ROOT / "Tests/engine/trader_test.cpp", *([planted] if planted is not None else [])]
    objects, fault = compile_all(sources, folder, ADDRESS)
    needed = ("desk", "market_seed") if planted is not None else ("desk", "market_seed", "trader")
    objects += [whole.parent / f"{each}.o" for each in needed]
    fault = fault or link(objects, folder / "trader_test", ADDRESS)
    return folder / "trader_test" if checks.absent(f"a strategy's tests compile ({name})", fault) else None


def counted(checks: Checks, whole: Path) -> Path | None:
    """The engine `whole`, which is one with AddressSanitizer, and tells what its threads allocate."""
    folder = BUILD / "counted"
    objects, fault = compile_all([ROOT / "Tests/engine/allocations.cpp"], folder, ADDRESS)
    fault = fault or link([*whole.parent.glob("*.o"), *objects], folder / "engine", ADDRESS)
    return folder / "engine" if checks.absent("an engine that tells allocations compiles", fault) else None


def plant(folder: Path, source: str, old: str, new: str) -> Path:
    text = (SOURCES / source).read_text()
    if text.count(old) != 1:
        raise ValueError(f"{source} has not once: {old}")
    folder.mkdir(parents=True, exist_ok=True)
    planted = folder / source
    planted.write_text(text.replace(old, new))
    return planted


def venue(checks: Checks, name: str, book: Path | None = None) -> Path | None:
    """The venue's own tests; with a planted book.hpp beside the other headers' way."""
    folder = BUILD / f"venue-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    sources = [ROOT / "Tests/engine/venue_test.cpp", SOURCES / "venue.cpp"]
    flags: tuple[str, ...] = ADDRESS
    if (
        book is not None
    ):  # headers beside an including file come first: so all of them stand beside the planted one
        for header in SOURCES.glob("*.hpp"):
            if header.name != book.name:
                shutil.copy(header, book.parent)
        sources[1] = Path(shutil.copy(sources[1], book.parent))
        flags = (f"-I{book.parent}", *ADDRESS)
    objects, fault = compile_all(sources, folder, flags)
    fault = fault or link(objects, folder / "venue_test", ADDRESS)
    return folder / "venue_test" if checks.absent(f"the venue's tests compile ({name})", fault) else None
