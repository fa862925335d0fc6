"""A virtual environment with the peers in it, below build/, each installed by its own pinned list."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE.parent.parent / "build" / "bench" / "peers-venv"
SECONDS_MAX = 900  # vnpy_riskmanager is compiled when it is installed


def quietly(command: list[str]) -> str:
    """Nothing, or in one line why it failed."""
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=SECONDS_MAX)
    except (OSError, subprocess.SubprocessError) as error:
        return " ".join(str(error).split())
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    errors = [line for line in lines if line.lower().startswith("error")] or lines or ["no reason was given"]
    return "" if done.returncode == 0 else " ".join(errors[0].split())


def interpreter() -> tuple[Path, str]:
    """Python of the environment, which is made if it is not there, and why it cannot be had."""
    python = VENV / "bin" / "python"
    if python.exists():
        return python, ""
    return python, quietly([sys.executable, "-m", "venv", "--clear", str(VENV)])


def install(peer: str, python: Path) -> str:
    """Nothing if the peer is there now; otherwise why it is not. Lists are whole, so that nothing else is taken."""
    requirements = HERE / f"requirements-{peer}.txt"
    stamp = VENV / f"installed-{peer}"
    if stamp.exists() and stamp.read_text() == requirements.read_text():
        return ""
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    fault = quietly([*pip, "--no-deps", "--requirement", str(requirements)])
    if not fault:
        stamp.write_text(requirements.read_text())
    return fault


def installed(peers: list[str]) -> tuple[Path, dict[str, str]]:
    """Python with as many of them as can be had, and why the others are not there."""
    python, fault = interpreter()
    if fault:
        return Path(sys.executable), {peer: f"no virtual environment can be made: {fault}" for peer in peers}
    missing = {}
    for peer in peers:
        fault = install(peer, python)
        if fault:
            missing[peer] = f"it cannot be installed here: {fault}"
    return python, missing
