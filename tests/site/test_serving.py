import os
from pathlib import Path

import pytest

from gan_docs.site.serve import only_text, snapshot

HEAD = "---\ntitle: 페이지\n---\n"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "page.md").write_text(f"{HEAD}\n글\n", "utf-8")
    (tmp_path / "other.md").write_text("앞머리 없는 글\n", "utf-8")
    (tmp_path / "style.css").write_text("p {}\n", "utf-8")
    return tmp_path


def edit(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")
    later = file.stat().st_mtime_ns + 1_000_000
    os.utime(file, ns=(later, later))


def test_new_words_redraw_only_their_page(docs: Path) -> None:
    before = snapshot([str(docs)])
    edit(docs / "page.md", f"{HEAD}\n고친 글\n")
    assert only_text(before, snapshot([str(docs)]))


def test_a_new_front_matter_redraws_everything(docs: Path) -> None:
    before = snapshot([str(docs)])
    edit(docs / "page.md", "---\ntitle: 새 제목\n---\n\n글\n")
    assert not only_text(before, snapshot([str(docs)]))


@pytest.mark.parametrize("name", ["style.css", "new.md"])
def test_what_other_pages_share_redraws_everything(docs: Path, name: str) -> None:
    before = snapshot([str(docs)])
    edit(docs / name, "p { color: red }\n")
    edit(docs / "page.md", f"{HEAD}\n고친 글\n")
    assert not only_text(before, snapshot([str(docs)]))


def test_a_page_that_went_away_redraws_everything(docs: Path) -> None:
    before = snapshot([str(docs)])
    (docs / "other.md").unlink()
    assert not only_text(before, snapshot([str(docs)]))


def test_nothing_new_is_not_an_edit(docs: Path) -> None:
    seen = snapshot([str(docs), str(docs / "page.md")])
    assert len(seen) == 3
    assert not only_text(seen, seen)


def test_compiled_code_is_not_watched(docs: Path) -> None:
    before = snapshot([str(docs)])
    (docs / "__pycache__").mkdir()
    (docs / "__pycache__" / "module.pyc").write_bytes(b"")
    assert snapshot([str(docs)]) == before
