"""The files of the project: what is tracked or would be, without anything built."""

import os
import shutil
import subprocess
from pathlib import Path

from checks import ROOT

BUILT = ("build", "__pycache__")


def files() -> list[Path]:
    """Paths relative to the root, in order. Outside a repository, everything that is not a build product."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if listed.returncode == 0 and (ROOT / ".git").exists():
        names = {Path(name) for name in listed.stdout.split("\0") if name}
        return sorted(name for name in names if (ROOT / name).is_file())
    found: list[Path] = []
    for folder, below, names_here in os.walk(ROOT):
        below[:] = [name for name in below if name not in BUILT and (name == ".ci" or name[0] != ".")]
        found += [(Path(folder) / name).relative_to(ROOT) for name in names_here]
    return sorted(found)


def copy(destination: Path) -> None:
    """Copies the files below `destination`, with their modes."""
    for name in files():
        target = destination / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target, follow_symlinks=False)


def is_python(path: Path) -> bool:
    """By name, or by the first line of a script without a suffix."""
    return path.suffix == ".py" or (path.suffix == "" and "python3" in first_line(path))


def first_line(path: Path) -> str:
    """The interpreter's line of a script; empty for anything else."""
    with (ROOT / path).open("rb") as file:
        line = file.readline(200).decode("utf-8", "replace")
    return line if line.startswith("#!") else ""
