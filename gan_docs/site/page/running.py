"""코드 블록을 하나씩 제 프로세스와 빈 임시 폴더에서, 시간을 정해 실행합니다.

패키지만 설치한 기계에는 없을 사이트의 도구를 블록은 부르지 못합니다.

torch와 scikit-learn을 읽는 데에 블록마다 CPU 몇 초가 듭니다. 리눅스에서는 둘을 미리 읽은 프로세스
하나가 블록마다 갈라져 그만큼을 아낍니다. 다른 곳에서는 torch를 읽은 뒤에 갈라지는 것이 안전하지
않아, 블록마다 파이썬을 새로 시작합니다.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from multiprocessing import connection
from pathlib import Path
from typing import IO

from gan_docs.site.make.keys import ROOT, THREADS
from gan_docs.site.page.blocks import Block, commands

SECONDS = 120.0
FORKS = sys.platform == "linux"
HIDDEN = ("mkdocs", "pytest", "playwright", "grimp", "lxml", "onnx", "onnxscript", "nbconvert")
DRIVER = f"""
import runpy, sys
sys.modules.update(dict.fromkeys({HIDDEN}))
block, finished = sys.argv[1:]
sys.argv = [block]
runpy.run_path(block, run_name="__main__")
open(finished, "w").close()
"""
# 블록의 쓰레기 수집이 torch의 메모리를 헤집어 베끼지 않도록 얼려 둠
FORKING = """
import gc, json, os, sys
import sklearn.datasets, torch._dynamo  # 숫자를 읽는 것과, torch의 최적화기가 처음에 부르는 것
gc.freeze()
for line in sys.stdin:
    if not (child := os.fork()):
        break
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
else:
    sys.exit()
sys.argv[1:], place, variables = json.loads(line)
os.setsid()
os.chdir(place)
os.environ.clear()
os.environ.update(variables)
for number, file in enumerate((os.devnull, "../stdout", "../stderr")):
    os.dup2(os.open(file, os.O_RDWR), number)
del gc, json, sklearn, torch, line, child, place, variables, number, file
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
    with tempfile.TemporaryDirectory(prefix="gan-docs-block-") as name:
        folder = Path(name)
        (folder / "work").mkdir()
        for each in ("stdout", "stderr"):
            (folder / each).touch()
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
        if FORKS:
            return Forked(json.dumps([[str(script), str(finished)], str(workplace), environment()]))
        command = [sys.executable, "-c", DRIVER, str(script), str(finished)]
    with (folder / "stdout").open("wb") as output, (folder / "stderr").open("wb") as errors:
        return subprocess.Popen(
            command, cwd=workplace, env=environment(), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
        )  # fmt: skip


class Forked:
    """torch를 미리 읽은 프로세스에서 갈라진 블록입니다. 한 번에 하나씩 시작합니다."""

    def __init__(self, order: str) -> None:
        self.orders, self.answers = _forking()
        self.orders.write(f"{order}\n".encode())
        self.pid = int(self.answers.readline())

    def wait(self, timeout: float | None = None) -> int:
        """끝나기를 기다려 종료 코드를 냅니다. 시간이 다 되면 `TimeoutExpired`를 냅니다."""
        if not connection.wait([self.answers.fileno()], timeout):
            raise subprocess.TimeoutExpired("블록", timeout or 0.0)
        return os.waitstatus_to_exitcode(int(self.answers.readline()))


@cache
def _forking() -> tuple[IO[bytes], IO[bytes]]:
    """갈라질 프로세스의 입력과 출력입니다. 이 프로세스가 끝나면 입력이 닫혀 따라 끝납니다."""
    process = subprocess.Popen(
        [sys.executable, "-c", FORKING + DRIVER], env=environment(), bufsize=0,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    atexit.register(process.__exit__, None, None, None)
    assert process.stdin
    assert process.stdout
    return process.stdin, process.stdout


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
