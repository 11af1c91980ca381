"""고치며 보기: 온 사이트의 사본에서, 고친 페이지는 모두 그릴 때의 8분의 1 안에 화면에 보입니다.

코드를 고치면 모두 다시 그리므로, 그것은 몇 페이지짜리 작은 프로젝트에서 봅니다.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from inspection import ROOT, Open
from playwright.sync_api import Page
from toy import Toy

from gan_docs.site.html import fonts

SHARE = 1 / 8  # 느린 기계에서는 둘 다 느리므로, 모두 그리는 시간에 견줌
EDITS = 3
WHOLE_SECONDS = 180  # 나란히 도는 일이 있을 때 온 사이트를 그리기까지


def hear_interruption() -> None:
    """뒤에서 시작한 테스트는 SIGINT를 흘려듣는데, 서버는 그것으로 끝냅니다."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Served:
    """사본을 여는 `mkdocs serve`입니다."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.log = folder / "serve.log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{self.port}"],
                cwd=folder,
                env={**environment, "NO_MKDOCS_2_WARNING": "1", "OMP_NUM_THREADS": "1"},
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=hear_interruption,
            )

    @property
    def drawing(self) -> float:
        """모든 페이지를 처음 그리는 데 걸린 시간입니다, 단위 초."""
        told = re.search(r"built in ([\d.]+) seconds", self.log.read_text("utf-8"))
        assert told is not None
        return float(told[1])

    def wait(self) -> None:
        """처음 그리기를 마치고 문을 열 때까지 기다립니다."""
        end = time.monotonic() + WHOLE_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        pytest.fail(f"mkdocs serve가 열리지 않았습니다:\n{self.log.read_text('utf-8')}")


@contextmanager
def serving(folder: Path, environment: Mapping[str, str]) -> Iterator[Served]:
    """폴더의 프로젝트를 여는 동안의 서버입니다."""
    served = Served(folder, environment)
    try:
        served.wait()
        yield served
    finally:
        served.process.send_signal(signal.SIGINT)  # 임시 폴더를 치우고 끝나도록
        served.process.wait()


@pytest.fixture
def served(tmp_path: Path, built_site: Path) -> Iterator[Served]:
    assert built_site.is_dir()  # 실험이 모두 끝나 있음
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    for name in ("gan_docs", "node_modules"):
        (tmp_path / name).symlink_to(ROOT / name)
    with serving(tmp_path, os.environ) as served:
        yield served


def watching(open_tab: Open, served: Served, place: str) -> Page:
    """열려서, 고친 것을 기다리는 페이지입니다."""
    page = open_tab()
    with page.expect_request("**/livereload/**"):
        page.goto(f"{served.address}{place}")
    return page


@pytest.mark.timed
def test_an_edit_is_on_screen_in_time(served: Served, open_tab: Open) -> None:
    docs = served.folder / "docs"
    file = max(docs.glob("*/*.md"), key=lambda file: file.stat().st_size)
    place = file.relative_to(docs).as_posix().removesuffix(".md").removesuffix("index")
    text, page, seconds = file.read_text("utf-8"), watching(open_tab, served, place), []
    for number in range(EDITS):
        with page.expect_request("**/livereload/**"):
            started = time.monotonic()
            file.write_text(f"{text}\n\n방금 고친 글 {number}입니다.\n", "utf-8")
            page.get_by_text(f"방금 고친 글 {number}입니다.").wait_for(timeout=1000 * WHOLE_SECONDS)
            seconds.append(time.monotonic() - started)
    assert statistics.median(seconds) < SHARE * served.drawing, (seconds, served.drawing)
    # 온 사이트를 다시 그리지 않으려고, 같은 서버에서 이어서 봄
    leaves_the_rest_of_the_site(served, page)
    page = watching(open_tab, served, "style/")
    brings_the_font_of_a_new_letter(served, page)
    shows_a_changed_style_sheet(served, page)


def leaves_the_rest_of_the_site(served: Served, page: Page) -> None:
    """고친 페이지만 그려도 나머지 페이지와 색인은 그대로입니다."""
    index = page.request.get(f"{served.address}search/search_index.json").json()
    found = {entry["location"].partition("#")[0] for entry in index["docs"]}
    for place in ("", "style/", "build/"):
        assert place in found and page.request.get(f"{served.address}{place}").ok


def brings_the_font_of_a_new_letter(served: Served, page: Page) -> None:
    """놓여 있는 글꼴에 없는 글자를 적으면 그 글자가 든 글꼴이 나옵니다."""
    letter = "뷁"
    assert letter not in fonts.everyday().text
    file = served.folder / "docs" / "style.md"
    with page.expect_request("**/livereload/**"):
        file.write_text(f"{file.read_text('utf-8')}\n\n{letter}\n", "utf-8")
        page.get_by_text(letter, exact=True).wait_for(timeout=1000 * WHOLE_SECONDS)
    content = page.request.get(f"{served.address}{fonts.FOLDER}/{fonts.TEXT.file}").body()
    with TTFont(io.BytesIO(content), lazy=True) as font:
        assert ord(letter) in font.getBestCmap()


def shows_a_changed_style_sheet(served: Served, page: Page) -> None:
    """열린 페이지에 고친 스타일이 나옵니다."""
    sheet = served.folder / "docs" / "assets" / "stylesheets" / "essay.css"
    sheet.write_text(sheet.read_text("utf-8") + "\nh1 { outline: 3px solid red }\n", "utf-8")
    page.wait_for_function(
        "getComputedStyle(document.querySelector('h1')).outlineWidth === '3px'",
        timeout=1000 * WHOLE_SECONDS,
    )


def test_changed_code_of_the_site_is_read_anew(
    tmp_path: Path, undisturbed: Toy, open_tab: Open
) -> None:
    toy = Toy(tmp_path / "site", 0.1).borrow(undisturbed, "results", "figures")
    toy.configure()
    before, after = "이 그림을 만든 코드", "이 그림을 그린 코드"
    with serving(toy.folder, toy.environment()) as served:
        page = watching(open_tab, served, "")
        assert page.get_by_text(before).count() > 0
        toy.edit("site/page/cards.py", before, after)
        page.get_by_text(after).first.wait_for(timeout=1000 * WHOLE_SECONDS)
