"""Checks of a test script: one line each, and a closing line that Tests/run reads. Holds no check itself."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Checks:
    """Counts what held, what did not, and what could not be tried."""

    def __init__(self) -> None:
        self.passed = self.failed = self.skipped = 0

    def check(self, name: str, held: bool, detail: str = "") -> bool:
        """`name` says what must hold; `detail` is shown when it does not."""
        if held:
            self.passed += 1
            print(f"ok   {name}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL {name}" + "".join(f"\n     {line}" for line in detail.splitlines()), flush=True)
        return held

    def absent(self, name: str, fault: str) -> bool:
        """Holds when `fault`, a description of what is wrong, is empty."""
        return self.check(name, not fault, fault)

    def skip(self, name: str, remedy: str) -> None:
        """`remedy` says what is missing and how to get it."""
        self.skipped += 1
        print(f"skip {name}: {remedy}", flush=True)

    def close(self) -> int:
        """Prints the closing line; gives the exit status."""
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        return 1 if self.failed else 0


def run(
    command: Sequence[str | Path], cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end, output and errors in one text, plain English whatever the locale."""
    environment = {**os.environ, "LC_ALL": "C", **(env or {})}
    pipe = subprocess.PIPE
    return subprocess.run(
        command, cwd=cwd, env=environment, text=True, stdout=pipe, stderr=subprocess.STDOUT, check=False
    )


def output(command: Sequence[str | Path], cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    """The output of a command that must succeed."""
    done = run(command, cwd, env)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{done.stdout}")
    return done.stdout
