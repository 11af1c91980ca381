"""여러 방법의 시간을 번갈아 재고, 몇 배 빠른지 견줍니다."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray


def nothing() -> None:
    """기다릴 것이 없습니다."""


# --8<-- [start:timing]
def timed(
    ways: Mapping[str, Callable[[], object]],
    rounds: int,
    seed: int,
    ready: Callable[[], object] = nothing,
) -> dict[str, NDArray[np.float64]]:
    """바퀴마다 모든 방법을 한 번씩, 섞은 차례로 잽니다. 첫 바퀴는 몸풀기라 재지 않습니다.

    Args:
        ways: 이름마다 잴 일.
        rounds: 잴 바퀴의 수.
        seed: 차례를 섞는 시드.
        ready: 일을 시작하기 전마다 기다릴 것. 이 시간은 재지 않습니다.

    Returns:
        방법마다 바퀴마다의 초. 모양은 저마다 `(rounds,)`.
    """
    seconds = {name: np.zeros(rounds) for name in ways}
    order = random.Random(seed)
    for turn in range(-1, rounds):
        for name in order.sample(list(ways), len(ways)):
            ready()
            before = time.perf_counter()
            ways[name]()
            if turn >= 0:
                seconds[name][turn] = time.perf_counter() - before
    return seconds


def times_faster(slow: NDArray[np.float64], quick: NDArray[np.float64]) -> float:
    """`quick`이 `slow`보다 몇 배 빠른지, 바퀴마다 낸 비율의 중앙값입니다.

    기계가 잠시 느려지면 한 바퀴의 두 방법이 함께 느려지므로 비율은 덜 흔들립니다. 중앙값은 한
    방법에만 끼어든 일에 흔들리지 않습니다.

    Args:
        slow: 바퀴마다의 초. 모양은 `(바퀴,)`.
        quick: 같은 바퀴의 초. 모양은 `(바퀴,)`.
    """
    return float(np.median(slow / quick))


# --8<-- [end:timing]
