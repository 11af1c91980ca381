"""실험의 차례: 긴 것부터, 기다릴 것은 기다리고, 혼자 돌 것은 혼자, 모두 한 번씩.

`check_…`는 모듈을 받습니다. 같은 확인에 고장 낸 모듈을 주어 알아채는지도 봅니다.
"""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from spoiled import mutated

from gan_docs.experiments.experiment import Experiment, Result
from gan_docs.site.make import results, schedule


def simulate(builds: Any, names: list[str], seed: int, most: int) -> None:
    """빌드의 반복을 흉내 냅니다: 시작한 것 가운데 아무것이나 하나씩 끝납니다."""
    random, experiments = Random(seed), results.experiments()
    waiting, running, finished = list(names), list[str](), list[str]()
    while waiting or running:
        for name in builds.ready(waiting, list(running), experiments, most):
            assert name in waiting, f"{name}을(를) 두 번 시작함"
            waiting.remove(name)
            running.append(name)
        assert running, f"아무것도 시작하지 않음: {waiting}"
        assert len(running) <= most
        for name in running:
            chosen = experiments[name]
            assert not chosen.alone or running == [name], f"{running}"
            for need in set(chosen.needs) & set(names):
                assert need in finished, f"{name}은(는) {need}을(를) 기다려야 함"
        if random.random() < 0.7:  # 가끔은 아무것도 끝나지 않은 채 다시 물음
            finished.append(running.pop(random.randrange(len(running))))
    assert sorted(finished) == sorted(names)


def check_longest_first(builds: Any) -> None:
    """시작할 수 있는 것 가운데 긴 것부터, 돌고 있는 것과 더해 정한 수만큼 고릅니다."""
    costs = {"a": 1, "b": 9, "c": 3, "d": 7}
    four = {
        name: Experiment(name, name, lambda *_: Result({}, {}), cost=cost)
        for name, cost in costs.items()
    }
    assert builds.ready(list("abcd"), [], four, 2) == ["b", "d"]
    assert builds.ready(list("abcd"), [], four, 1) == ["b"]
    assert builds.ready(list("acd"), ["b"], four, 2) == ["d"]
    assert builds.ready(list("acd"), ["b"], four, 3) == ["d", "c"]
    assert builds.ready(list("ac"), ["b", "d"], four, 2) == []


def check_everything_runs_once(builds: Any) -> None:
    """무엇이 먼저 끝나든 모든 실험이 한 번씩 돌고, 굶는 것이 없습니다."""
    random = Random(0)
    names = list(results.experiments())
    for seed in range(30):
        random.shuffle(names)
        most = random.randint(1, 4)
        simulate(builds, names, seed, most)
        simulate(builds, names[: len(names) // 2], seed, most)  # 나머지는 이미 갖춘 것


CHECKS = [check_longest_first, check_everything_runs_once]


@pytest.mark.parametrize("check", CHECKS)
def test_the_schedule_keeps_its_promises(check: Callable[[Any], None]) -> None:
    check(schedule)


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("-known[name].cost", "known[name].cost", check_longest_first),
        ("most - len(running)]", "most]", check_longest_first),
        ("left = {*waiting, *running}", "left = {*waiting}", check_everything_runs_once),
        ("if not known[name].alone]", "]", check_everything_runs_once),
        ("[] if running or together else free[:1]", "[]", check_everything_runs_once),
    ],
)
def test_a_broken_schedule_is_caught(old: str, new: str, check: Callable[[Any], None]) -> None:
    copy = mutated(schedule, old, new)
    with pytest.raises(AssertionError):
        check(copy)
