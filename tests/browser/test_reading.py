"""독자가 이 페이지 저 페이지로 옮겨 다니고, 찾고, 펴 봅니다."""

from collections.abc import Callable
from pathlib import Path

import pytest
from inspection import RESTYLE, Inspector, know_the_address
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
Inspect = Callable[..., Inspector]

MARK = "window.neverReloaded = true"


def test_the_book_can_be_read_from_the_first_page_to_the_last(
    inspect: Inspect, address: str, built_site: Path
) -> None:
    inspector = inspect()
    page = inspector.page
    know_the_address(page, address, built_site)
    page.goto(address)
    page.evaluate(MARK)
    visited = [page.url]
    while page.locator("a[rel=next]").count():
        title = page.locator("a[rel=next] .page-turn__title").inner_text()
        page.click("a[rel=next]")
        page.wait_for_url(lambda url: url != visited[-1])
        expect(page.locator(".md-nav__link--active").first).to_have_text(title)
        visited.append(page.url)
        assert not inspector.look(), page.url
    assert len(visited) == len(set(visited)) > 3
    assert page.evaluate("window.neverReloaded")


def test_the_search_speaks_korean_and_finds(open_tab: Open, address: str) -> None:
    page = open_tab()
    page.goto(address)
    box = page.get_by_role("textbox", name="검색")
    with page.expect_response("**/lunr.ko.min.js"):
        box.click()
    box.press_sequentially("생성기")
    found = page.locator(".md-search-result__item").first
    for _ in range(50):  # 테마는 찾아보기가 갖춰진 뒤 자판이 눌릴 때에만 찾음
        box.press("Shift")
        if found.is_visible():
            break
        page.wait_for_timeout(100)
    expect(found).to_be_visible()
    expect(page.locator(".md-search-result__meta")).to_contain_text("일치하는 문서")


def test_a_fold_opens_by_keyboard_and_shows_the_code(open_tab: Open, address: str) -> None:
    page = open_tab(360)
    page.goto(f"{address}style/")
    fold = page.locator(".figure-card details").first
    expect(fold.locator("pre").first).to_be_hidden()
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(fold.locator("pre").first).to_be_visible()


def test_the_phone_has_the_whole_table_of_contents(open_tab: Open, address: str) -> None:
    page = open_tab(360)
    page.goto(address)
    page.locator("label.md-header__button[for=__drawer]").click()
    expect(page.get_by_role("link", name="스타일 테스트")).to_be_visible()


def test_a_lost_reader_is_told_in_korean(open_tab: Open, address: str) -> None:
    page = open_tab()
    page.goto(f"{address}404.html")
    expect(page.get_by_role("heading", name="페이지를 찾을 수 없습니다")).to_be_visible()
    page.get_by_role("link", name="첫 페이지로 돌아가기").click()
    expect(page.locator("h1")).to_contain_text("GAN은")


ORPHANS = """() => [...document.querySelectorAll(".md-typeset .unbroken")].filter((whole) => {
    const particle = document.createRange();
    particle.selectNode(whole.lastChild);
    const line = particle.getBoundingClientRect();
    const formula = whole.firstElementChild?.getBoundingClientRect();
    if (!formula) return particle.getClientRects().length > 1;
    return line.top >= formula.bottom || line.right <= formula.left;
}).map((whole) => whole.textContent)"""
LOOSE = ".md-typeset .unbroken { white-space: normal }"


def test_no_line_starts_with_a_lonely_particle(open_tab: Open, address: str) -> None:
    page = open_tab(360)
    page.goto(f"{address}architecture/loss/")
    assert page.locator(".unbroken").count() > 10
    assert page.locator(".unbroken:not(:has(.formula))").count() > 0  # 괄호나 % 뒤의 조사
    found, planted = [], []
    for width in range(320, 440, 4):
        page.set_viewport_size({"width": width, "height": 800})
        found += page.evaluate(ORPHANS)
    assert not found
    page.evaluate(RESTYLE, LOOSE)
    for width in range(320, 440, 4):
        page.set_viewport_size({"width": width, "height": 800})
        planted += page.evaluate(ORPHANS)
    assert planted


HIDDEN = """() => {
    const held = document.activeElement;
    if (!held.closest(".md-content")) return false;
    const header = document.querySelector(".md-header").getBoundingClientRect();
    return held.getBoundingClientRect().bottom <= header.bottom;
}"""
LOW = ".md-typeset :is(a, button, input, select, summary, [tabindex]) { scroll-margin-top: 0 }"


@pytest.mark.parametrize("mended", [True, False])
def test_what_the_keyboard_comes_back_to_is_not_under_the_header(
    open_tab: Open, address: str, mended: bool
) -> None:
    page = open_tab(1280)
    page.goto(f"{address}training/how-it-works/")
    if not mended:
        page.evaluate(RESTYLE, LOW)
    page.locator("a[rel=next]").focus()
    hidden = 0
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        hidden += page.evaluate(HIDDEN)
    assert (hidden == 0) == mended
