"""시간 재기: 몸풀기와 기다림은 재지 않고, 느려지거나 일이 끼어들어도 비율은 그대로입니다."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gan_docs.experiments import timing

COSTS, ROUNDS = {"slow": 3.0, "middle": 2.0, "quick": 1.0}, 9


class Machine:
    """일마다 정해진 만큼 시계가 가는 기계입니다. 바퀴마다 빠르기가 다릅니다."""

    def __init__(self, pace: Callable[[int], float]) -> None:
        self.now = 0.0
        self.pace = pace
        self.called: list[str] = []

    def work(self, name: str) -> None:
        lap = self.called.count(name)  # 0은 몸풀기
        self.called.append(name)
        self.now += COSTS[name] * self.pace(lap)

    def measure(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
        def wait() -> None:
            self.now += 100

        monkeypatch.setattr(timing.time, "perf_counter", lambda: self.now)
        ways = {name: (lambda name=name: self.work(name)) for name in COSTS}
        return timing.timed(ways, ROUNDS, seed=0, ready=wait)


def test_neither_the_warm_up_nor_the_waiting_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(lambda lap: 50 if lap == 0 else lap)
    found = machine.measure(monkeypatch)
    for name, cost in COSTS.items():
        assert found[name] == pytest.approx([cost * lap for lap in range(1, ROUNDS + 1)])


def test_every_way_runs_once_a_round_in_a_changing_order(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(lambda lap: 1)
    machine.measure(monkeypatch)
    laps = [machine.called[place : place + 3] for place in range(0, len(machine.called), 3)]
    assert [sorted(lap) for lap in laps] == [sorted(COSTS)] * (ROUNDS + 1)
    assert len({tuple(lap) for lap in laps}) > 1


def test_a_ratio_stands_when_the_machine_slows_and_when_work_cuts_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = Machine(lambda lap: 1 + lap % 4).measure(monkeypatch)
    found["quick"][2] *= 40  # 한 방법에만 끼어든 일
    found["slow"][3] /= 2  # 한 번의 운
    assert timing.times_faster(found["slow"], found["quick"]) == pytest.approx(3)
    # 가장 빠른 바퀴끼리 견주면 한 번의 운이 비율을 바꿈
    assert found["slow"].min() / found["quick"].min() != pytest.approx(3)
