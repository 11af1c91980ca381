"""열다가 생기는 일: 참된 이유를 말하고, 그만둘 수 있고, 하지 못한 일을 했다고 하지 않습니다."""

from __future__ import annotations

import pytest
from inspection import Inspect, Open
from live import EXPLORER, OPEN_MILLISECONDS, PLACES, SCRUBBER, TRAINER, Live, Start, Visit, until
from playwright.sync_api import Route, expect
from routes import Answer, hold, offline

OFFLINE = "파일을 받지 못했습니다. 네트워크를 확인하고"
MEMORY = "메모리가 모자라"
RUNTIME = "/ort-wasm-simd-threaded-"  # 실행기의 묶인 파일
NO_MEMORY = (
    "WebAssembly.Memory = function () { throw new RangeError('could not allocate memory') };"
)
NO_ROOM = "Response.prototype.arrayBuffer = async () => { throw new RangeError('allocation') };"
NO_SUCH = "WebAssembly.instantiate = async () => { throw new Error('이상한 실행기') };"


def missing(route: Route) -> None:
    route.fulfill(status=404)


def prepended(text: str) -> Answer:
    """스크립트의 앞에 글을 더합니다."""

    def spoil(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=text + response.text())

    return spoil


# 무엇이 어떻게 되면 무엇을 탓하는지
CAUSES: dict[str, tuple[str, Answer, str]] = {
    "메모리가 모자람": ("worker.js", prepended(NO_MEMORY), MEMORY),
    "풀 자리가 없음": ("worker.js", prepended(NO_ROOM), MEMORY),
    "실행기의 스크립트": ("ort.wasm.min.mjs", offline, OFFLINE),
    "실행기의 짝": ("ort-wasm-simd-threaded.mjs", missing, OFFLINE),
    "일꾼의 스크립트": ("worker.js", offline, OFFLINE),
    "일꾼이 부르는 스크립트": ("engine.js", missing, OFFLINE),
    "무대의 스크립트": ("stage.js", offline, "스크립트를 받지 못했습니다. 네트워크를 확인하고"),
    "켜지지 않는 실행기": ("worker.js", prepended(NO_SUCH), "이상한 실행기"),
}


COMMON = ("메모리가 모자람", "실행기의 스크립트", "일꾼의 스크립트", "무대의 스크립트")


@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=() if each in COMMON else pytest.mark.wide) for each in CAUSES],
)
def test_the_true_cause_is_told_and_pressing_again_opens(visit: Visit, name: str) -> None:
    file, spoil, told = CAUSES[name]
    live = visit(TRAINER)
    pattern = f"**/assets/live/{file}"
    live.page.route(pattern, spoil)
    live.offer().click()
    live.says(told)
    expect(live.status()).not_to_contain_text("WebAssembly를 쓸 수 없어")
    live.page.unroute(pattern)
    live.start()


# 요소마다: 답하지 않는 것
SILENT = [
    (TRAINER, "/live/manifest.json"),
    (TRAINER, "/relativistic-discriminator-"),
    (EXPLORER, "/hangul-"),
    (SCRUBBER, "/record-"),
]


@pytest.mark.parametrize(
    ("tag", "part"),
    [
        (TRAINER, RUNTIME),
        (TRAINER, "/live/stage.js"),
        *(pytest.param(*each, marks=pytest.mark.wide) for each in SILENT),
    ],
)
def test_a_server_that_never_answers_can_be_left(visit: Visit, tag: str, part: str) -> None:
    live = visit(tag)
    held = hold(live.page, f"**{part}*")
    before = live.offer().inner_text()
    live.offer().focus()
    live.page.keyboard.press("Enter")
    expect(live.offer()).to_have_text("취소")
    until(live.page, lambda: len(held) > 0)
    live.page.keyboard.press("Enter")  # 초점은 그 단추에 남아 있음
    live.says("그만두었습니다")
    expect(live.offer()).to_have_text(before)
    expect(live.offer()).to_be_focused()
    until(live.page, lambda: all("live/worker" not in one.url for one in live.page.workers))
    for route in held:
        route.abort()
    live.page.unroute_all()
    live.start()


def test_a_reader_who_went_elsewhere_while_it_loads_is_not_called_back(visit: Visit) -> None:
    live = visit(TRAINER, width=360)
    held = hold(live.page, f"**{RUNTIME}*")
    live.offer().click()
    until(live.page, lambda: len(held) > 0)
    live.page.evaluate("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    before = live.page.evaluate("document.querySelector('footer').getBoundingClientRect().top")
    for route in held:
        route.continue_()
    live.element.locator(".live__stage").wait_for(timeout=OPEN_MILLISECONDS)
    live.page.wait_for_timeout(100)
    after = live.page.evaluate("document.querySelector('footer').getBoundingClientRect().top")
    assert abs(after - before) < 800  # 보던 곳이 화면에 남음
    assert live.page.evaluate("document.activeElement === document.body")


def test_the_guide_goes_on_when_loading_is_left(open_tab: Open, address: str) -> None:
    page = open_tab()
    held = hold(page, f"**{RUNTIME}*")
    page.goto(f"{address}first-gan/")
    live = Live(page, TRAINER)
    live.offer().click()
    page.get_by_role("button", name="해 보기", exact=True).click()  # 여는 중에 안내도 부탁함
    until(page, lambda: len(held) > 0)
    live.offer().click()
    expect(page.locator(".guide__count")).to_have_text("여기에서는 돌리지 못해 답만 폅니다.")
    assert len(held) == 1
    held[0].abort()


def test_a_preset_that_was_not_received_claims_nothing(start: Start) -> None:
    live = start(TRAINER)
    settings = live.element.locator("select, input[type=range]")
    live.labelled("손실").select_option("hinge")
    live.button("판별기 한 스텝").click()
    live.says("판별기가 한 스텝")
    before = settings.evaluate_all("(all) => all.map((each) => each.value)")
    live.page.route("**/assets/live/*.onnx.gz", offline)
    live.button("붕괴시키기").click()
    live.says(OFFLINE)
    expect(live.button("시작")).to_be_visible()
    assert settings.evaluate_all("(all) => all.map((each) => each.value)") == before
    assert live.steps == 1
    live.page.unroute_all()
    live.button("붕괴시키기").click()
    live.says("봉우리를 잃는 것을 보세요")


def test_a_setting_that_was_not_received_leaves_the_later_one(start: Start) -> None:
    live = start(TRAINER)
    held = hold(live.page, "**/least-squares-*")
    loss = live.labelled("손실")
    loss.select_option("least-squares")
    until(live.page, lambda: len(held) > 0)
    loss.select_option("hinge")
    for route in held:
        route.abort()
    live.says(OFFLINE)
    expect(loss).to_have_value("hinge")
    assert live.element.evaluate("(element) => element.live !== undefined")
    live.button("둘 다 한 스텝").click()
    live.says("둘이 차례로 한 스텝")
    expect(loss).to_have_value("hinge")


def test_a_preset_with_a_wrong_seed_or_without_data_claims_nothing(start: Start) -> None:
    live = start(TRAINER)
    live.seed().fill("4294967296")
    live.button("붕괴시키기").click()
    live.says("시드는 0 이상 4294967295 이하의 정수여야 합니다: 받은 값 4294967296")
    expect(live.button("시작")).to_be_visible()
    live.seed().fill("4294967295")
    live.element.get_by_label("데이터").select_option("drawing")
    live.says("먼저 평면에")
    live.button("고치기").click()
    expect(live.button("시작")).to_be_visible()
    live.says("먼저 평면에")


def test_the_runtime_is_fetched_once_for_all_elements_and_pages(inspect: Inspect) -> None:
    inspector = inspect()
    page = inspector.page
    inspector.know_the_address()
    inspector.open(PLACES[TRAINER])
    asked = inspector.record.asked
    page.evaluate(  # 같은 페이지의 둘째 요소
        "() => { const other = document.querySelector('gan-trainer');"
        " const copy = document.createElement('latent-explorer'); copy.dataset.bytes = '1';"
        " other.after(copy); }"
    )
    for tag in (TRAINER, EXPLORER):
        Live(page, tag).offer().click()
    for tag in (TRAINER, EXPLORER):
        page.locator(f"{tag} .live__stage").wait_for(timeout=OPEN_MILLISECONDS)
    assert sum(RUNTIME in url for url in asked) == 1
    page.evaluate("window.neverReloaded = true")
    page.locator(f"nav.md-nav--primary a[href$='{PLACES[EXPLORER].split('/')[1]}/']").first.click()
    page.wait_for_url(f"**/{PLACES[EXPLORER]}")
    expect(page.locator(TRAINER)).to_have_count(0)
    Live(page, EXPLORER).start()
    assert page.evaluate("window.neverReloaded")
    assert sum(RUNTIME in url for url in asked) == 1
    page.reload()
    Live(page, EXPLORER).start()
    assert sum(RUNTIME in url for url in asked) == 2  # 새로 고치면 다시: 셈이 정말로 셈
