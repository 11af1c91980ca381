import base64
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gan_docs.site.make import keys
from gan_docs.site.page import notebook

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PAGE = """
<style>p { color: red }</style><script>alert(1)</script>
<div class="jp-Cell jp-CodeCell"><div class="jp-Cell jp-CodeCell">
<div class="jp-OutputArea-output"><pre>1%\r100%
끝</pre></div></div></div>
<div class="jp-Cell jp-CodeCell"><div class="jp-Cell jp-CodeCell">
<div class="jp-OutputArea-output"><img src="data:image/png;base64,PIXEL"></div></div></div>
""".replace("PIXEL", PIXEL)


def cell(kind: str, text: str, **metadata: str) -> dict[str, object]:
    return {"cell_type": kind, "source": text, "metadata": metadata}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., notebook.Notebook]:
    def write(*cells: dict[str, object]) -> notebook.Notebook:
        file = tmp_path / "notebook.ipynb"
        metadata = {"front_matter": {"title": "수행방법"}}
        file.write_text(json.dumps({"cells": cells, "metadata": metadata}), "utf-8")
        return notebook.Notebook(file)

    return write


@pytest.fixture
def sound(write: Callable[..., notebook.Notebook]) -> notebook.Notebook:
    return write(
        cell("markdown", "# 수행방법"),
        cell("code", "from gan_docs import losses\nprint('끝')"),
        cell("code", " "),
        cell("code", "%matplotlib inline\nplot()", alt="오르는 [선]"),
    )


def test_outputs_are_kept_and_not_run_again(sound: notebook.Notebook, tmp_path: Path) -> None:
    first = sound.outputs(tmp_path / "cache", lambda: PAGE)
    again = sound.outputs(tmp_path / "cache", lambda: pytest.fail("다시 실행했습니다"))
    assert first == again
    assert first[0] == [notebook.Output("text", "100%\n끝")]
    assert first[1] == [notebook.Output("image/png", PIXEL)]


def test_a_failed_run_is_not_kept(sound: notebook.Notebook, tmp_path: Path) -> None:
    def fail() -> str:
        raise notebook.NotebookError("셀이 실패했습니다")

    with pytest.raises(notebook.NotebookError):
        sound.outputs(tmp_path / "cache", fail)
    assert sound.outputs(tmp_path / "cache", lambda: PAGE)


def test_a_lost_cell_is_an_error(sound: notebook.Notebook, tmp_path: Path) -> None:
    with pytest.raises(notebook.NotebookError, match="셀은 2개, 출력은 0개"):
        sound.outputs(tmp_path / "cache", lambda: "<p></p>")
    assert not list((tmp_path / "cache").glob("*.json*"))


def test_the_page_is_markdown_with_its_picture_beside_it(
    sound: notebook.Notebook, tmp_path: Path
) -> None:
    outputs = sound.outputs(tmp_path / "cache", lambda: PAGE)
    page, pictures = sound.compose(outputs, "../pictures")
    assert page.startswith("# 수행방법\n\n```python\nfrom gan_docs import losses")
    assert "```{ .text .output }\n100%\n끝\n```" in page
    assert [picture.content for picture in pictures] == [base64.b64decode(PIXEL)]
    shown = f"![오르는 \\[선\\]](../pictures/{pictures[0].name})"
    assert f'{shown}{{ width="1" height="1" loading="lazy" }}' in page
    assert "script" not in page


def test_a_picture_without_a_text_beside_it_is_an_error(
    write: Callable[..., notebook.Notebook], tmp_path: Path
) -> None:
    bare = write(cell("code", "1"), cell("code", "plot()"))
    outputs = bare.outputs(tmp_path / "cache", lambda: PAGE)
    with pytest.raises(notebook.NotebookError, match="2번째 셀이 그림을 그렸지만"):
        bare.compose(outputs, "pictures")


@pytest.mark.parametrize(("module", "changes"), [("losses", True), ("drawing", False)])
def test_the_key_follows_the_imports_and_nothing_else(
    sound: notebook.Notebook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    changes: bool,
) -> None:
    before, find = sound.key(), keys.source_file
    edited = tmp_path / "edited.py"
    edited.write_text("# 고친 소스\n", "utf-8")
    monkeypatch.setattr(
        keys, "source_file", lambda name: edited if name == f"gan_docs.{module}" else find(name)
    )
    assert (sound.key() != before) is changes


def test_the_key_follows_the_notebook(write: Callable[..., notebook.Notebook]) -> None:
    before = write(cell("code", "1")).key()
    assert write(cell("code", "2")).key() != before


@pytest.mark.parametrize("text", ["", "[]", "{}"])
def test_what_is_not_a_notebook_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "notebook.ipynb"
    file.write_text(text, "utf-8")
    with pytest.raises(notebook.NotebookError, match="노트북으로 읽을 수 없습니다"):
        notebook.Notebook(file)


def test_a_fence_is_longer_than_the_fences_inside() -> None:
    assert notebook.fence("text", "```\n코드\n```").startswith("````text\n")


def test_the_notebook_runs_elsewhere_on_one_thread_with_no_settings_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "notebook.ipynb"
    file.write_text("{}", "utf-8")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    before = dict(os.environ)
    with notebook.workplace(file) as copy:
        assert copy.parent != tmp_path
        assert copy.read_text("utf-8") == "{}"
        assert os.environ["OMP_NUM_THREADS"] == "1"
        for name in notebook.SETTINGS:
            assert Path(os.environ[name]).is_relative_to(copy.parent)
    assert dict(os.environ) == before


def test_the_reason_of_a_failed_cell_is_its_last_line() -> None:
    assert notebook.last_line("\x1b[31mTraceback\x1b[39m\n\x1b[31mOSError\x1b[39m: 까닭\n\n") == (
        "OSError: 까닭"
    )


def test_a_warning_that_a_cell_wrote_is_an_error() -> None:
    area = '<div class="jp-OutputArea-output" data-mime-type="application/vnd.jupyter.stderr">'
    page = f'<div class="jp-CodeCell">{area}<pre>UserWarning: 나쁨</pre></div></div>'
    with pytest.raises(notebook.NotebookError, match="경고나 오류를 적었습니다: UserWarning: 나쁨"):
        notebook.read_outputs(page)
