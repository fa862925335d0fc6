"""Runs the tool, and takes apart what it says. It expects nothing."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks import ROOT

TOOL = Path(os.environ.get("RISKCHECK_TOOL", ROOT / "build/bin/riskcheck")).resolve()
FINE, DIFFERS, MISUSED, UNREADABLE, FAILED = range(5)


@dataclass
class Said:
    """What a run of the tool printed, and its exit status."""

    exit_status: int
    text: str
    errors: str

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def objects(self) -> list[Any]:
        return [json.loads(line) for line in self.lines]

    @property
    def object(self) -> Any:
        (only,) = self.objects
        return only

    def __str__(self) -> str:
        return f"exit status {self.exit_status}\n{self.text[:4000]}{self.errors[:4000]}"


def say(*words: str | Path) -> Said:
    """Runs the tool to its end."""
    done = subprocess.run([TOOL, *words], text=True, capture_output=True, check=False)
    return Said(done.returncode, done.stdout, done.stderr)
