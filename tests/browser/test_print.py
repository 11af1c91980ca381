"""인쇄: 밝은 화면에서도 어두운 화면에서도, 종이에 남는 글과 그림을 봅니다."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from inspection import COLOURS, RESTYLE, Open, places
from live import PLACES, SCRUBBER, Visit
from playwright.sync_api import Page

PAPER = COLOURS + (Path(__file__).parent / "print.js").read_text("utf-8")
A4 = 718  # 210mm에서 좌우 1cm씩을 뺀 화소
WIDE = pytest.mark.wide
PARTS = [0, *(pytest.param(part, marks=WIDE) for part in (1, 2))]  # 세 페이지에 하나씩
SCHEMES = ["dark", pytest.param("light", marks=WIDE)]  # 바뀔 색이 많은 것부터


def printed(page: Page) -> dict[str, list[str]]:
    """종이에서 찾은 흠입니다."""
    page.emulate_media(media="print")
    page.evaluate(PAPER)
    found: dict[str, Any] = page.evaluate("paper()")
    return {name: wrong for name, wrong in found.items() if wrong}


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


@pytest.mark.parametrize("scheme", SCHEMES)
def test_an_opened_element_prints_its_still_picture(visit: Visit, scheme: str) -> None:
    for tag in PLACES:
        page = visit(tag, width=A4, scheme=scheme).start().page
        assert printed(page) == {}, tag
        page.emulate_media(media="screen")
        assert page.evaluate("paper()")["빈 요소"], tag  # 화면에서는 무대가 그림을 가림


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


@pytest.mark.parametrize("name", FLAWS)
def test_a_flaw_on_paper_is_seen(visit: Visit, name: str) -> None:
    live = visit(SCRUBBER, width=A4, scheme="dark")
    live.page.evaluate(RESTYLE, FLAWS[name])
    assert name in printed(live.page)
