"""페이지에서 가장 크게 그려지는 것이 그림이면, 화면의 밝기에 맞는 그 그림을 미리 받습니다."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from inspection import places
from playwright.sync_api import Page

LARGEST = """() => new Promise((done) => {
  new PerformanceObserver((list) => {
    const entry = list.getEntries().at(-1);
    done(entry.element?.tagName === "IMG" ? entry.url : "");
  }).observe({ type: "largest-contentful-paint", buffered: true });
})"""
PRELOADED = """() => [...document.querySelectorAll("link[rel=preload][as=image]")]
  .filter((link) => matchMedia(link.media).matches).map((link) => link.href)"""


def largest(page: Page) -> str:
    """가장 크게 그려진 그림의 주소입니다. 글이 더 크면 빈 글."""
    return urldefrag(str(page.evaluate(LARGEST))).url


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "dark")])
def test_the_largest_picture_is_preloaded_and_fetched_once(
    open_tab: Callable[..., Page], address: str, built_site: Path, width: int, scheme: str
) -> None:
    seen = 0
    for place in places(built_site):
        page, asked = open_tab(width, scheme), list[str]()
        page.on("request", lambda request, asked=asked: asked.append(urldefrag(request.url).url))
        page.goto(address + place, wait_until="networkidle")
        picture, preloaded = largest(page), page.evaluate(PRELOADED)
        assert ([picture] if picture else []) == preloaded, place
        if picture:
            seen += 1
            assert asked.count(picture) == 1, place
            assert not [url for url in asked if url.endswith(other(scheme))], place
        page.context.close()
    assert seen > 10


def other(scheme: str) -> str:
    """지금의 밝기에는 쓰지 않는 그림의 끝 이름입니다."""
    return "-light.webp" if scheme == "dark" else "-dark.webp"


def test_a_missing_preload_is_seen(open_tab: Callable[..., Page], address: str) -> None:
    page = open_tab(1280)

    def without(route: object) -> None:
        response = route.fetch()  # type: ignore[attr-defined]
        body = response.text().replace('as="image"', 'as="fetch"')
        route.fulfill(response=response, body=body)  # type: ignore[attr-defined]

    page.route("**/gan100/", without)
    page.goto(f"{address}gan100/", wait_until="networkidle")
    assert largest(page) and page.evaluate(PRELOADED) == []
