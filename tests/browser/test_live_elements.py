"""살아 움직이는 요소들이 함께 지킬 것: 약속한 무게, 열린 모습, 뒷정리, 돌지 못할 때의 모습."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flaws import flaws
from fontTools.ttLib import TTFont
from inspection import A4, Inspect, inaccessible, printed
from live import DIGITS, EXPLORER, HAND, PLACES, SCRUBBER, TRAINER, Live, Start, Visit, until
from playwright.sync_api import Page, Route, expect
from routes import offline

CANVAS = {
    TRAINER: ".live__plane",
    EXPLORER: ".live__glyph",
    SCRUBBER: ".live__glyphs",
    DIGITS: ".live__digits",
    HAND: ".live__paper",
}
WIDE = pytest.mark.wide
# 일꾼을 쓰는 요소 하나와 쓰지 않는 요소 하나. 나머지는 같은 길을 지나므로 넓게 볼 때에만
FEW = [tag if tag in (TRAINER, SCRUBBER) else pytest.param(tag, marks=WIDE) for tag in PLACES]
OTHER_SCHEME = {"light": "어두운 화면으로", "dark": "밝은 화면으로"}
LETTERS = """(element) => {
  const shown = { 400: "", 600: "" };
  const walk = document.createTreeWalker(
    element.querySelector(".live__stage"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { fontWeight, fontFamily } = getComputedStyle(walk.currentNode.parentElement);
    if (!fontFamily.includes("Mono")) {
      shown[Number(fontWeight) >= 500 ? 600 : 400] += walk.currentNode.data;
    }
  }
  return Object.fromEntries(
    Object.entries(shown).map(([weight, text]) => [weight, text.replace(/[^가-힣]/g, "")]));
}"""


@pytest.mark.parametrize("tag", PLACES)
@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "dark"),
        pytest.param(1280, "light", marks=WIDE),
        pytest.param(360, "light", marks=WIDE),
        pytest.param(1280, "dark", marks=WIDE),
    ],
)
def test_an_open_element_keeps_every_promise(
    inspect: Inspect, built_site: Path, width: int, scheme: str, tag: str
) -> None:
    inspector = inspect(width, scheme)
    inspector.open(PLACES[tag])
    live = Live(inspector.page, tag)
    prints_the_still_picture(live)
    promised = float(live.offer().inner_text().split("(")[1].split(" MB")[0])
    live.start()
    inspector.settle()
    fetched = sum(  # 열 때 받는 것: 견줄 본보기 스텝은 누를 때에 따로 받음
        size
        for url, size in inspector.record.sizes.items()
        if "/assets/live/" in url and url.endswith((".gz", ".mjs"))
    )
    assert promised == pytest.approx(fetched / 1e6, abs=0.06)
    work(live)
    inspector.settle()
    record = inspector.look()
    assert flaws(record, "오류와 요청", "보안 정책", "옆으로 밀림", "그림") == {}
    assert inaccessible(live.page, tag) == []
    assert missing(live, built_site) == set()
    still_prints_the_picture(live)
    before = live.picture(CANVAS[tag])
    live.page.locator(f"label[title='{OTHER_SCHEME[scheme]}']").click()
    until(live.page, lambda: live.picture(CANVAS[tag]) != before)


def prints_the_still_picture(live: Live) -> None:
    """인쇄하면 단추는 없고 정지 그림이 있습니다."""
    live.page.emulate_media(media="print")
    expect(live.offer()).to_be_hidden()
    expect(live.element.locator("img").locator("visible=true")).to_have_count(1)
    live.page.emulate_media(media="null")


def still_prints_the_picture(live: Live) -> None:
    """열린 요소도 정지 그림으로 찍힙니다."""
    live.page.set_viewport_size({"width": A4, "height": 800})
    live.page.emulate_media(reduced_motion="no-preference")
    assert printed(live.page) == {}
    live.page.emulate_media(media="screen")
    assert live.page.evaluate("paper()")["빈 요소"]  # 화면에서는 무대가 그림을 가림


def work(live: Live) -> None:
    """요소가 더 보여 줄 것을 엽니다."""
    if live.tag in (TRAINER, DIGITS):
        live.button("시작").click()
        live.wait_steps(5)
        live.pause()
        live.button("PyTorch와 같은지 확인").click()
        live.says("같습니다")
    elif live.tag == EXPLORER:
        live.button("64자 펼치기").click()
        live.says("64자를 펼쳤습니다")
    elif live.tag == HAND:
        live.element.locator(".live__paper").click()
        live.button("열네 자 쓰기").click()
        live.says("열네 자를 썼습니다")


def missing(live: Live, site: Path) -> set[str]:
    """무대에 보이는데 그 굵기의 글꼴에 없는 글자입니다."""
    shown = live.element.evaluate(LETTERS)
    assert len(shown["400"]) > 30
    lacking: set[str] = set()
    for weight, letters in shown.items():
        font = TTFont(site / f"assets/fonts/gan-docs-sans-{weight}.woff2")
        lacking |= set(letters) - {*map(chr, font.getBestCmap())}
    return lacking


def test_a_letter_without_its_font_is_seen(start: Start, built_site: Path) -> None:
    live = start(SCRUBBER)
    live.element.locator(".live__stage").evaluate(
        "(stage) => stage.insertAdjacentHTML('beforeend', '<b>꿹</b><p>쀍</p>')"
    )
    assert missing(live, built_site) == {"꿹", "쀍"}


def workers(page: Page) -> list[str]:
    """돌고 있는 요소의 일꾼입니다."""
    return [worker.url for worker in page.workers if "live/worker" in worker.url]


# 누른 것의 답을 기다리는 사이에 떠남
LEAVE = """(element) => {
  for (const each of element.querySelectorAll("button")) {
    if (/^(처음으로|64자 펼치기)/.test(each.textContent)) each.click();
  }
  document.querySelector("a[rel=next]").click();
}"""


@pytest.mark.parametrize("tag", FEW)
def test_leaving_leaks_no_worker_and_a_reload_starts_again(
    inspect: Inspect, wide: bool, tag: str
) -> None:
    inspector = inspect()
    page = inspector.page
    inspector.know_the_address()
    inspector.open(PLACES[tag])
    page.evaluate("window.neverReloaded = true")
    for turn in range(10 if wide else 1):
        live = Live(page, tag).start()
        if tag in (TRAINER, DIGITS):
            live.button("시작").click()
            live.wait_steps(1)
        assert len(workers(page)) == (0 if tag == SCRUBBER else 1), turn
        live.element.evaluate(LEAVE)
        expect(page.locator(tag)).to_have_count(0)
        until(page, lambda: not workers(page))
        page.go_back()
        expect(live.offer()).to_be_visible()
    assert page.evaluate("window.neverReloaded")
    Live(page, tag).start()
    page.reload()
    live = Live(page, tag).start()
    expect(live.element.locator(".live__stage")).to_have_count(1)
    assert inspector.record.troubles == []


def still_reads(live: Live) -> None:
    """정지 그림이 남고, 다시 누를 수 있고, 글이 읽히는지 봅니다."""
    expect(live.element.locator("img").first).to_be_visible()
    expect(live.offer()).to_be_enabled()
    expect(live.page.locator("h1")).to_be_visible()
    until(live.page, lambda: not workers(live.page))


def test_a_leaked_worker_is_seen(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    live = visit(TRAINER)
    live.page.evaluate(
        "window.kept = new Worker(new URL('../../assets/live/worker.js', location.href),"
        " { type: 'module' })"
    )
    until(live.page, lambda: bool(workers(live.page)))
    monkeypatch.setattr("live.LOOKS", 20)
    with pytest.raises(AssertionError):
        still_reads(live)


@pytest.mark.parametrize("tag", PLACES)
def test_without_script_the_picture_and_a_sentence_stay(visit: Visit, tag: str) -> None:
    live = visit(tag, java_script_enabled=False)
    expect(live.element.locator("img").first).to_be_visible()
    expect(live.element.get_by_text("자바스크립트를 켜면")).to_be_visible()
    expect(live.element.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("tag", [TRAINER, pytest.param(EXPLORER, marks=WIDE)])
def test_without_wasm_the_picture_stays(visit: Visit, tag: str) -> None:
    live = visit(tag)

    def forbid(route: Route) -> None:
        response = route.fetch()
        policy = {"content-security-policy": "script-src 'self'"}
        route.fulfill(response=response, headers={**response.headers, **policy})

    live.page.route("**/assets/live/worker.js", forbid)
    live.offer().click()
    live.says("WebAssembly를 쓸 수 없어")
    still_reads(live)


def cut(route: Route) -> None:
    body = route.fetch().body()
    route.fulfill(body=body[: len(body) // 2])


def flipped(route: Route) -> None:
    body = bytearray(route.fetch().body())
    body[len(body) // 2] ^= 1
    route.fulfill(body=bytes(body))


# 요소마다: 어느 파일이 어떻게 되면 무엇이라 말하는지
OFFLINE = ("**/assets/live/*.gz", offline, "네트워크를 확인하고")
BROKEN = "받은 파일이 온전하지 않습니다"
FAILURES = {
    TRAINER: [
        OFFLINE,
        ("**/ort-wasm-simd-threaded-*.wasm.gz", flipped, BROKEN),
        ("**/relativistic-discriminator-*.onnx.gz", cut, BROKEN),
    ],
    DIGITS: [
        OFFLINE,
        ("**/digits-*.bin.gz", flipped, BROKEN),
        ("**/gan100-*-step-*.onnx.gz", cut, BROKEN),
    ],
    EXPLORER: [OFFLINE, ("**/hangul-*.onnx.gz", flipped, BROKEN)],
    HAND: [OFFLINE, ("**/hand-*.onnx.gz", cut, BROKEN)],
    SCRUBBER: [
        OFFLINE,
        ("**/record-*.bin.gz", flipped, BROKEN),
        ("**/manifest.json", cut, BROKEN),
    ],
}


@pytest.mark.parametrize("tag", FEW)
def test_a_failure_is_told_and_can_be_tried_again(visit: Visit, tag: str) -> None:
    live = visit(tag)
    for pattern, spoil, told in FAILURES[tag]:
        live.page.route(pattern, spoil)
        live.offer().click()
        live.says(told)
        still_reads(live)
        live.page.unroute(pattern)
        live.hush()
    live.start()


def test_a_server_that_unpacks_is_understood(visit: Visit) -> None:
    live = visit(TRAINER)

    def unpacked(route: Route) -> None:
        route.fulfill(body=gzip.decompress(route.fetch().body()))

    live.page.route("**/assets/live/*.gz", unpacked)
    live.start()
