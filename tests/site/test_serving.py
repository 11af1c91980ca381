"""고치며 보기: 무엇을 다시 그릴지, 그리고 어느 모듈을 고쳐도 새 코드로 그리는지."""

import ast
import os
import signal
import socket
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from toy import Toy

from gan_docs.site import hooks
from gan_docs.site.serve import only_text, snapshot

HEAD = "---\ntitle: 페이지\n---\n"
SECONDS = 120


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


def test_the_hooks_remember_no_module_of_the_package() -> None:
    remembered = [
        node.lineno
        for node in ast.parse(Path(hooks.__file__).read_text("utf-8")).body
        if isinstance(node, ast.Import | ast.ImportFrom) and "gan_docs" in ast.unparse(node)
    ]
    assert remembered == []


def test_an_edit_of_a_module_of_the_site_is_seen(tmp_path: Path) -> None:
    toy = Toy(tmp_path / "site", tmp_path / "cache", tmp_path / "log", 0.0)
    toy.write("lab/index.md", "# 실험\n\n벌점(penalty)은\n")
    toy.configure()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"

    def wait(text: str) -> None:
        end, page = time.monotonic() + SECONDS, ""
        while text not in page and time.monotonic() < end:
            assert process.poll() is None
            time.sleep(0.2)
            try:
                with urlopen(f"http://{place}/lab/") as answer:
                    page = answer.read().decode()
            except URLError:
                continue  # 아직 열리지 않았거나 다시 그리는 중
        assert text in page

    process = toy.start("serve", "-a", place)
    try:
        wait('<span class="unbroken">벌점(penalty)은</span>')
        toy.edit("site/html/particles.py", 'class="unbroken"', 'class="edited"')
        wait('<span class="edited">벌점(penalty)은</span>')
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.communicate()
