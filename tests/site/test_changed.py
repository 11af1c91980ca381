"""학습하거나 블록을 실행하는 동안 코드를 고치면, 그 결과는 버리고 다음 빌드가 다시 합니다."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from reduced import ended
from toy import Toy

from gan_docs.site.make import keys
from gan_docs.site.page import blocks, kernels, outputs, running

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
    ("edited", "running", "needs"),
    [("second", "first", ()), pytest.param("first", "clock", ("third",), id="끝난 실험")],
)
def test_an_experiment_edited_while_another_trains_is_trained_by_the_next_build(
    edited: str, running: str, needs: tuple[str, ...], tmp_path: Path
) -> None:
    toy = Toy(tmp_path / "site", 3.0).only(edited, running, *needs)
    done = edited_under_way(toy, edited, running)
    assert done.returncode == 1
    assert "만드는 동안 코드가 바뀌었습니다. 다시 빌드하세요" in done.stdout
    toy.seconds = 0.1
    done = toy.train()
    assert done.returncode == 0, done.stdout
    wanted = 0 if edited == "first" else mean(toy, "first")  # 둘째는 첫째의 값에 더함
    assert mean(toy, edited) == pytest.approx(wanted)


def test_a_result_that_nobody_checks_is_kept(tmp_path: Path) -> None:
    toy = Toy(tmp_path / "site", 3.0).only("first", "second")
    toy.edit("site/make/results.py", "    if current() != key:\n", "    if False:\n")
    assert edited_under_way(toy, "second", "first").returncode == 0


CODE = "from gan_docs import losses"
Shown = Callable[[], object]


def shown_block() -> str:
    """페이지의 블록을 실행해 보인 출력입니다."""
    [block] = blocks.collect(f"```python\n{CODE}\n```", "page.md")
    return outputs.printed(block, "page.md:1")


@pytest.fixture(params=["블록", "노트북"])
def shown(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Shown, Path]:
    """실행할 때마다 부르는 모듈에 한 줄을 더하는 코드와, 그 줄을 적은 파일입니다."""
    module, edit = tmp_path / "gan_docs" / "losses.py", tmp_path / "edit"
    module.parent.mkdir()
    module.write_text("x = 1\n", "utf-8")
    module.with_name("__init__.py").touch()

    def edited(answer: object) -> Callable[[object], object]:
        def run(_: object) -> object:
            module.write_text(module.read_text("utf-8") + edit.read_text("utf-8"), "utf-8")
            return answer

        return run

    monkeypatch.setenv("GAN_DOCS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(keys, "ROOT", tmp_path)
    monkeypatch.setattr(running, "run", edited(running.Outcome(True, "1", "", "")))
    monkeypatch.setattr(kernels, "run", edited([[]]))
    return (shown_block if request.param == "블록" else lambda: kernels.outputs([CODE])), edit


def test_an_output_whose_code_changed_while_it_ran_is_not_kept(shown: tuple[Shown, Path]) -> None:
    show, edit = shown
    edit.write_text("y = x\n", "utf-8")
    for _ in range(2):  # 다음 빌드도 다시 실행함
        with pytest.raises(ValueError, match="실행하는 동안 코드가 바뀌었습니다"):
            show()
    edit.write_text("# 주석은 바꾸지 않음\n", "utf-8")
    assert show() is not None
