"""독자가 페이지에서 페이지로 옮겨 다니고, 펴 보고, 고르고, 늦은 스크립트를 만납니다."""

from __future__ import annotations

import io
from itertools import product

import numpy as np
import pytest
from flaws import MOST_SHIFT, flaws
from inspection import MEASURE, RESTYLE, Inspect, Open
from live import until
from machine import FLAGS, chromium
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from routes import edited, hold

SMOOTHING = 4  # 둥근 모서리는 화면을 나누어 칠하는 자리에 따라 조금 다르게 부드러워짐
BLOCK = 3  # 그런 모서리의 화소 하나는 스물까지도 다르지만, 이웃과 평균 내면 같음
LONG = pytest.mark.wide
WITHOUT_THE_MEND = edited("(scripting: enabled)", "(scripting: none)")
# 테마는 새 페이지를 다 펴고 맨 위로 민 뒤에야 알림. 그 앞에 누르면 누르는 사이에 링크가 달아남
COUNT_TURNS = "window.turns = -1; document$.subscribe(() => { window.turns += 1; })"


def test_the_book_can_be_read_from_the_first_page_to_the_last(inspect: Inspect) -> None:
    inspector = inspect()
    page = inspector.page
    inspector.know_the_address()
    inspector.open("")
    page.evaluate(COUNT_TURNS)
    visited = [page.url]
    while page.locator("a[rel=next]").count():
        title = page.locator("a[rel=next] .page-turn__title").inner_text()
        page.click("a[rel=next]")
        page.wait_for_function("(count) => window.turns === count", arg=len(visited))
        expect(page.locator(".md-nav__link--active").first).to_have_text(title)
        expect(page).to_have_title(f"{title} - GAN은")
        visited.append(page.url)
        found = flaws(inspector.look(), "오류와 요청", "보안 정책", "옆으로 밀림", "그림")
        assert not found, page.url
    assert len(visited) == len(set(visited)) > 30
    assert page.locator("meta[http-equiv]").count() == 1


def test_a_lost_reader_comes_back_and_the_phone_has_the_whole_table_of_contents(
    open_tab: Open, address: str
) -> None:
    page = open_tab(360)
    page.goto(f"{address}404.html")
    expect(page.get_by_role("heading", level=1)).to_contain_text("찾")
    page.get_by_role("link", name="돌아가기").click()
    expect(page.locator("h1")).to_contain_text("GAN은")
    page.locator("label.md-header__button[for=__drawer]").click()
    expect(page.get_by_role("link", name="스타일 테스트")).to_be_visible()


def test_no_line_starts_with_a_lonely_particle(open_tab: Open, address: str, wide: bool) -> None:
    page = open_tab(360)
    page.add_init_script(MEASURE)
    page.goto(f"{address}architecture/loss/")
    assert page.locator(".unbroken").count() > 10
    assert page.locator(".unbroken:not(:has(.formula))").count() > 0  # 괄호나 % 뒤의 조사

    def orphans() -> list[str]:
        found: list[str] = []
        for width in range(320, 440, 4 if wide else 12):
            page.set_viewport_size({"width": width, "height": 800})
            found += page.evaluate("measure.orphans()")
        return found

    assert not orphans()
    page.evaluate(RESTYLE, ".md-typeset .unbroken { white-space: normal }")
    assert orphans()


def test_twice_the_letters_do_not_push_the_page_sideways(browser: Browser, address: str) -> None:
    flags = [*FLAGS, "--blink-settings=defaultFontSize=32"]
    with browser.browser_type.launch(executable_path=chromium(), args=flags) as large:
        page = large.new_page(viewport={"width": 360, "height": 800})
        for place in ("lab/latent/", "training/how-it-works/", "architecture/loss/", "questions/"):
            page.goto(f"{address}{place}")
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, place
        page.evaluate(RESTYLE, ".md-typeset .unbroken { white-space: nowrap }")
        assert page.evaluate("document.documentElement.scrollWidth") > 360


@pytest.mark.parametrize(
    "place",
    ["404.html", *(pytest.param(each, marks=LONG) for each in ("lab/", "reference/", "training/"))],
)
def test_a_short_page_stays_while_the_script_of_the_theme_is_late(
    open_tab: Open, address: str, place: str
) -> None:
    page = late(open_tab(), address + place)
    page.wait_for_timeout(200)  # 밀렸다면 벌써 밀렸을 시간
    assert page.evaluate("watched.shift") <= MOST_SHIFT


@pytest.mark.parametrize("mended", [True, False])
def test_a_short_page_reached_without_a_reload_has_its_height_at_once(
    inspect: Inspect, mended: bool
) -> None:
    """늘었다 줄면 그 사이에 누른 링크가 손끝에서 달아납니다."""
    inspector = inspect()
    page = inspector.page
    if not mended:
        page.route("**/stylesheets/chrome.css", WITHOUT_THE_MEND)
    inspector.know_the_address()
    inspector.open("gan100/")
    page.evaluate(
        "window.heights = [];"
        " document$.subscribe(() => heights.push(document.documentElement.scrollHeight))"
    )
    follow(page, f"{inspector.address}reference/")
    page.wait_for_function("() => heights.length === 2")
    page.wait_for_function("() => document.querySelector('.md-sidebar__scrollwrap').style.height")
    at_once = page.evaluate("heights[1]")
    assert (at_once == page.evaluate("document.documentElement.scrollHeight")) is mended


def follow(page: Page, address: str) -> None:
    """이 페이지에 더한 링크로, 다시 읽지 않고 옮겨 갑니다."""
    page.evaluate(
        "(href) => { const link = document.createElement('a'); link.href = href;"
        " document.querySelector('article').append(link); link.click(); }",
        address,
    )


def test_a_short_page_that_moves_is_seen(open_tab: Open, address: str) -> None:
    page = open_tab()
    page.route("**/stylesheets/chrome.css", WITHOUT_THE_MEND)
    late(page, f"{address}404.html")
    page.wait_for_function("(most) => watched.shift > most", arg=MOST_SHIFT)


def late(page: Page, address: str) -> Page:
    """테마의 스크립트가 다 그려진 뒤에 오게 합니다."""
    page.set_viewport_size({"width": 1350, "height": 940})  # Lighthouse의 책상 컴퓨터
    page.add_init_script(MEASURE)
    held = hold(page, "**/assets/javascripts/bundle.*.js")
    page.goto(address, wait_until="commit")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    until(page, lambda: bool(held))  # 그린 것이 청한 것보다 먼저 알려지기도 함
    page.wait_for_timeout(200)
    held[0].continue_()
    page.wait_for_function("() => !document.documentElement.classList.contains('no-js')")
    return page


def pixels(page: Page) -> NDArray[np.uint8]:
    """페이지의 온 화면입니다. 모양 `(높이, 너비, 3)`."""
    page.evaluate("document.activeElement?.blur()")
    page.evaluate("measure.read()")
    content = page.screenshot(full_page=True, animations="disabled", caret="hide")
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def apart(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """`BLOCK`×`BLOCK` 화소씩 평균 낸 것이 가장 다른 곳의 차이입니다. 0–255."""
    rows, columns = (side // BLOCK * BLOCK for side in one.shape[:2])
    apart = (one.astype(float) - other)[:rows, :columns]
    blocks = apart.reshape(rows // BLOCK, BLOCK, columns // BLOCK, BLOCK, 3)
    return float(np.abs(blocks.mean((1, 3))).max())


LOOKS = [*product(("style/", "glossary/", "models/"), (360, 1280), ("light", "dark"))]


@pytest.mark.parametrize(
    ("place", "width", "scheme"),
    [LOOKS[0], *(pytest.param(*look, marks=LONG) for look in LOOKS[1:])],
)
def test_a_page_looks_the_same_whichever_way_it_is_reached(
    inspect: Inspect, place: str, width: int, scheme: str
) -> None:
    direct, moved = inspect(width, scheme), inspect(width, scheme)
    for inspector, first in ((direct, place), (moved, "gan100/")):
        inspector.know_the_address()
        inspector.open(first)
        inspector.settle()
    follow(moved.page, moved.address + place)
    moved.page.wait_for_url(f"**/{place}")
    moved.settle()
    came = "performance.getEntriesByType('navigation')[0].name"
    assert moved.page.evaluate(came).endswith("gan100/")
    wanted, found = pixels(direct.page), pixels(moved.page)
    assert wanted.shape == found.shape
    assert apart(wanted, found) <= SMOOTHING
    direct.page.evaluate(RESTYLE, "article { opacity: 0.9 !important }")
    assert apart(pixels(direct.page), wanted) > SMOOTHING


@pytest.mark.parametrize("held", [True, False])
def test_a_first_visit_in_the_dark_is_dark_before_the_theme_runs(
    open_tab: Open, address: str, held: bool
) -> None:
    page = open_tab(360, "dark")
    page.route("**/bundle.*.js", lambda route: route.fulfill(body=""))
    if not held:  # 우리의 스크립트가 없으면 밝은 화면이 번쩍임
        page.route("**/scheme.js", lambda route: route.fulfill(body=""))
    page.goto(f"{address}style/")
    scheme = page.locator("body").get_attribute("data-md-color-scheme")
    assert scheme == ("slate" if held else "default")


def test_the_chosen_scheme_is_kept_on_the_next_page(open_tab: Open, address: str) -> None:
    page = open_tab(1280, "dark")
    page.goto(f"{address}style/")
    page.get_by_title("밝은 화면으로").click()
    page.route("**/bundle.*.js", lambda route: route.fulfill(body=""))
    page.goto(f"{address}gan100/")
    assert page.locator("body").get_attribute("data-md-color-scheme") == "default"
