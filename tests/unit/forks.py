"""torch를 한 번만 읽은 서버가 낳는 프로세스입니다."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

SERVER: Any = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload(
    ["gan_docs.cli.commands", "torch._dynamo", "sklearn.datasets", "pytest"]
)


def start(function: Callable[..., None], *given: object) -> BaseProcess:
    process: BaseProcess = SERVER.Process(target=function, args=given, daemon=True)
    process.start()
    return process


def asked(function: Callable[..., None], *given: object) -> tuple[BaseProcess, Connection]:
    """답할 곳을 마지막 인자로 받는 함수를 시작하고, 그 답을 들을 곳을 함께 냅니다."""
    answers, place = SERVER.Pipe(duplex=False)
    return start(function, *given, place), answers


def ended(process: BaseProcess) -> int | None:
    process.join(100)
    return process.exitcode
