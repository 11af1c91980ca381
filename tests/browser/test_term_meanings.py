"""용어를 누르면 그 자리에서 뜻이 펴지고, 스크립트가 없으면 용어집으로 갑니다."""

from __future__ import annotations

import pytest
from inspection import Open, inaccessible
from playwright.sync_api import expect

PLACE = "lab/plane/"
WHOLE = """(element) => {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
}"""


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.wide)])
def test_a_term_shows_its_meaning_in_place_by_mouse_and_by_keyboard(
    open_tab: Open, address: str, width: int
) -> None:
    page = open_tab(width)
    page.goto(address + PLACE)
    here, term = page.url, page.locator("article a.term").first
    place = (term.get_attribute("href") or "").partition("#")[2]
    meaning = page.locator(f"#meaning-{place}")
    expect(meaning).to_be_hidden()
    term.click()
    expect(meaning).to_be_visible()
    expect(meaning).to_contain_text(term.inner_text())
    assert page.url == here
    assert meaning.evaluate(WHOLE)
    assert inaccessible(page) == []
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    term.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".term-meaning:popover-open")).to_be_focused()
    page.keyboard.press("Tab")
    link = meaning.get_by_role("link", name="용어집에서 보기")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(term).to_be_focused()
    term.click()
    link.click()
    page.wait_for_url(f"**/glossary/#{place}")
    expect(page.locator(f"dt#{place}")).to_be_in_viewport()


def test_without_script_a_term_is_a_link(open_tab: Open, address: str) -> None:
    page = open_tab(java_script_enabled=False)
    page.goto(address + PLACE)
    assert not page.locator(".term-meaning").first.is_visible()
    page.locator("article a.term").first.click()
    page.wait_for_url("**/glossary/#*")


def test_after_an_instant_move_terms_still_open(open_tab: Open, address: str) -> None:
    page = open_tab()
    page.goto(address + "lab/")
    page.locator("article").get_by_role("link", name="2차원 실시간 학습").first.click()
    page.wait_for_url(f"**/{PLACE}")
    page.locator("article a.term").first.click()
    expect(page.locator(".term-meaning:popover-open")).to_be_visible()
