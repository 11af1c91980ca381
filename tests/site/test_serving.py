"""고치며 보기: 무엇을 다시 그릴지, 훅이 옛 모듈을 기억하지 않는지. 화면은 `browser`가 봅니다."""

import ast
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest
from mkdocs.exceptions import Abort, ConfigurationError

from gan_docs.site import hooks, livereload
from gan_docs.site.serve import only_text, snapshot

HEAD = "---\ntitle: 페이지\n---\n"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "page.md").write_text(f"{HEAD}\n글\n", "utf-8")
    (tmp_path / "other.md").write_text("앞머리 없는 글\n", "utf-8")
    (tmp_path / "style.css").write_text("p {}\n", "utf-8")
    return tmp_path


def edit(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    later = file.stat().st_mtime_ns + 1_000_000
    os.utime(file, ns=(later, later))


@pytest.mark.parametrize(
    ("edits", "quick"),
    [
        ({"page.md": f"{HEAD}\n고친 글\n"}, True),
        ({"page.md": "---\ntitle: 새 제목\n---\n\n글\n"}, False),
        ({"page.md": f"{HEAD}\n고친 글\n", "style.css": "p { color: red }\n"}, False),
        ({"page.md": f"{HEAD}\n고친 글\n", "new.md": "새 글\n"}, False),
        ({"page.md": f"{HEAD}\n고친 글\n", "other.md": None}, False),
        ({"__pycache__/module.pyc": ""}, False),
        ({}, False),
    ],
)
def test_only_new_words_redraw_only_their_page(
    docs: Path, edits: dict[str, str | None], quick: bool
) -> None:
    before = snapshot([str(docs)])
    for name, text in edits.items():
        if text is None:
            (docs / name).unlink()
        else:
            edit(docs / name, text)
    after = snapshot([str(docs)])
    assert only_text(before, after) is quick
    changed = [name for name in edits if not name.startswith("__pycache__")]
    assert (before != after) is bool(changed)


def test_a_page_in_another_encoding_is_left_to_mkdocs(docs: Path) -> None:
    before = snapshot([str(docs)])
    (docs / "page.md").write_bytes("---\ntitle: 페이지\n---\n글\n".encode("cp949"))
    assert snapshot([str(docs)]) != before


def rebuilder(docs: Path, full: Callable[[], None]) -> livereload.Rebuilder:
    """폴더를 지켜보는, 다시 그리는 일입니다."""
    watched = {"config_file_path": str(docs / "style.css"), "docs_dir": str(docs), "watch": []}
    return livereload.Rebuilder(SimpleNamespace(**watched), full)  # type: ignore[arg-type]


def test_an_edit_heard_twice_draws_once(docs: Path) -> None:
    rebuild = rebuilder(docs, full := mock.Mock())
    for count, style in enumerate(("p { color: red }\n", "p {}\n"), 1):
        edit(docs / "style.css", style)
        rebuild()
        rebuild()
        assert full.call_count == count


def test_a_build_that_failed_is_tried_again_at_the_next_news(docs: Path) -> None:
    full = mock.Mock(side_effect=[ValueError("틀린 스타일"), None])
    rebuild = rebuilder(docs, full)
    edit(docs / "style.css", "p { color: red }\n")
    with pytest.raises(ValueError, match="틀린 스타일"):
        rebuild()
    rebuild()
    assert full.call_count == 2


def test_broken_settings_are_told_in_one_line(docs: Path) -> None:
    rebuild = rebuilder(docs, mock.Mock(side_effect=ConfigurationError("3행\n틀림")))
    edit(docs / "style.css", "p { color: red }\n")
    with pytest.raises(Abort, match=r"^mkdocs\.yml을 읽지 못했습니다: 3행 틀림$"):
        rebuild()


def test_the_hooks_remember_no_module_of_the_package() -> None:
    remembered = [
        node.lineno
        for node in ast.parse(Path(hooks.__file__).read_text("utf-8")).body
        if isinstance(node, ast.Import | ast.ImportFrom) and "gan_docs" in ast.unparse(node)
    ]
    assert remembered == []
