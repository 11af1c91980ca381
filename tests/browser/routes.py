"""브라우저가 청한 것에 다르게 답합니다: 끊고, 붙들고, 글을 고쳐 줍니다."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route

Answer = Callable[[Route], None]


def offline(route: Route) -> None:
    """답하지 않고 끊습니다."""
    route.abort()


def edited(old: str, new: str) -> Answer:
    """답의 글에서 `old`를 `new`로 바꾸어 줍니다. 바꿀 것이 없으면 실패합니다."""

    def answer(route: Route) -> None:
        response = route.fetch()
        text = response.text()
        assert old in text
        route.fulfill(response=response, body=text.replace(old, new))

    return answer


def hold(page: Page, pattern: str) -> list[Route]:
    """주소가 맞는 요청에 끝내 답하지 않습니다. 붙든 요청을 모읍니다."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))
    return held
