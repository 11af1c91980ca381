"""노트북이 여느 페이지가 되고, 그 셀이 새 커널에서 한 번만 실행되는지 봅니다."""

import base64
import json
import os
from pathlib import Path
from unittest import mock

import pytest

from gan_docs.site.page import kernels, notebook
from gan_docs.site.page.kernels import NotebookError

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PRINTED = {"output_type": "stream", "name": "stdout", "text": "\x1b[31m1%\r100%\x1b[0m\n```끝\n"}
DRAWN = {"output_type": "display_data", "data": {"image/png": PIXEL, "text/plain": "<Figure>"}}
TABLE = {"output_type": "execute_result", "data": {"text/html": "<table onclick=x></table>"}}


def cell(kind: str, text: str, **metadata: str) -> dict[str, object]:
    return {"cell_type": kind, "source": text, "metadata": metadata}


def written(folder: Path, *cells: dict[str, object]) -> notebook.Notebook:
    """파일에 적었다가 읽은 노트북입니다."""
    file = folder / "notebook.ipynb"
    metadata = {"front_matter": {"title": "수행방법"}}
    file.write_text(json.dumps({"cells": cells, "metadata": metadata}), "utf-8")
    return notebook.Notebook(file)


def test_the_page_is_markdown_with_its_picture_beside_it(tmp_path: Path) -> None:
    made = written(
        tmp_path,
        cell("markdown", "# 수행방법"),
        cell("code", "print('끝')"),
        cell("code", " "),
        cell("raw", "날것"),
        cell("code", "plot()", alt="오르는 [선]"),
    )
    assert made.front_matter == {"title": "수행방법"}
    assert made.code == ["print('끝')", "plot()"]
    page, pictures = made.compose([[PRINTED, TABLE], [DRAWN]], "a/b.ipynb", "../pictures")
    assert page.startswith("# 수행방법\n\n\n```python\nprint('끝')\n```\n")
    assert "````{ .text .output }\n100%\n```끝\n````" in page
    assert '<div class="output">\n<table></table>\n</div>' in page
    assert [picture.content for picture in pictures] == [base64.b64decode(PIXEL)]
    shown = f"![오르는 \\[선\\]](../pictures/{pictures[0].name})"
    assert f'{shown}{{ width="1" height="1" loading="lazy" }}' in page


@pytest.mark.parametrize(
    ("content", "output", "message"),
    [
        (cell("code", "plot()"), DRAWN, "1번째 셀이 그림을 그렸지만"),
        (
            cell("code", "1"),
            {"output_type": "display_data", "data": {"a/b": ""}},
            "모르는 꼴",
        ),
        (cell("markdown", "글\n{{ no.one }}"), None, "1번째 셀:2: 실험 no이"),
    ],
)
def test_what_cannot_be_shown_is_named(
    tmp_path: Path, content: dict[str, object], output: kernels.Output | None, message: str
) -> None:
    with pytest.raises(NotebookError, match=message):
        written(tmp_path, content).compose([[output]] if output else [], "a.ipynb", "")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": [1]}'])
def test_what_is_not_a_notebook_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "notebook.ipynb"
    file.write_text(text, "utf-8")
    with pytest.raises(NotebookError, match="노트북으로 읽을 수 없습니다"):
        notebook.Notebook(file)


def test_outputs_are_kept_and_a_failed_run_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = mock.Mock(side_effect=[NotebookError("실패"), [[]]])
    monkeypatch.setenv("GAN_DOCS_CACHE", str(tmp_path))
    monkeypatch.setattr(kernels, "run", run)
    code = ["from gan_docs import losses"]
    with pytest.raises(NotebookError):
        kernels.outputs(code)
    assert kernels.outputs(code, execute=False) is None
    assert kernels.outputs(code) == kernels.outputs(code, execute=False) == [[]]
    assert run.call_count == 2
    assert kernels.outputs([*code, "1"], execute=False) is None
    monkeypatch.setattr(
        kernels.keys, "sources", lambda modules, walk: {"gan_docs.losses": "고친 소스"}
    )
    assert kernels.outputs(code, execute=False) is None


def test_a_cell_that_cannot_be_read_is_named() -> None:
    with pytest.raises(NotebookError, match="코드 셀을 읽을 수 없습니다"):
        kernels.outputs(["def"])


def test_cells_share_a_fresh_kernel_with_no_settings_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    before = dict(os.environ)
    look = "import os; print(x, *(os.environ[k] for k in ('IPYTHONDIR', 'OMP_NUM_THREADS')))"
    first = kernels.run(["x = 1", f"{look}\nx + 1"])
    assert first[0] == []
    printed, value = first[1]
    assert value["output_type"] == "execute_result"
    number, place, threads = printed["text"].split()
    assert (number, threads) == ("1", "1")
    assert place != str(tmp_path) and not Path(place).exists()
    assert dict(os.environ) == before
    told = "1번째 코드 셀이 경고나 오류를 적었습니다: False"  # 앞의 커널이 아님
    with pytest.raises(NotebookError, match=told):
        kernels.run(["import sys; print('x' in globals(), file=sys.stderr)"])


def test_the_last_words_of_a_kernel_are_told_only_when_it_dies(
    capfd: pytest.CaptureFixture[str],
) -> None:
    kernels.run(["import atexit, os; _ = atexit.register(os.write, 2, b'going')"])
    assert "going" not in capfd.readouterr().err
    with pytest.raises(NotebookError, match=r"끝나지 않았습니다: .*why"):
        kernels.run(["import os; os.write(2, b'why'); os.kill(os.getpid(), 9)"])
