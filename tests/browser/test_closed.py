"""닫힌 사이트: 보안 정책이 여러분의 어떤 손길에도 걸리지 않고, 끼워 넣은 것은 모두 막습니다."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

import pytest
from inspection import Inspect, Inspector, violations
from live import until
from playwright.sync_api import Error, Page, Route, expect

HERE = "categories/"
OUTSIDE = "http://192.0.2.1/"
# 해낸 것의 이름: 실행된 스크립트와, 먹힌 스타일
HAPPENED = """() => [
  ...(window.planted ?? []),
  ...(getComputedStyle(document.querySelector("h1")).color === "rgb(1, 2, 3)" ? ["스타일"] : []),
  ...([...document.querySelectorAll("p")].some((one) => getComputedStyle(one).position === "fixed")
    ? ["스타일 속성"] : []),
]"""


class Intrusion(NamedTuple):
    """끼워 넣을 것: 막아야 할 지시문, 페이지에 심을 글, 페이지에서 부를 글.

    `RUN`은 제 이름을 남기는 스크립트로, `OUT`은 제 이름을 적은 바깥의 주소로 바뀝니다.
    """

    directive: str
    markup: str = ""
    action: str = ""


INTRUSIONS = {
    "인라인 스크립트": Intrusion("script-src-elem", "<script>RUN</script>"),
    "인라인 모듈": Intrusion("script-src-elem", '<script type="module">RUN</script>'),
    "바깥의 스크립트": Intrusion("script-src-elem", '<script src="OUT"></script>'),
    "사건 속성": Intrusion("script-src-attr", '<img src="data:," alt="" onerror="RUN">'),
    "SVG의 사건 속성": Intrusion("script-src-attr", '<svg onload="RUN"></svg>'),
    "스크립트 주소": Intrusion(
        "script-src-elem",
        '<a id="seed" href="javascript:RUN;void 0">x</a>',
        "document.querySelector('#seed').click()",
    ),
    "eval": Intrusion("script-src", action="setTimeout(() => eval(`RUN`))"),
    "글로 부르는 타이머": Intrusion("script-src", action="setTimeout(`RUN`)"),
    "바깥의 그림": Intrusion("img-src", '<img src="OUT" alt="x">'),
    "바깥으로 보내기": Intrusion(
        "connect-src", action="fetch('OUT', { mode: 'no-cors' }).catch(() => {})"
    ),
    "바깥의 스타일": Intrusion("style-src-elem", '<link rel="stylesheet" href="OUT">'),
    "바깥의 글꼴": Intrusion(
        "font-src", action="new FontFace('x', 'url(OUT)').load().catch(() => {})"
    ),
    "바깥의 소리": Intrusion("media-src", '<audio src="OUT" preload="auto"></audio>'),
    "끼운 페이지": Intrusion("frame-src", '<iframe src="OUT"></iframe>'),
    "플러그인": Intrusion("object-src", '<object data="OUT" type="text/html"></object>'),
    "다른 곳의 일꾼": Intrusion(
        "worker-src", action="new Worker(URL.createObjectURL(new Blob([`fetch('OUT')`])))"
    ),
    "스타일": Intrusion("style-src-elem", "<style>h1 { color: rgb(1, 2, 3) !important }</style>"),
    "스타일 속성": Intrusion("style-src-attr", '<p style="position: fixed">x</p>'),
}
# 페이지를 떠나게 하거나 다른 주소를 모두 바꾸어, 따로 심을 것
ALONE = {
    "바깥의 양식": Intrusion(
        "form-action",
        '<form id="form" action="OUT" method="post"></form>',
        "document.querySelector('#form').submit()",
    ),
    "주소의 기준": Intrusion("base-uri", '<base href="OUT/"><img src="x.png" alt="x">'),
}
GROUPS = [INTRUSIONS, *({name: one} for name, one in ALONE.items())]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: "·".join(group)[:20])
def test_every_intrusion_is_stopped(inspect: Inspect, group: dict[str, Intrusion]) -> None:
    inspector = inspect()
    reached = intrude(inspector, group)
    wanted = Counter(one.directive for one in group.values())
    until(inspector.page, lambda: wanted <= stopped(inspector.page))
    assert happened(inspector.page, reached) == set()


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: "·".join(group)[:20])
def test_without_the_policy_every_intrusion_succeeds(
    inspect: Inspect, group: dict[str, Intrusion]
) -> None:
    inspector = inspect()
    reached = intrude(inspector, group, closed=False)
    until(inspector.page, lambda: happened(inspector.page, reached) == {*group})


def stopped(page: Page) -> Counter[str]:
    """지시문마다 막은 수입니다."""
    return Counter(violation.partition(" ")[0] for violation in violations(page))


def intrude(
    inspector: Inspector, group: dict[str, Intrusion], closed: bool = True
) -> dict[str, bool]:
    """페이지에 심고 부릅니다. 바깥에 닿은 것의 이름을 모을 곳을 돌려줍니다."""
    page, reached = inspector.page, dict[str, bool]()
    numbers = {name: f"{OUTSIDE}{number}" for number, name in enumerate(group)}

    def written(name: str, text: str) -> str:
        run = f"(window.planted ??= []).push('{name}')"
        return text.replace("RUN", run).replace("OUT", numbers[name])

    def answer(route: Route) -> None:
        reached.update({n: True for n, out in numbers.items() if route.request.url.startswith(out)})
        route.fulfill(body="", headers={"access-control-allow-origin": "*"})

    def planted(route: Route) -> None:
        response = route.fetch()
        body = response.text()
        if not closed:
            body = body.replace('http-equiv="Content-Security-Policy"', 'name="open"')
        markup = "".join(written(name, one.markup) for name, one in group.items())
        assert body.count("</article>") == 1
        body = body.replace("</article>", f"{markup}</article>")
        route.fulfill(response=response, body=body)

    page.context.route(f"{OUTSIDE}**", answer)
    page.route(inspector.address + HERE, planted)
    page.goto(inspector.address + HERE, wait_until="domcontentloaded")
    for name, one in group.items():
        page.evaluate(f"() => {{ {written(name, one.action)} }}")
    return reached


def happened(page: Page, reached: dict[str, bool]) -> set[str]:
    """끼워 넣은 것 가운데 무언가를 해낸 것입니다."""
    try:
        return {*reached, *page.evaluate(HAPPENED)}
    except Error:  # 다른 페이지로 떠나는 중
        return {*reached}


def test_searching_copying_and_switching_break_nothing(inspect: Inspect) -> None:
    inspector = inspect(permissions=["clipboard-read", "clipboard-write"])
    page = inspector.page
    inspector.open("build/")
    page.locator("label[title='어두운 화면으로']").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page.locator(".md-code__button[data-md-type=copy]").locator("visible=true").first.click()
    expect(page.locator(".md-dialog")).to_have_class("md-dialog md-dialog--active")
    page.locator(".md-search__input").click()
    page.keyboard.type("판별기", delay=20)
    expect(page.locator(".md-search-result__item").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/\?h="))
    page.emulate_media(media="print")
    page.pdf()
    assert violations(page) == []
