"""The golden percentiles that the histogram's unit test compares with are those of HdrHistogram itself."""

import subprocess
import sys

from conftest import ROOT


def test_the_golden_percentiles_are_hdr_histograms() -> None:
    script = ROOT / "Tests/RiskMemoryTests/hdr_golden.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
