"""무거운 모듈을 미리 읽은 프로세스 하나에서, 일마다 갈라지는 프로세스입니다.

import에 드는 몇 초를 일마다 아낍니다. 리눅스에서만 씁니다: 다른 곳에서는 모듈을 읽은 뒤에 갈라지는
것이 안전하지 않습니다.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from multiprocessing import connection
from pathlib import Path
from typing import IO

FORKS = sys.platform == "linux"
# 갈라진 쪽의 쓰레기 수집이 미리 읽은 것의 메모리를 헤집어 베끼지 않도록 얼려 둠
SERVER = """
import gc, importlib, json, os, sys
for name in {modules}:
    importlib.import_module(name)
gc.freeze()
for line in sys.stdin:
    if not (child := os.fork()):
        break
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
else:
    sys.exit()
sys.argv[1:], place, variables, *files = json.loads(line)
os.setsid()
os.chdir(place)
os.environ.clear()
os.environ.update(variables)
for number, file in enumerate((os.devnull, *files)):
    os.dup2(os.open(file, os.O_RDWR | os.O_APPEND), number)
"""


class Forks:
    """`modules`를 미리 읽고, 갈라질 때마다 `code`를 실행하는 프로세스입니다.

    Args:
        modules: 미리 읽을 모듈의 이름.
        code: 갈라진 프로세스가 실행할 코드. `sys.argv[1:]`에 인자가 있습니다.
        variables: 미리 읽을 때의 환경 변수.
    """

    def __init__(self, modules: Sequence[str], code: str, variables: Mapping[str, str]) -> None:
        self.code = SERVER.format(modules=tuple(modules)) + code
        self.variables = dict(variables)

    def start(
        self,
        arguments: Sequence[str],
        place: Path,
        variables: Mapping[str, str],
        output: Path,
        errors: Path,
    ) -> Forked:
        """폴더 `place`에서 갈라집니다. 찍는 글은 두 파일에 모입니다. 한 번에 하나씩 부릅니다."""
        for file in (output, errors):
            file.touch()
        orders, answers = self.server
        order = json.dumps([[*arguments], str(place), {**variables}, str(output), str(errors)])
        orders.write(f"{order}\n".encode())
        return Forked(answers)

    @cached_property
    def server(self) -> tuple[IO[bytes], IO[bytes]]:
        """갈라질 프로세스의 입력과 출력입니다. 이 프로세스가 끝나면 입력이 닫혀 따라 끝납니다."""
        process = subprocess.Popen(
            [sys.executable, "-c", self.code], env=self.variables, bufsize=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        atexit.register(process.__exit__, None, None, None)
        assert process.stdin
        assert process.stdout
        return process.stdin, process.stdout


class Forked:
    """갈라진 프로세스입니다."""

    def __init__(self, answers: IO[bytes]) -> None:
        self.answers = answers
        self.pid = int(answers.readline())

    def wait(self, timeout: float | None = None) -> int:
        """끝나기를 기다려 종료 코드를 냅니다. 시간이 다 되면 `TimeoutExpired`를 냅니다."""
        if not connection.wait([self.answers.fileno()], timeout):
            raise subprocess.TimeoutExpired("갈라진 프로세스", timeout or 0.0)
        return os.waitstatus_to_exitcode(int(self.answers.readline()))
