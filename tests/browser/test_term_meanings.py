"""용어를 누르면 그 자리에서 뜻이 펴지고, 스크립트가 없으면 용어집으로 갑니다."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from test_accessibility import flaws

Open = Callable[..., Page]
PLACE = "lab/plane/"
WHOLE = """(element) => {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
}"""


@pytest.fixture(params=[360, 1280])
def page(open_tab: Open, address: str, request: pytest.FixtureRequest) -> Page:
    page = open_tab(request.param)
    page.goto(address + PLACE)
    return page


def test_a_click_shows_the_meaning_in_place(page: Page) -> None:
    here, term = page.url, page.locator("article a.term").first
    meaning = page.locator(f"#meaning-{(term.get_attribute('href') or '').partition('#')[2]}")
    expect(meaning).to_be_hidden()
    term.click()
    expect(meaning).to_be_visible()
    expect(meaning).to_contain_text(term.inner_text())
    assert page.url == here
    assert meaning.evaluate(WHOLE)
    assert flaws(page) == []
    page.keyboard.press("Escape")
    expect(meaning).to_be_hidden()


def test_the_keyboard_opens_reads_and_comes_back(page: Page) -> None:
    term = page.locator("article a.term").first
    term.focus()
    page.keyboard.press("Enter")
    meaning = page.locator(".term-meaning:popover-open")
    expect(meaning).to_be_focused()
    page.keyboard.press("Tab")
    expect(meaning.get_by_role("link", name="용어집에서 보기")).to_be_focused()
    page.keyboard.press("Escape")
    expect(term).to_be_focused()


def test_the_meaning_leads_to_the_glossary(page: Page) -> None:
    term = page.locator("article a.term").first
    place = (term.get_attribute("href") or "").partition("#")[2]
    term.click()
    page.get_by_role("link", name="용어집에서 보기").click()
    page.wait_for_url(f"**/glossary/#{place}")
    expect(page.locator(f"dt#{place}")).to_be_in_viewport()


def test_without_script_a_term_is_a_link(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PLACE)
    assert not page.locator(".term-meaning").first.is_visible()
    page.locator("article a.term").first.click()
    page.wait_for_url("**/glossary/#*")
    context.close()


def test_after_an_instant_move_terms_still_open(open_tab: Open, address: str) -> None:
    page = open_tab(1280)
    page.goto(address + "lab/")
    page.locator("article").get_by_role("link", name="2차원 실시간 학습").first.click()
    page.wait_for_url(f"**/{PLACE}")
    page.locator("article a.term").first.click()
    expect(page.locator(".term-meaning:popover-open")).to_be_visible()
