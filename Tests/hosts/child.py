"""Processes that tests steer through pipes: no clock is involved."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Self

import riskcheck.abi as rck

HERE = Path(__file__).resolve().parent


CHILD = """
import ctypes, os, signal, sys
from ctypes import byref, sizeof
from pathlib import Path
import host, riskcheck as rck
from host import *
from definitions import *
from riskcheck.abi import lib
session = Session()
path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()
def say(*words): print(*words, flush=True)
def wait(): sys.stdin.readline()
"""


class Child:
    """A Python process that runs `script` with this module at hand. It says lines and waits for lines, so
    that both sides know where the other is; no clock is involved.
    """

    def __init__(self, script: str, *arguments: object) -> None:
        search = os.pathsep.join([str(HERE), str(Path(rck.__file__).parents[1])])
        self.process = subprocess.Popen(
            [sys.executable, "-c", CHILD + textwrap.dedent(script), *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": search, "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def line(self) -> str:
        """The next line that the child says; an empty one when it is gone."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def go_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def finish(self) -> str:
        """Lets it run to its end; what it still said. It must not have failed, nor met a signal."""
        rest, _ = self.process.communicate("\n" * 16)
        assert self.process.returncode == 0, f"the child ended with {self.process.returncode}: {rest}"
        return rest.strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def run(script: str, *arguments: object) -> str:
    """Runs a script in a process of its own to its end; what it said."""
    with Child(script, *arguments) as child:
        return child.finish()
