"""페이지마다의 노트북: 규격, 셀, 출력, 링크. 지킴이마다, 흠을 심으면 알아챕니다."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat
import pytest
from lxml import html
from mkdocs.config import load_config
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from gan_docs.site.page import blocks, kernels, notebooks, plain_markdown, running
from gan_docs.site.page.kernels import NotebookError
from gan_docs.site.page.plain_markdown import Cell, Site
from gan_docs.site.page.reading import Reader

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LARGEST = 1_000_000
LEFT_OVER = (
    "{{",
    "--8<--",
    "!!! ",
    '=== "',
    "{ .",
    "pytest.mark",
    "<div",
    "<span",
    "```output",
)
PAGE = """# 페이지

<span class="generator">생성기</span>의 글[^note]과 ==형광펜==, ++ctrl+c++, [다른 쪽](../b.md#a),
[저 밖](https://a.example/), `[코드](x.md)`, $[식](x)$입니다. [큰 단추](../b.md){ .start-button }
**생성기(generator)**와 **판별기**는 겨룹니다.

[^note]: 각주의 글.

```python title="gan_docs/losses.py"
--8<-- "gan_docs/losses.py:hinge"
```

```python
x = 1
```

```output
```

<!--pytest.mark.skip(reason="이유")-->
```python
skipped()
```

!!! note "알아 두기"
    덧붙임의 글.

=== "리눅스"

    ```python
    print(x)
    ```

낱말
:   뜻입니다.
"""


def read(file: Path) -> Any:
    return nbformat.reads(file.read_text("utf-8"), as_version=4)


@functools.cache
def written() -> dict[str, list[str]]:
    """홀로 실행되는 블록이 있는 모든 페이지와, 그 블록의 글입니다."""
    found = {}
    for file in sorted(DOCS.rglob("*.md")):
        all_blocks = blocks.collect(file.read_text("utf-8"), file.name)
        own = [block.source.strip("\n") for block in all_blocks if block.standalone]
        if own:
            name = file.relative_to(DOCS).with_suffix("").as_posix()
            found[name.removesuffix("/index")] = own
    cells = json.loads((DOCS / "training/how-to-train.ipynb").read_text("utf-8"))["cells"]
    found["training/how-to-train"] = [c["source"] for c in cells if c["cell_type"] == "code"]
    return found


def flaws(built: Path, name: str) -> list[str]:
    """노트북 하나의 흠입니다."""
    found = []
    wanted = written().get(name, [])
    for kind in ("", "-executed"):
        file = built / notebooks.FOLDER / f"{name}{kind}.ipynb"
        if not file.is_file():
            found.append(f"없는 노트북: {file.name}")
            continue
        content = read(file)
        try:
            nbformat.validate(content)
        except nbformat.ValidationError as error:
            found.append(f"규격: {error.message}")
        code = [cell for cell in content.cells if cell.cell_type == "code"]
        if [cell.source for cell in code] != wanted:
            found.append("코드 셀이 페이지의 블록과 다름")
        texts = [cell.source for cell in content.cells if cell.cell_type == "markdown"]
        prose = "\n".join(texts)
        found += [f"남은 표기: {mark}" for mark in LEFT_OVER if mark in prose]
        if file.stat().st_size > LARGEST:
            found.append(f"큰 노트북: {file.stat().st_size}")
        outputs = [output for cell in code for output in cell.outputs]
        if not kind and (outputs or any(cell.execution_count for cell in code)):
            found.append("출력이 든 빈 노트북")
        if kind and not outputs:
            found.append("출력이 없는 실행한 노트북")
        found += [
            f"실패한 출력: {output.output_type}"
            for output in outputs
            if output.output_type == "error" or output.get("name") == "stderr"
        ]
    return found


def offered(built: Path) -> set[str]:
    """페이지들이 건네는 파일입니다. 없는 파일을 건네면 실패합니다."""
    found = set()
    for page in built.rglob("*.html"):
        tree = html.document_fromstring(page.read_text("utf-8"))
        for address in tree.xpath('//*[contains(@class, "notebook-offer")]//a[@download]/@href'):
            file = (page.parent / address).resolve()
            assert file.is_file(), f"{page}: {address}"
            found.add(file.relative_to(built.resolve() / notebooks.FOLDER).as_posix())
    return found


def test_every_page_with_code_offers_a_sound_notebook(built_site: Path) -> None:
    kinds = (".ipynb", "-executed.ipynb", ".py")
    assert len(written()) > 10
    assert offered(built_site) == {f"{name}{kind}" for name in written() for kind in kinds}
    assert not {name: found for name in written() if (found := flaws(built_site, name))}


@pytest.mark.parametrize(
    ("kind", "flaw", "seen"),
    [
        ("", lambda book: book.cells[1].update(id="cell 1"), "규격"),
        ("", lambda book: book.cells[0].update(source="{{ a.b }}"), "남은 표기"),
        ("", lambda book: book.cells.pop(1), "코드 셀이 페이지의 블록과 다름"),
        ("", lambda book: book.cells[1].update(execution_count=1), "출력이 든 빈 노트북"),
        (
            "-executed",
            lambda book: [cell.update(outputs=[]) for cell in book.cells if "outputs" in cell],
            "출력이 없는 실행한 노트북",
        ),
        (
            "-executed",
            lambda book: book.cells[1].outputs.append(
                nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])
            ),
            "실패한 출력: error",
        ),
    ],
)
def test_a_planted_flaw_of_a_notebook_is_seen(
    built_site: Path, tmp_path: Path, kind: str, flaw: Callable[[Any], object], seen: str
) -> None:
    for suffix in ("", "-executed"):
        book = read(built_site / notebooks.FOLDER / f"models/generator{suffix}.ipynb")
        book.cells = [
            cell for cell in book.cells if cell.cell_type == "code" or cell.id == "cell-0"
        ]
        if suffix == kind:
            flaw(book)
        place = tmp_path / notebooks.FOLDER / f"models/generator{suffix}.ipynb"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(book), "utf-8")
    found = flaws(tmp_path, "models/generator")
    assert found and all(one.startswith(seen) for one in found)


def scripts(built: Path) -> dict[str, str]:
    """페이지마다 내려받는 스크립트입니다."""
    folder = built / notebooks.FOLDER
    return {name: (folder / f"{name}.py").read_text("utf-8") for name in written()}


def test_every_script_is_the_blocks_that_ran(built_site: Path) -> None:
    for name, script in scripts(built_site).items():
        cells = [Cell("code", source) for source in written()[name]]
        assert script == notebooks.as_script(cells), name
        assert script != notebooks.as_script(cells[:-1])  # 심은 흠: 빠진 블록


@pytest.mark.wide  # 여느 때에는 블록마다, 또 노트북의 셀로 차례로 실행함
def test_every_script_runs_with_the_package_alone(built_site: Path) -> None:
    for name, script in scripts(built_site).items():
        [block] = blocks.collect(f"```python\n{script}```\n", name)
        assert not (error := running.run(block).error), f"{name}: {error}"


def test_the_page_becomes_plain_markdown_and_standalone_cells() -> None:
    def link(target: str) -> str | None:
        return target if target.startswith("https:") else None

    found = plain_markdown.cells(PAGE, "a/index.md", Site(link, lambda name: f"그림 {name}"))
    assert [cell.source for cell in found if cell.kind == "code"] == ["x = 1", "print(x)"]
    text = "\n".join(cell.source for cell in found if cell.kind == "markdown")
    assert not [mark for mark in LEFT_OVER if mark in text]
    assert "생성기의 글<sup>1</sup>과 <mark>형광펜</mark>, <kbd>Ctrl</kbd>+<kbd>C</kbd>" in text
    assert "다른 쪽,\n[저 밖](https://a.example/), `[코드](x.md)`, $[식](x)$입니다. 큰 단추" in text
    assert "<strong>생성기(generator)</strong>와 **판별기**는" in text
    assert "<sup>1</sup> 각주의 글." in text
    assert "`gan_docs/losses.py`\n\n```python\ndef hinge" in text
    assert "```python\nskipped()\n```" in text
    assert "> **알아 두기**\n>\n> 덧붙임의 글." in text
    assert "**리눅스**" in text
    assert "**낱말**\n\n뜻입니다." in text


@pytest.mark.parametrize(
    ("address", "target", "wanted"),
    [
        ("https://a.example/", "gan.md#class", "https://a.example/at/models/gan.md#class"),
        ("https://a.example/", "../lab/a.md", "https://a.example/at/lab/a.md"),
        ("https://a.example/", "#here", "https://a.example/models/index/#here"),
        ("https://a.example/", "missing.md", None),
        ("", "gan.md", None),
        ("", "mailto:a@b.example", "mailto:a@b.example"),
    ],
)
def test_a_link_opens_from_anywhere_or_becomes_text(
    address: str, target: str, wanted: str | None
) -> None:
    def find(path: str) -> str | None:
        return None if "missing" in path else f"at/{path}"

    link = notebooks.link("models/index.md", "models/index/", find, address)
    assert link(target) == wanted


def test_a_figure_is_linked_or_attached_or_told() -> None:
    linked = notebooks.figure("https://a.example/")("gan-structure")
    assert "](https://a.example/assets/figures/gan-structure-" in linked
    attach = notebooks.figure("")
    assert "](attachment:gan-structure.webp)" in attach("gan-structure")
    for _ in range(20):
        told = attach("gan-structure")
    assert told.startswith("그림: ")


CELLS = [Cell("markdown", "# 제목\n\n글"), Cell("code", "%matplotlib inline\nprint(1)")]


def test_colab_opens_the_branch_that_the_workflow_publishes() -> None:
    to = notebooks.Publication("", "https://github.com/someone/gan.git")
    made, files = notebooks.offer("models/gan/", CELLS, [[]], to)
    colab = "https://colab.research.google.com/github/"
    assert made.colab == f"{colab}someone/gan/blob/notebooks/models/gan.ipynb"
    assert made.plain.removeprefix(f"{notebooks.FOLDER}/") in made.colab
    assert made.plain in files and made.executed in files
    for elsewhere in ("", "https://git.example/someone/gan"):
        assert notebooks.Publication("", elsewhere).colab(made.plain) is None
    workflow = (ROOT / ".github/workflows/pages.yml").read_text("utf-8")
    assert f"--initial-branch {notebooks.BRANCH}\n" in workflow
    assert f"./{notebooks.FOLDER}\n" in workflow
    assert "GAN_DOCS_REPOSITORY_URL: ${{ github.server_url }}/${{ github.repository }}" in workflow


@pytest.mark.parametrize("address", ["git@github.com:a/b", "http://a/b", 'https://a/"; x'])
def test_an_address_that_pip_cannot_use_is_refused(address: str) -> None:
    with pytest.raises(NotebookError, match="https://로 시작해야 합니다: 받은 값"):
        notebooks.repository(address)
    assert notebooks.repository("https://github.com/a/b/ ") == "https://github.com/a/b"


def test_a_script_leaves_out_what_only_a_notebook_knows() -> None:
    assert notebooks.as_script([*CELLS, Cell("code", "!ls\nx = 2")]) == "print(1)\n\n\nx = 2\n"


def reader(docs: Path, live: bool = False, address: str = "", **extra: str) -> Reader:
    """`docs`의 페이지를 읽는 것입니다. 만든 파일은 `files`에 남습니다."""
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(docs / "site"))
    config.plugins._current_plugin = None  # 빌드 밖이라 부르는 훅이 없음
    config.extra |= {"repository": "", **extra}
    files = [File(f.name, str(docs), config.site_dir, True) for f in sorted(docs.glob("*.md"))]
    return Reader(config, Files(files), address, live)


def opened(name: str, text: str, by: Reader) -> Any:
    """앞머리 다음에 `text`가 적힌 페이지를 읽습니다."""
    page: Any = Page(None, by.files.get_file_from_path(name), by.config)
    by.read(text, page)
    return page


@pytest.mark.parametrize("live", [True, False])
def test_nothing_runs_while_a_reader_edits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, live: bool
) -> None:
    run = mock.Mock(return_value=[[]])
    monkeypatch.setattr(kernels, "run", run)
    monkeypatch.setenv("GAN_DOCS_CACHE", str(tmp_path))
    (tmp_path / "a.md").touch()
    page = opened("a.md", "# 제목\n\n```python\nprint(1)\n```\n", by := reader(tmp_path, live))
    assert run.call_count == (0 if live else 1)
    assert (page.offer.executed is None) is live
    assert len(by.files) == 1 + (2 if live else 3)


def test_a_failing_cell_stops_the_build_and_names_its_page(tmp_path: Path) -> None:
    (tmp_path / "bad.md").touch()
    text = "# 페이지\n\n```python\nx = 1\n```\n\n```python\nraise OSError('까닭')\n```\n"
    with pytest.raises(PluginError, match=r"bad.md: 2번째 코드 셀이 실패했습니다: OSError: 까닭"):
        opened("bad.md", text, reader(tmp_path))


def test_known_addresses_reach_the_page_and_its_notebook(tmp_path: Path) -> None:
    for name in ("index.md", "tags.md"):
        (tmp_path / name).touch()
    repository = "https://github.com/someone/gan"
    by = reader(tmp_path, False, "https://a.example/gan/", repository=repository)
    text = "# 첫 페이지\n\n[태그](tags.md)\n\n```python\nprint(1)\n```\n\n끝\n"
    page = opened("index.md", text, by)
    assert page.offer.colab.endswith("github/someone/gan/blob/notebooks/index.ipynb")
    made: Any = by.files.get_file_from_path(page.offer.executed)
    book = nbformat.reads(made.content_string, as_version=4)
    assert "[태그](https://a.example/gan/tags/)" in book.cells[2].source
    assert "[사이트에서 읽기](https://a.example/gan/" in book.cells[0].source
    install = book.cells[1]
    assert f"git+{repository}" in install.source
    assert (install.outputs, install.execution_count) == ([], None)  # 빌드는 설치하지 않음
    assert (book.cells[3].outputs[0].text, book.cells[3].execution_count) == ("1\n", 1)
    assert [cell.id for cell in book.cells] == [f"cell-{n}" for n in range(len(book.cells))]
