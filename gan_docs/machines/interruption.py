"""멈추라는 신호를 스텝과 스텝 사이에서만 듣습니다."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

HANGUP = getattr(signal, "SIGHUP", None)  # 윈도에는 없음


class Stopped(KeyboardInterrupt):
    """신호를 받고, 저장을 마친 뒤에 멈추었습니다.

    Attributes:
        number: 받은 신호의 번호.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@contextmanager
def heard_signals(*, insist: bool = True) -> Iterator[list[int]]:
    """Ctrl-C(SIGINT)와 SIGTERM, 닫힌 터미널(SIGHUP)을 받아 적기만 합니다.

    한 스텝의 가운데에서 멈추면 판별기만 고친 어중간한 상태가 남습니다. `nohup`으로 불렀으면
    터미널이 닫혀도 이어 갑니다.

    Args:
        insist: 두 번째 Ctrl-C에는 곧바로 멈출지. `torchrun`은 한 번을 두 번으로 전하기도 합니다.

    Yields:
        받은 신호의 번호들. 부른 쪽이 스텝마다 봅니다.
    """
    heard: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        if insist and number == signal.SIGINT and signal.SIGINT in heard:
            raise KeyboardInterrupt
        heard.append(number)

    if threading.current_thread() is not threading.main_thread():
        yield heard  # 신호는 주 스레드만 받음
        return
    numbers = [signal.SIGINT, signal.SIGTERM]
    if HANGUP and signal.getsignal(HANGUP) != signal.SIG_IGN:
        numbers.append(HANGUP)
    before = {number: signal.signal(number, hear) for number in numbers}
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
