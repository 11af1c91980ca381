"""모든 페이지를 밝은 화면과 어두운 화면, 휴대전화와 책상 위의 너비에서 엽니다."""

from collections.abc import Callable
from pathlib import Path

import pytest
from inspection import Inspector, places
from machine import MISSING, chromium
from playwright.sync_api import Page, Route

Inspect = Callable[..., Inspector]

PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
FLAWS = {
    "열리지 않는 스크립트": ("<script>console.error('흠')</script>", "콘솔의 오류: 흠"),
    "던져진 예외": ("<script>throw new Error('흠')</script>", "스크립트의 오류: 흠"),
    "바깥의 그림": ('<img src="http://192.0.2.1/x.png" alt="x">', "바깥으로 나간 요청"),
    "바깥의 글꼴": ('<link rel="stylesheet" href="http://192.0.2.1/x.css">', "바깥으로 나간 요청"),
    "넓은 조각": ('<div style="width: 2000px">넓음</div>', "옆으로"),
    "없는 그림": ('<img src="nothing.png" alt="x">', "읽지 못한 그림"),
    "없는 파일": ('<script src="nothing.js"></script>', "404 응답"),
    "대체 글이 없는 그림": (f'<img src="{PIXEL}">', "대체 글이 없는 그림"),
    "크기를 적지 않은 그림": (f'<img src="{PIXEL}" alt="x">', "크기를 적지 않은 그림"),
    "다른 곳의 그림": ('<img src="/assets/images/favicon.png" alt="x">', "만들지 않은 그림"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_page_is_sound(inspect: Inspect, built_site: Path, width: int, scheme: str) -> None:
    inspector, visited = inspect(width, scheme), places(built_site)
    assert len(visited) > 1
    flaws = {place: found for place in visited if (found := inspector.visit(place))}
    assert not flaws


@pytest.mark.parametrize("name", FLAWS)
def test_the_inspector_sees_the_flaw(inspect: Inspect, address: str, name: str) -> None:
    markup, complaint = FLAWS[name]
    inspector = inspect(360, closed=False)
    _spoil(inspector.page, f"{address}style/", markup)
    flaws = inspector.visit("style/")
    assert any(complaint in flaw for flaw in flaws), flaws


def test_the_inspector_is_content_with_the_page_as_it_is(inspect: Inspect) -> None:
    assert inspect(360).visit("style/") == []


def test_a_missing_browser_fails_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.fail.Exception, match="apt-get install -y chromium") as failure:
        chromium()
    assert failure.value.msg == MISSING


def _spoil(page: Page, address: str, markup: str) -> None:
    """페이지의 끝에 흠을 심습니다."""

    def spoiled(route: Route) -> None:
        response = route.fetch()
        body = response.text().replace("</article>", f"{markup}</article>", 1)
        route.fulfill(response=response, body=body)

    page.route(address, spoiled)
