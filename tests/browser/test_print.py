"""인쇄: 밝은 화면에서도 어두운 화면에서도, 종이에 남는 글과 그림을 봅니다."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from inspection import A4, RESTYLE, Open, places, printed
from live import SCRUBBER, Live
from playwright.sync_api import Browser, Page

WIDE = pytest.mark.wide
PARTS = [0, *(pytest.param(part, marks=WIDE) for part in (1, 2))]  # 세 페이지에 하나씩
SCHEMES = ["dark", pytest.param("light", marks=WIDE)]  # 바뀔 색이 많은 것부터


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page_is_whole_and_dark_on_white(
    open_tab: Open, address: str, built_site: Path, scheme: str, part: int
) -> None:
    page, found = open_tab(A4, scheme), {}
    for place in places(built_site)[part :: len(PARTS)]:
        page.emulate_media(media="screen")
        page.goto(address + place)
        if wrong := printed(page):
            found[place] = wrong
    assert not found


def test_the_guide_prints_every_question(open_tab: Open, address: str) -> None:
    page = open_tab(A4)
    page.goto(f"{address}first-gan/")
    stops = page.locator(".guide ol > li")
    page.locator(".guide--open").wait_for()
    assert stops.locator("visible=true").count() == 1
    assert printed(page) == {}
    assert stops.locator("visible=true").count() == stops.count() > 5


# 종이에 심는 흠
FLAWS = {
    "움직이는 것": ".md-typeset { transition: color 9s !important }",
    "옅은 글": ".md-typeset p { color: #999 !important }",
    "잘린 것": ".md-typeset h1 { width: 2000px } .md-typeset p { overflow: hidden; width: 9px }",
    "틀린 그림": '.md-typeset img[src$="#only-dark"] { display: block !important }',
    "빈 요소": ".md-typeset .live img[src] { display: none !important }",
    "도구": ".live__offer { display: block !important }",
}


@pytest.fixture(scope="module")
def unopened(browser: Browser, address: str) -> Iterator[Page]:
    """흠을 심을, 요소를 열지 않은 페이지입니다."""
    page = browser.new_page(viewport={"width": A4, "height": 800}, color_scheme="dark")
    Live(page, SCRUBBER).open(address)
    yield page
    page.close()


@pytest.mark.parametrize("name", FLAWS)
def test_a_flaw_on_paper_is_seen(unopened: Page, name: str) -> None:
    unopened.emulate_media(media="screen")
    unopened.evaluate(RESTYLE, FLAWS[name])
    assert name in printed(unopened)
    unopened.evaluate("document.adoptedStyleSheets.pop()")
