"""페이지의 코드를 미리 나란히 실행하면, 페이지를 그릴 때에는 실행할 것이 남지 않습니다."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
from test_notebooks import DOCS, written

from gan_docs.site.make import keys
from gan_docs.site.page import ahead, expand, running
from gan_docs.site.page.sources import PageError

SHOWN = "# 페이지\n\n```python\nprint({} + 1)\n```\n\n```output\n```\n"
FAILING = SHOWN.format('"글"')


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """아직 아무것도 실행하지 않은 네 페이지입니다."""
    monkeypatch.setenv("GAN_DOCS_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "docs"
    (folder / "part").mkdir(parents=True)
    for number in range(3):
        (folder / f"{number}.md").write_text(SHOWN.format(number), "utf-8")
    (folder / "part/failing.md").write_text(FAILING, "utf-8")
    (folder / "part/open.md").write_text("```python\n1\n", "utf-8")  # 읽을 수 없는 페이지
    return folder


def left(docs: Path) -> list[str]:
    return [file.name for file in ahead.missing(docs, False, keys.Walk())]


def drawn(file: Path) -> str:
    return expand.expand(file.read_text("utf-8"), file.name)


def test_what_ran_ahead_is_not_run_again_and_a_failure_is_left_to_its_page(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sorted(left(docs)) == ["0.md", "1.md", "2.md", "failing.md"]
    ahead.run(docs, notebooks=False)
    assert "페이지의 코드: 4/4페이지, 남은 시간 0초" in capsys.readouterr().err
    assert left(docs) == ["failing.md"]
    with mock.patch.object(running, "run", side_effect=AssertionError("다시 실행함")):
        for number in range(3):
            assert f"\n{number + 1}\n" in drawn(docs / f"{number}.md")
    with pytest.raises(PageError, match=r"failing\.md:7: 출력을 내지 못했습니다"):
        drawn(docs / "part/failing.md")


@pytest.mark.parametrize(("workers", "done", "left"), [(1, 2, 6), (2, 1, 27), (4, 8, 8)])
def test_the_time_left_is_that_of_equal_pages(
    monkeypatch: pytest.MonkeyPatch, workers: int, done: int, left: int
) -> None:
    """길이가 같은 페이지를 고르게 나누어 하면, 저마다 절반쯤 왔을 때의 어림이 맞습니다."""
    monkeypatch.setattr(ahead, "SIDE_BY_SIDE", workers)
    each = 4.0
    seconds, whole = (done + workers / 2) * each / workers, (done + left) * each / workers
    assert ahead.remaining(seconds, done, left) == pytest.approx(whole - seconds)
    assert ahead.remaining(seconds, done + left, 0) == 0


def test_a_few_pages_are_left_to_be_drawn(docs: Path) -> None:
    for file in docs.glob("part/*"):
        file.unlink()
    ahead.run(docs, notebooks=False)
    assert len(left(docs)) == ahead.FEW


def test_what_runs_ahead_is_what_pages_show_and_notebooks_hold() -> None:
    files = [*DOCS.rglob("*.md"), *DOCS.rglob("*.ipynb")]
    cells = {file: ahead.code(file, True)[1] for file in files}
    assert sorted(filter(None, cells.values())) == sorted(written().values())
    shown = [block for file in files for block in ahead.code(file, False)[0]]
    texts = [file.read_text("utf-8") for file in files if file.suffix == ".md"]
    assert len(shown) == sum(text.count("```output") for text in texts) > 50


def test_a_longer_page_goes_first(docs: Path) -> None:
    (docs / "long.md").write_text(SHOWN.format("0 + 0 + 0 + 0"), "utf-8")
    assert left(docs)[0] == "long.md"
