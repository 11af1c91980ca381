"""페이지의 무게: 다 읽어도 600KB를, 그림이 없는 페이지는 300KB를 넘지 않습니다."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from inspection import places, weigh
from lxml import html
from playwright.sync_api import Page

Open = Callable[..., Page]

WITH_PICTURES, PLAIN = 600 * 1024, 300 * 1024
READ = """async () => {
  for (let top = 0; top < document.body.scrollHeight; top += 600) {
    scrollTo(0, top);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}"""


def heavy(open_tab: Open, address: str, site: Path, place: str) -> int:
    """페이지가 한도를 넘으면 그 크기이고, 아니면 0입니다."""
    file = site / place
    text = (file / "index.html" if file.is_dir() else file).read_text("utf-8")
    limit = WITH_PICTURES if html.document_fromstring(text).xpath("//article//img") else PLAIN
    page = open_tab(360)
    sizes = weigh(page, address + place, READ)
    page.context.close()
    assert len(sizes) > 5
    return sum(sizes.values()) if sum(sizes.values()) > limit else 0


def test_every_page_is_light(open_tab: Open, address: str, built_site: Path) -> None:
    found = {place: heavy(open_tab, address, built_site, place) for place in places(built_site)}
    assert not {place: size for place, size in found.items() if size}


def test_a_heavy_page_is_seen(open_tab: Open, address: str, built_site: Path) -> None:
    def heavier(*given: int) -> Page:
        page = open_tab(*given)
        big = random.Random(0).randbytes(WITH_PICTURES)  # 더 줄지 않는 스타일
        page.route("**/chrome.css", lambda route: route.fulfill(body=big, content_type="text/css"))
        return page

    assert not heavy(open_tab, address, built_site, "style/")
    assert heavy(heavier, address, built_site, "style/") > WITH_PICTURES
