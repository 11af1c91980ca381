"""학습하는 동안 코드를 고치면, 그 결과는 보관하지 않고 다음 빌드가 다시 학습합니다."""

import json
import subprocess
from pathlib import Path

import pytest
from reduced import ended
from toy import Toy

DRAWN = "np.random.default_rng(experiment.seed).normal(size=(64, 8))"


def edited_under_way(toy: Toy, edited: str, running: str) -> subprocess.CompletedProcess[str]:
    """`running`이 도는 동안 `edited`의 코드를 고친 빌드입니다."""
    process = toy.until(running, toy.start_training())
    toy.edit(f"experiments/{edited}.py", DRAWN, "np.zeros((64, 8))")
    return ended(process)


def mean(toy: Toy, name: str) -> float:
    """마지막에 보관한 결과의 평균입니다."""
    records = (toy.cache / "results" / name).glob("*/record.json")
    newest = max(records, key=lambda file: file.stat().st_mtime_ns)
    found: float = json.loads(newest.read_text("utf-8"))["numbers"]["mean"]
    return found


@pytest.mark.parametrize(
    ("edited", "running"), [("second", "first"), pytest.param("first", "clock", id="끝난 실험")]
)
def test_an_experiment_edited_while_another_trains_is_trained_by_the_next_build(
    edited: str, running: str, tmp_path: Path
) -> None:
    toy = Toy(tmp_path / "site", 5.0)
    done = edited_under_way(toy, edited, running)
    assert done.returncode == 1
    assert "만드는 동안 코드가 바뀌었습니다. 다시 빌드하세요" in done.stdout
    toy.seconds = 0.1
    done = toy.train()
    assert done.returncode == 0, done.stdout
    wanted = 0 if edited == "first" else mean(toy, "first")  # 둘째는 첫째의 값에 더함
    assert mean(toy, edited) == pytest.approx(wanted)


def test_a_result_that_nobody_checks_is_kept(tmp_path: Path) -> None:
    toy = Toy(tmp_path / "site", 5.0)
    toy.edit("site/make/results.py", "    if current() != key:\n", "    if False:\n")
    assert edited_under_way(toy, "second", "first").returncode == 0
