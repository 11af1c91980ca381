"""살아 움직이는 세 요소가 함께 지킬 것: 무게, 뒷정리, 돌지 못할 때의 모습, 두 화면과 너비."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from inspection import Inspector, know_the_address, weigh
from live import EXPLORER, PLACES, SCRUBBER, TRAINER, Live, until, visit
from playwright.sync_api import Browser, Page, Route, expect

LIGHT_PAGE = 300 * 1024
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
WITH_MODELS = (TRAINER, EXPLORER)


def test_a_page_is_light_before_the_reader_asks(
    open_tab: Callable[..., Page], address: str
) -> None:
    for tag in PLACES:
        sizes = weigh(open_tab(360), address + PLACES[tag])
        print(tag, sum(sizes.values()))
        assert len(sizes) > 5
        assert sum(sizes.values()) <= LIGHT_PAGE, sizes
        assert not [url for url in sizes if ".wasm" in url or ".onnx" in url or "manifest" in url]


@pytest.mark.parametrize("tag", PLACES)
def test_the_button_tells_what_it_fetches(browser: Browser, address: str, tag: str) -> None:
    live = visit(browser, address, tag)
    fetched: list[int] = []
    live.page.on(
        "response",
        lambda response: (
            "/assets/live/" in response.url
            and response.url.endswith((".gz", ".mjs"))
            and fetched.append(int(response.headers["content-length"]))
        ),
    )
    promised = float(live.offer().inner_text().split("(")[1].split(" MB")[0])
    live.start()
    until(live.page, lambda: promised == pytest.approx(sum(fetched) / 1e6, abs=0.06))
    live.page.context.close()


@pytest.mark.parametrize("tag", PLACES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_an_open_element_is_sound(
    inspect: Callable[..., Inspector], width: int, scheme: str, tag: str
) -> None:
    inspector = inspect(width, scheme)
    assert inspector.visit(PLACES[tag]) == []
    Live(inspector.page, tag).start()
    assert inspector.look() == []


@pytest.mark.parametrize("tag", PLACES)
def test_every_letter_of_the_stage_is_in_its_font(
    browser: Browser, address: str, built_site: Path, tag: str
) -> None:
    live = visit(browser, address, tag).start()
    if tag == TRAINER:
        live.button("PyTorch와 같은지 확인").click()
        live.says("같습니다")
    assert missing(live, built_site) == set()
    live.element.locator(".live__stage").evaluate(
        "(stage) => stage.insertAdjacentHTML('beforeend', '<b>꿹</b><p>쀍</p>')"
    )
    assert missing(live, built_site) == {"꿹", "쀍"}
    live.page.context.close()


def missing(live: Live, site: Path) -> set[str]:
    """무대에 보이는데 그 굵기의 글꼴에 없는 글자입니다."""
    shown = live.element.evaluate(LETTERS)
    assert len(shown["400"]) > 30
    lacking: set[str] = set()
    for weight, letters in shown.items():
        font = TTFont(site / f"assets/fonts/gan-docs-sans-{weight}.woff2")
        lacking |= set(letters) - {*map(chr, font.getBestCmap())}
    return lacking


@pytest.mark.parametrize("tag", PLACES)
def test_the_picture_follows_the_scheme(browser: Browser, address: str, tag: str) -> None:
    live = visit(browser, address, tag).start()
    canvas = {TRAINER: ".live__plane", EXPLORER: ".live__glyph", SCRUBBER: ".live__glyphs"}[tag]
    before = live.picture(canvas)
    live.page.locator("label[title='어두운 화면으로']").click()
    until(live.page, lambda: live.picture(canvas) != before)
    live.page.context.close()


def workers(page: Page) -> list[str]:
    """돌고 있는 요소의 일꾼입니다."""
    return [worker.url for worker in page.workers if "live/worker" in worker.url]


@pytest.mark.parametrize("tag", PLACES)
def test_leaving_ten_times_leaks_no_worker(
    browser: Browser, address: str, built_site: Path, tag: str
) -> None:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    know_the_address(page, address, built_site)
    page.goto(address + PLACES[tag])
    page.evaluate("window.neverReloaded = true")

    for turn in range(10):
        live = Live(page, tag).start()
        if tag == TRAINER:
            live.button("시작").click()
            live.wait_steps(1)
        assert len(workers(page)) == (1 if tag in WITH_MODELS else 0), turn
        page.locator("a[rel=next]").click()
        expect(page.locator(tag)).to_have_count(0)
        until(page, lambda: not workers(page))
        page.go_back()
        expect(page.locator(f"{tag} .live__offer button")).to_be_visible()
    assert page.evaluate("window.neverReloaded") and not errors
    page.context.close()


def test_a_leaked_worker_is_seen(browser: Browser, address: str) -> None:
    live = visit(browser, address, TRAINER)
    live.page.evaluate(
        "window.kept = new Worker(new URL('../../assets/live/worker.js', location.href),"
        " { type: 'module' })"
    )
    until(live.page, lambda: bool(workers(live.page)))
    with pytest.raises(AssertionError):
        still_reads(live)
    live.page.context.close()


@pytest.mark.parametrize("tag", PLACES)
def test_a_reloaded_page_starts_again(browser: Browser, address: str, tag: str) -> None:
    live = visit(browser, address, tag).start()
    live.page.reload()
    live.start()
    expect(live.element.locator(".live__stage")).to_have_count(1)
    live.page.context.close()


@pytest.mark.parametrize("tag", PLACES)
def test_without_script_the_picture_and_a_sentence_stay(
    browser: Browser, address: str, tag: str
) -> None:
    live = visit(browser, address, tag, java_script_enabled=False)
    expect(live.element.locator("img").first).to_be_visible()
    expect(live.element.get_by_text("자바스크립트를 켜면")).to_be_visible()
    expect(live.element.get_by_role("button")).to_have_count(0)
    live.page.context.close()


def still_reads(live: Live) -> None:
    """정지 그림이 남고, 다시 누를 수 있고, 글이 읽히는지 봅니다."""
    expect(live.element.locator("img").first).to_be_visible()
    expect(live.offer()).to_be_enabled()
    expect(live.page.locator("h1")).to_be_visible()
    until(live.page, lambda: not workers(live.page))


@pytest.mark.parametrize("tag", WITH_MODELS)
def test_without_wasm_the_picture_stays(browser: Browser, address: str, tag: str) -> None:
    live = visit(browser, address, tag)

    def forbid(route: Route) -> None:
        response = route.fetch()
        policy = {"content-security-policy": "script-src 'self'"}
        route.fulfill(response=response, headers={**response.headers, **policy})

    live.page.route("**/assets/live/worker.js", forbid)
    live.offer().click()
    live.says("WebAssembly를 쓸 수 없어")
    still_reads(live)
    live.page.context.close()


@pytest.mark.parametrize(
    ("tag", "pattern"),
    [
        (TRAINER, "**/ort-wasm-simd-threaded-*.wasm.gz"),
        (TRAINER, "**/relativistic-discriminator-*.onnx.gz"),
        (EXPLORER, "**/hangul-*.onnx.gz"),
        (SCRUBBER, "**/record-*.bin.gz"),
        (SCRUBBER, "**/manifest.json"),
    ],
)
@pytest.mark.parametrize("how", ["cut", "flipped"])
def test_a_broken_file_is_told_and_can_be_tried_again(
    browser: Browser, address: str, tag: str, pattern: str, how: str
) -> None:
    live = visit(browser, address, tag)

    def spoil(route: Route) -> None:
        body = bytearray(route.fetch().body())
        if how == "cut" or pattern.endswith("json"):
            del body[len(body) // 2 :]
        else:
            body[len(body) // 2] ^= 1
        route.fulfill(body=bytes(body))

    live.page.route(pattern, spoil)
    live.offer().click()
    live.says("받은 파일이 온전하지 않습니다")
    still_reads(live)
    live.page.unroute(pattern)
    live.start()
    live.page.context.close()


@pytest.mark.parametrize("tag", PLACES)
def test_without_network_it_says_so_and_can_be_tried_again(
    browser: Browser, address: str, tag: str
) -> None:
    live = visit(browser, address, tag)
    live.page.route("**/assets/live/*.gz", lambda route: route.abort())
    live.offer().click()
    live.says("네트워크를 확인하고")
    still_reads(live)
    live.page.unroute("**/assets/live/*.gz")
    live.start()
    live.page.context.close()


def test_a_server_that_unpacks_is_understood(browser: Browser, address: str) -> None:
    live = visit(browser, address, TRAINER)

    def unpacked(route: Route) -> None:
        route.fulfill(body=gzip.decompress(route.fetch().body()))

    live.page.route("**/assets/live/*.gz", unpacked)
    live.start()
    live.page.context.close()


def test_the_elements_ask_no_one_else(browser: Browser, address: str) -> None:
    for tag in PLACES:
        live = visit(browser, address, tag)
        outside: list[str] = []

        def note(request: object, outside: list[str] = outside) -> None:
            url: str = request.url  # type: ignore[attr-defined]
            if not url.startswith((address, "data:", "blob:")):
                outside.append(url)

        live.page.context.on("request", note)
        live.start()
        assert not outside
        live.page.context.close()


@pytest.mark.parametrize("tag", PLACES)
def test_print_shows_the_still_picture(browser: Browser, address: str, tag: str) -> None:
    live = visit(browser, address, tag)
    live.page.emulate_media(media="print")
    expect(live.element.locator(".live__offer")).to_be_hidden()
    expect(live.element.locator("img").first).to_be_visible()
    live.page.context.close()
