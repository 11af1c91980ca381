"""빌드된 사이트와 진짜 Chromium입니다. 브라우저는 일꾼마다 하나만 켭니다."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from inspection import Inspector
from live import TRAINER, Live
from machine import FLAGS, chromium, serve
from playwright.sync_api import Browser, Page, expect, sync_playwright

PATIENCE = 30  # 나란히 도는 학습과 빌드가 화면을 몇 초씩 세우기도 함, 단위 초


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium()
    expect.set_options(timeout=1000 * PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(built_site: Path) -> Iterator[str]:
    with serve(built_site) as address:
        yield address


@pytest.fixture
def open_tab(browser: Browser) -> Iterator[Callable[..., Page]]:
    """너비와 밝기를 골라 빈 탭을 엽니다. 남은 것은 Playwright의 문맥에 그대로 건넵니다."""
    contexts = []

    def open_tab(width: int = 1280, scheme: str = "light", **options: Any) -> Page:
        context = browser.new_context(
            **{
                "viewport": {"width": width, "height": 800},
                "color_scheme": scheme,
                "reduced_motion": "reduce",
                **options,
            }
        )
        contexts.append(context)
        return context.new_page()

    yield open_tab
    for context in contexts:
        context.close()


@pytest.fixture
def inspect(
    open_tab: Callable[..., Page], address: str, built_site: Path
) -> Callable[..., Inspector]:
    """빈 탭을 열고 지켜봅니다."""

    def inspect(width: int = 1280, scheme: str = "light", **options: Any) -> Inspector:
        return Inspector(open_tab(width, scheme, **options), address, built_site, scheme)

    return inspect


@pytest.fixture(scope="session")
def opener(browser: Browser, address: str) -> Iterator[Page]:
    """요소를 열어 둔 탭입니다. 여기서 연 탭은 같은 프로세스라, 실행기를 다시 옮기지 않습니다."""
    context = browser.new_context()
    page = context.new_page()
    Live(page, TRAINER).open(address).start()
    yield page
    context.close()


def tab_beside(opener: Page) -> Page:
    with opener.expect_popup() as tab:
        opener.evaluate("void open('about:blank')")
    return tab.value


@pytest.fixture(scope="session")
def benches() -> dict[str, Live]:
    """테스트들이 이어 쓰는, 요소마다의 페이지입니다."""
    return {}


@pytest.fixture
def start(benches: dict[str, Live], opener: Page, address: str) -> Iterator[Callable[[str], Live]]:
    """넓고 밝은 화면에서 요소를 엽니다. 페이지는 이어 쓰고, 요소는 테스트마다 새로 놓습니다."""
    opened = []

    def start(tag: str) -> Live:
        if tag not in benches:
            page = tab_beside(opener)
            page.set_viewport_size({"width": 1280, "height": 800})
            page.emulate_media(color_scheme="light", reduced_motion="no-preference")
            benches[tag] = Live(page, tag).open(address)
        opened.append(benches[tag])
        return benches[tag].start()

    yield start
    for live in opened:
        live.page.unroute_all()
        live.renew()


@pytest.fixture
def visit(
    opener: Page, open_tab: Callable[..., Page], address: str
) -> Iterator[Callable[..., Live]]:
    """살아 움직이는 요소가 있는 페이지를 엽니다. 움직임은 줄이지 않습니다.

    너비, 밝기, 움직임이 아닌 것을 고르면 새 문맥에서 엽니다.
    """
    opened = []

    def visit(
        tag: str,
        width: int = 1280,
        scheme: str = "light",
        reduced_motion: str = "no-preference",
        **others: Any,
    ) -> Live:
        if others:
            page = open_tab(width, scheme, reduced_motion=reduced_motion, **others)
            return Live(page, tag).open(address)
        opener.evaluate("localStorage.clear()")  # 앞의 테스트가 고른 밝기
        page = tab_beside(opener)
        opened.append(page)
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion=reduced_motion)
        live = Live(page, tag).open(address)
        drawn = {"light": "default", "dark": "slate"}[scheme]
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", drawn)
        return live

    yield visit
    for page in opened:
        page.close()
