"""The programs in the README do what they say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

LIBRARY = Path(os.environ["RISKCHECK_LIBRARY"])
README = (ROOT / "README.md").read_text()
BUILD = {
    "c": ["gcc", "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror"],
    "cpp": ["g++", "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror"],
}


def program(language: str) -> str:
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1, f"the README has one program in {language}"
    return str(blocks[0])


def output(command: list[str], **environment: str) -> str:
    done = subprocess.run(command, check=False, env=os.environ | environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def printed(language: str) -> str:
    """What the README says that its program prints: the first block without a language behind it."""
    after = README[README.index(f"```{language}\n") :]
    blocks = re.findall(r"^```([a-z]*)\n(.*?)^```$", after, re.MULTILINE | re.DOTALL)
    return next(str(text) for kind, text in blocks if not kind)


@pytest.mark.parametrize(
    ("language", "refusal"),
    [("cpp", "RCK_REJECT_ORDER_QUANTITY"), ("c", "RCK_REJECT_POSITION_LONG")],
)
def test_the_compiled_programs_run(tmp_path: Path, language: str, refusal: str) -> None:
    source, binary = tmp_path / f"hello.{language}", tmp_path / "hello"
    source.write_text(program(language))
    folder = LIBRARY.parent
    link = [f"-I{ROOT / 'include'}", f"-L{folder}", "-lriskcheck", f"-Wl,-rpath,{folder}"]
    output([*BUILD[language], str(source), "-o", str(binary), *link])
    told = output([str(binary)])
    assert told == printed(language)
    assert told.startswith("passed\nrefused: " + refusal)


def test_the_python_program_runs(tmp_path: Path) -> None:
    script = tmp_path / "hello.py"
    script.write_text(program("python"))
    environment = {"RISKCHECK_LIBRARY": str(LIBRARY), "PYTHONPATH": str(ROOT / "bindings/python")}
    told = output([sys.executable, str(script)], **environment)
    assert told == printed("python")
    assert told.startswith("passed\nrefused: RCK_REJECT_HALTED")
