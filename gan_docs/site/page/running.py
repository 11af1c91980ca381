"""코드 블록을 하나씩 제 프로세스와 빈 임시 폴더에서, 시간을 정해 실행합니다."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from gan_docs.site.make.keys import ROOT, THREADS
from gan_docs.site.page.blocks import Block, commands

SECONDS = 120.0
DRIVER = """
import runpy, sys
block, finished = sys.argv[1:]
sys.argv = [block]
runpy.run_path(block, run_name="__main__")
open(finished, "w").close()
"""


@dataclass(frozen=True)
class Outcome:
    """블록을 실행한 결과입니다. `error`는 한 줄의 이유이고, 잘 끝났으면 빈 글입니다."""

    ok: bool
    stdout: str
    stderr: str
    error: str


def run(block: Block, timeout: float = SECONDS) -> Outcome:
    """블록을 실행합니다. 끝까지 가지 않으면 실패이고, 시간이 다 되면 낳은 것까지 모두 멈춥니다."""
    with tempfile.TemporaryDirectory(prefix="gan-docs-block-") as place:
        folder = Path(place)
        script, finished, workplace = folder / "block", folder / "finished", folder / "work"
        workplace.mkdir()
        if block.kind == "console":
            script.write_text(f"{commands(block)}\n: > '{finished}'\n", "utf-8")
            command = ["bash", "-e", "-o", "pipefail", str(script)]
        else:
            script.write_text(block.source, "utf-8")
            command = [sys.executable, "-c", DRIVER, str(script), str(finished)]
        with subprocess.Popen(
            command, cwd=workplace, env=environment(), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            encoding="utf-8", errors="replace",
        ) as process:  # fmt: skip
            try:
                output, errors = process.communicate(timeout=timeout)
                error = _reason(process.returncode, finished.exists(), errors)
            except subprocess.TimeoutExpired:
                _kill(process)
                output, errors = process.communicate()
                error = f"{timeout:g}초 안에 끝나지 않았습니다"
            finally:
                _kill(process)
        return Outcome(not error, output, errors, error)


def environment() -> dict[str, str]:
    """블록이 받을 환경 변수입니다."""
    scripts = str(Path(sys.executable).parent)
    return {
        **os.environ,
        "MPLBACKEND": "Agg",
        "OMP_NUM_THREADS": str(THREADS),
        "PATH": scripts + os.pathsep + os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }


def _reason(code: int, finished: bool, errors: str) -> str:
    if code:
        lines = [line for line in errors.splitlines() if line.strip()]
        return f"종료 코드 {code}: {lines[-1] if lines else '이유가 적히지 않았습니다'}"
    return "" if finished else "끝까지 가지 않고 0으로 끝났습니다"


def _kill(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
