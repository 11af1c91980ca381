"""쪽의 무게: 끝까지 내려 읽어도 600KB를, 그림이 없는 쪽은 300KB를 넘지 않습니다."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from inspection import places
from lxml import html
from playwright.sync_api import Browser

COMPRESSED = (".woff2", ".png", ".gz")
WITH_PICTURES, PLAIN = 600 * 1024, 300 * 1024
READ = """async () => {
  for (let top = 0; top < document.body.scrollHeight; top += 600) {
    scrollTo(0, top);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}"""


def weigh(browser: Browser, address: str) -> dict[str, int]:
    """쪽이 받는 파일마다의 압축한 크기입니다."""
    page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
    sizes: dict[str, int] = {}

    def note(response: object) -> None:
        body, url = response.body(), response.url  # type: ignore[attr-defined]
        sizes[url] = len(body if url.endswith(COMPRESSED) else gzip.compress(body))

    page.on("response", note)
    page.goto(address, wait_until="networkidle")
    page.evaluate(READ)
    page.wait_for_load_state("networkidle")
    page.context.close()
    return sizes


def test_every_page_is_light(browser: Browser, address: str, built_site: Path) -> None:
    heavy = {}
    for place in places(built_site):
        file = built_site / place
        text = (file / "index.html" if file.is_dir() else file).read_text("utf-8")
        limit = WITH_PICTURES if html.document_fromstring(text).xpath("//article//img") else PLAIN
        sizes = weigh(browser, address + place)
        assert len(sizes) > 5
        if sum(sizes.values()) > limit:
            heavy[place] = sum(sizes.values())
    assert not heavy


def test_a_heavy_file_is_weighed(browser: Browser, address: str) -> None:
    light = sum(weigh(browser, f"{address}style/").values())
    assert 50_000 < light < WITH_PICTURES
    script = f"{address}assets/live/ort.wasm.min.mjs"
    assert sum(weigh(browser, script).values()) == pytest.approx(15_000, abs=5_000)
