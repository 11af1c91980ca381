"""페이지의 자리는 한결같습니다: 읽는 동안 밀리지 않고, 밝기를 바꾸거나 다른 길로 와도 같습니다."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from inspection import RESTYLE, know_the_address, places
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, Route

Open = Callable[..., Page]
WIDTHS = (360, 768, 1280)
MOST_SHIFT = 0.01
SMOOTHING = 4  # 둥근 모서리는 화면을 나누어 칠하는 자리에 따라 조금 다르게 부드러워짐
WATCH = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
READ = """async () => {
  for (let top = 0; top < document.body.scrollHeight; top += 600) {
    scrollTo(0, top);
    await new Promise((done) => setTimeout(done, 20));
  }
  await Promise.all([...document.images].filter((each) => each.offsetParent)
    .map((each) => each.decode().catch(() => {})));
  scrollTo(0, 0);
  return window.shift;
}"""
BOXES = """() => [...document.querySelectorAll("article *")]
  .filter((each) => each.matches("h1,h2,h3,p,li,pre,figure,img,table,details"))
  .filter((each) => each.offsetParent && each.tagName !== "IMG" || each.clientWidth)
  .map((each) => {
    const { left, top, width, height } = each.getBoundingClientRect();
    return [left, top + scrollY, width, height].map(Math.round).join();
  })"""
# 옆으로 끝까지 민 코드에서 복사 단추 밑에 남은 글자
HIDDEN = """() => [...document.querySelectorAll("pre:has(.md-code__nav) > code")].map((code) => {
  code.scrollLeft = code.scrollWidth;
  const button = code.parentElement.querySelector(".md-code__nav").getBoundingClientRect();
  const words = document.createTreeWalker(code, NodeFilter.SHOW_TEXT), range = new Range();
  let found = "";
  while (button.width && words.nextNode()) {
    for (let i = 0; i < words.currentNode.length; i++) {
      range.setStart(words.currentNode, i);
      range.setEnd(words.currentNode, i + 1);
      const { left, right, top, bottom } = range.getBoundingClientRect();
      const apart = right <= button.left || left >= button.right
        || bottom <= button.top || top >= button.bottom;
      found += apart ? "" : String(range).trim();
    }
  }
  return found;
}).filter(Boolean)"""
DARKEN = "document.body.dataset.mdColorScheme = 'slate'"


def shift(page: Page, address: str) -> float:
    """끝까지 읽는 동안 페이지가 밀린 정도입니다."""
    page.goto(address, wait_until="networkidle")
    return float(page.evaluate(READ))


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_moves_while_reading_or_in_the_dark(
    open_tab: Open, address: str, built_site: Path, width: int
) -> None:
    page, moved, unlike = open_tab(width), {}, []
    page.add_init_script(WATCH)
    for place in places(built_site):
        if (found := shift(page, address + place)) > MOST_SHIFT:
            moved[place] = found
        light = page.evaluate(BOXES)
        page.evaluate(DARKEN)
        if page.evaluate(BOXES) != light:
            unlike.append(place)
        assert light or place == "404.html", place
    assert not moved
    assert not unlike


@pytest.mark.parametrize("place", ["404.html", "lab/", "reference/", "training/"])
@pytest.mark.parametrize("mended", [True, False])
def test_a_short_page_stays_while_the_script_of_the_theme_is_late(
    open_tab: Open, address: str, mended: bool, place: str
) -> None:
    page = open_tab(1280)
    page.set_viewport_size({"width": 1350, "height": 940})  # Lighthouse의 책상 컴퓨터
    page.add_init_script(WATCH)
    late: list[Route] = []
    page.route("**/assets/javascripts/bundle.*.js", lambda route: late.append(route))
    if not mended:
        page.route("**/stylesheets/chrome.css", without_the_mend)
    page.goto(address + place, wait_until="commit")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    page.wait_for_timeout(200)
    late[0].continue_()
    page.wait_for_function("() => !document.documentElement.classList.contains('no-js')")
    if mended:
        page.wait_for_timeout(200)  # 밀렸다면 벌써 밀렸을 시간
        assert page.evaluate("window.shift") <= MOST_SHIFT
    else:
        page.wait_for_function("(most) => window.shift > most", arg=MOST_SHIFT)


def without_the_mend(route: Route) -> None:
    text = route.fetch().text()
    assert "(scripting: enabled)" in text
    route.fulfill(body=text.replace("(scripting: enabled)", "(scripting: none)"))


def test_no_code_stays_under_its_button(open_tab: Open, address: str, built_site: Path) -> None:
    page, hidden = open_tab(360), {}
    for place in places(built_site):
        page.goto(address + place, wait_until="load")
        page.evaluate("document.fonts.ready")
        assert page.locator("pre:not(:has(.md-code__nav))").count() == 0  # 단추가 벌써 붙음
        if found := page.evaluate(HIDDEN):
            hidden[place] = found
    assert not hidden
    page.goto(f"{address}training/how-to-train/", wait_until="load")
    page.locator(".md-code__nav").first.wait_for()
    page.evaluate(RESTYLE, ".md-typeset pre > code { padding-right: 0 !important }")
    assert page.evaluate(HIDDEN)


def test_a_page_that_moves_is_seen(open_tab: Open, address: str) -> None:
    page = open_tab(360)
    page.add_init_script(WATCH)
    late = "setTimeout(() => { document.querySelector('article').style.paddingTop = '300px' }, 300)"
    page.add_init_script(f"addEventListener('load', () => {{ {late} }})")
    assert shift(page, f"{address}style/") > MOST_SHIFT
    before = page.evaluate(BOXES)
    page.evaluate(RESTYLE, "[data-md-color-scheme=slate] p { padding: 1px !important }")
    page.evaluate(DARKEN)
    assert page.evaluate(BOXES) != before


def pixels(page: Page) -> NDArray[np.uint8]:
    """페이지의 온 화면입니다. 모양 `(높이, 너비, 3)`."""
    page.evaluate("document.activeElement?.blur()")
    page.evaluate(READ)
    content = page.screenshot(full_page=True, animations="disabled", caret="hide")
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def apart(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    """가장 다른 화소의 차이입니다. 0–255."""
    return int(np.abs(one.astype(int) - other).max())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("place", ["style/", "glossary/", "models/"])
def test_a_page_looks_the_same_whichever_way_it_is_reached(
    open_tab: Open, address: str, built_site: Path, width: int, scheme: str, place: str
) -> None:
    direct, moved = open_tab(width, scheme), open_tab(width, scheme)
    for page, first in ((direct, place), (moved, "gan100/")):
        page.add_init_script("window.shift = 0")
        know_the_address(page, address, built_site)
        page.goto(address + first, wait_until="networkidle")
    moved.evaluate(
        "(href) => { const link = document.createElement('a'); link.href = href;"
        " document.querySelector('article').append(link); link.click(); }",
        address + place,
    )
    moved.wait_for_url(f"**/{place}")
    moved.wait_for_load_state("networkidle")
    assert moved.evaluate("performance.getEntriesByType('navigation')[0].name").endswith("gan100/")
    wanted, found = pixels(direct), pixels(moved)
    assert wanted.shape == found.shape
    assert apart(wanted, found) <= SMOOTHING
    direct.evaluate(RESTYLE, "article { opacity: 0.9 !important }")
    assert apart(pixels(direct), wanted) > SMOOTHING
