"""실험의 차례: 긴 것부터, 기다릴 것은 기다리고, 혼자 돌 것은 혼자, 모두 한 번씩.

`check_…`는 모듈을 받습니다. 같은 확인에 고장 낸 모듈을 주어 알아채는지도 봅니다.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
from test_mutations import mutated

from gan_docs.experiments.experiment import Experiment, Result
from gan_docs.site.make import results, schedule


def experiment(name: str, *needs: str, cost: float = 1.0, alone: bool = False) -> Experiment:
    return Experiment(name, name, lambda *_: Result({}, {}), needs=needs, cost=cost, alone=alone)


def known(*experiments: Experiment) -> dict[str, Experiment]:
    return {each.name: each for each in experiments}


CHAIN = known(
    experiment("first", cost=1),
    experiment("second", "first", cost=50),
    experiment("third", "second", cost=9),
    experiment("long", cost=99),
    experiment("short", cost=2),
    experiment("clock", cost=30, alone=True),
    experiment("late clock", "third", alone=True),
    experiment("after the clock", "clock"),
)


class Simulation:
    """빌드의 고리를 흉내 냅니다: 시작한 것 가운데 아무것이나 하나씩 끝납니다.

    끝나지 않는 차례는 `assert`가 알아챕니다.
    """

    def __init__(
        self, builds: Any, experiments: Mapping[str, Experiment], names: list[str], seed: int
    ) -> None:
        self.builds, self.experiments, self.wanted = builds, experiments, list(names)
        self.waiting, self.running = list(names), list[str]()
        self.started, self.finished = list[str](), list[str]()
        self.random = Random(seed)

    def run(self) -> None:
        while self.waiting or self.running:
            before = list(self.waiting)
            for name in self.builds.ready(self.waiting, list(self.running), self.experiments):
                assert name in self.waiting, f"{name}을(를) 두 번 시작함"
                self.waiting.remove(name)
                self.running.append(name)
                self.started.append(name)
            assert self.running, f"아무것도 시작하지 않음: {before}"
            self.look()
            if self.random.random() < 0.7:  # 가끔은 아무것도 끝나지 않은 채 다시 물음
                done = self.random.choice(self.running)
                self.running.remove(done)
                self.finished.append(done)
        assert sorted(self.started) == sorted(self.finished) == sorted(self.wanted)

    def look(self) -> None:
        """지금 도는 것들이 함께 돌아도 되는지 봅니다."""
        assert len(self.running) <= 2
        for name in self.running:
            chosen = self.experiments[name]
            assert not chosen.alone or self.running == [name], f"{self.running}"
            for need in set(chosen.needs) & set(self.wanted):
                assert need in self.finished, f"{name}은(는) {need}을(를) 기다려야 함"


def check_longest_first(builds: Any) -> None:
    """시작할 수 있는 것 가운데 긴 둘을, 하나가 돌고 있으면 가장 긴 하나를 고릅니다."""
    costs = {"a": 1, "b": 9, "c": 3, "d": 7}
    four = known(*(experiment(name, cost=cost) for name, cost in costs.items()))
    assert builds.ready(list("abcd"), [], four) == ["b", "d"]
    assert builds.ready(list("acd"), ["b"], four) == ["d"]
    assert builds.ready(list("ac"), ["b", "d"], four) == []
    assert builds.ready([], ["b"], four) == []


def check_needs(builds: Any) -> None:
    """기다리는 것이 남았거나 돌고 있으면 시작하지 않고, 이미 끝난 것은 기다리지 않습니다."""
    pair = known(experiment("need"), experiment("user", "need", cost=9))
    assert builds.ready(["user", "need"], [], pair) == ["need"]
    assert builds.ready(["user"], ["need"], pair) == []
    assert builds.ready(["user"], [], pair) == ["user"]


def check_alone(builds: Any) -> None:
    """혼자 돌 것은 다른 것이 다 끝난 뒤에 하나씩, 도는 동안에는 아무것도 시작하지 않습니다."""
    three = known(
        experiment("clock", cost=99, alone=True),
        experiment("watch", alone=True),
        experiment("other"),
    )
    assert builds.ready(["clock", "watch", "other"], [], three) == ["other"]
    assert builds.ready(["clock", "watch"], ["other"], three) == []
    assert builds.ready(["clock", "watch"], [], three) == ["clock"]
    assert builds.ready(["watch", "other"], ["clock"], three) == []
    assert builds.ready(["watch"], [], three) == ["watch"]


def check_everything_runs_once(builds: Any) -> None:
    """무엇이 먼저 끝나든 모든 실험이 한 번씩 돌고, 굶는 것이 없습니다."""
    random = Random(0)
    for seed in range(30):
        for experiments in (CHAIN, results.experiments()):
            names = list(experiments)
            random.shuffle(names)
            Simulation(builds, experiments, names, seed).run()
            some = names[: len(names) // 2]  # 나머지는 이미 갖춘 것
            Simulation(builds, experiments, some, seed).run()


CHECKS = [check_longest_first, check_needs, check_alone, check_everything_runs_once]


@pytest.mark.parametrize("check", CHECKS)
def test_the_schedule_keeps_its_promises(check: Callable[[Any], None]) -> None:
    check(schedule)


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        (
            "key=lambda name: -known[name].cost",
            "key=lambda name: known[name].cost",
            check_longest_first,
        ),
        ("SIDE_BY_SIDE - len(running)]", "SIDE_BY_SIDE]", check_longest_first),
        ("SIDE_BY_SIDE - len(running)]", "SIDE_BY_SIDE]", check_everything_runs_once),
        ("SIDE_BY_SIDE = 2", "SIDE_BY_SIDE = 3", check_everything_runs_once),
        ("left = {*waiting, *running}", "left = {*waiting}", check_needs),
        ("left = {*waiting, *running}", "left = {*running}", check_everything_runs_once),
        ("left = {*waiting, *running}", "left = {*known}", check_everything_runs_once),
        ("if not known[name].alone]", "]", check_alone),
        ("if not known[name].alone]", "]", check_everything_runs_once),
        ("[] if running or together else free[:1]", "[] if running else free", check_alone),
        ("[] if running or together else free[:1]", "free[:1]", check_alone),
        ("[] if running or together else free[:1]", "[]", check_everything_runs_once),
        ("any(known[name].alone for name in running)", "False", check_alone),
    ],
)
def test_a_broken_schedule_is_caught(old: str, new: str, check: Callable[[Any], None]) -> None:
    copy = mutated(schedule, [(old, new)])
    with pytest.raises(AssertionError):
        check(copy)
