"""코드 블록을 하나씩 제 프로세스와 빈 임시 폴더에서, 시간을 정해 실행합니다.

패키지만 설치한 기계에는 없을 사이트의 도구를 블록은 부르지 못합니다.

torch와 scikit-learn을 읽는 데에 블록마다 CPU 몇 초가 듭니다. 리눅스에서 그것을 부르는 블록은 둘을
미리 읽은 프로세스에서 갈라집니다. 나머지는 파이썬을 새로 시작합니다.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gan_docs.site.make.keys import ROOT, THREADS
from gan_docs.site.page.blocks import Block, commands
from gan_docs.site.page.forks import FORKS, Forked, Forks

SECONDS = 120.0
HIDDEN = ("mkdocs", "pytest", "playwright", "grimp", "lxml", "onnx", "onnxscript", "nbconvert")
DRIVER = f"""
import runpy, sys
sys.modules.update(dict.fromkeys({HIDDEN}))
block, finished = sys.argv[1:]
sys.argv = [block]
runpy.run_path(block, run_name="__main__")
open(finished, "w").close()
"""
HEAVY = ("gan_docs", "sklearn", "torch")  # 이 가운데 하나라도 부르는 블록만 갈라짐
# 숫자를 읽는 것과, torch의 최적화기가 처음에 부르는 것
PRELOADED = ("sklearn.datasets", "torch._dynamo")


@dataclass(frozen=True)
class Outcome:
    """블록을 실행한 결과입니다. `error`는 한 줄의 이유이고, 잘 끝났으면 빈 글입니다."""

    ok: bool
    stdout: str
    stderr: str
    error: str


def run(block: Block, timeout: float = SECONDS) -> Outcome:
    """블록을 실행합니다. 끝까지 가지 않으면 실패이고, 시간이 다 되면 낳은 것까지 모두 멈춥니다."""
    with tempfile.TemporaryDirectory(prefix="gan-docs-block-") as name:
        folder = Path(name)
        (folder / "work").mkdir()
        process = _begin(block, folder)
        try:
            code, late = process.wait(timeout), ""
        except subprocess.TimeoutExpired:
            code, late = 0, f"{timeout:g}초 안에 끝나지 않았습니다"
        finally:
            _kill(process.pid)
        if late:
            process.wait()
        output, errors = (
            (folder / each).read_text("utf-8", "replace") for each in ("stdout", "stderr")
        )
        error = late or _reason(code, (folder / "finished").exists(), errors)
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


def _begin(block: Block, folder: Path) -> subprocess.Popen[bytes] | Forked:
    """블록을 시작합니다. 찍는 글은 폴더의 두 파일에 모입니다."""
    script, finished, workplace = folder / "block", folder / "finished", folder / "work"
    if block.kind == "console":
        script.write_text(f"{commands(block)}\n: > '{finished}'\n", "utf-8")
        command = ["bash", "-e", "-o", "pipefail", str(script)]
    else:
        script.write_text(block.source, "utf-8")
        if FORKS and any(name in block.source for name in HEAVY):
            given = [str(script), str(finished)]
            return _forks().start(
                given, workplace, environment(), folder / "stdout", folder / "stderr"
            )
        command = [sys.executable, "-c", DRIVER, str(script), str(finished)]
    with (folder / "stdout").open("wb") as output, (folder / "stderr").open("wb") as errors:
        return subprocess.Popen(
            command, cwd=workplace, env=environment(), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
        )  # fmt: skip


@cache
def _forks() -> Forks:
    return Forks(PRELOADED, DRIVER, environment())


def _reason(code: int, finished: bool, errors: str) -> str:
    if code:
        lines = [line for line in errors.splitlines() if line.strip()]
        return f"종료 코드 {code}: {lines[-1] if lines else '이유가 적히지 않았습니다'}"
    return "" if finished else "끝까지 가지 않고 0으로 끝났습니다"


def _kill(pid: int) -> None:
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(pid, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGTERM)
