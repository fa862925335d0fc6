"""Compiles the programs of the harness into build/bench, each unless it is up to date. Runs none of them."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "Benchmarks"
OUTPUT = ROOT / "build" / "bench"
LIBRARY = ROOT / "build" / "lib" / "libriskcheck.so"


def newer(target: Path, sources: list[Path]) -> bool:
    return target.exists() and all(target.stat().st_mtime > source.stat().st_mtime for source in sources)


def compile_program(
    name: str, library: Path | None, target: str = "", flags: list[str] | None = None
) -> Path:
    """Compiles NAME.cpp into build/bench unless it is up to date."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    program = OUTPUT / (target or name)
    compiler = shlex.split(os.environ.get("CXX", "c++"))
    command = [*compiler, "-std=c++20", *(flags or ["-O3"]), "-Wall", "-Wextra", "-Wpedantic", "-pthread"]
    command += [f"-I{ROOT / 'include'}", str(SOURCES / f"{name}.cpp"), "-o", str(program)]
    inputs = [
        *SOURCES.glob("**/*.h"),
        SOURCES / f"{name}.cpp",
        Path(__file__),
        *(ROOT / "include").glob("*.h"),
    ]
    if library is not None:
        command += [str(library), f"-Wl,-rpath,{library.parent}"]
    stamp = OUTPUT / f"{program.name}.command"
    line = shlex.join(command)
    if newer(program, inputs) and stamp.exists() and stamp.read_text() == line:
        return program
    subprocess.run(command, check=True)
    stamp.write_text(line)
    return program


def build(library: Path) -> Path:
    if not library.exists():
        sys.exit(f"{library} is not there: run `make lib` first")
    compile_program("riskbench_load", None, "riskbench-load")
    return compile_program("riskbench", library)


def build_checker(library: Path) -> Path:
    return compile_program("riskbench_check", library, "riskbench-check", ["-O2"])
