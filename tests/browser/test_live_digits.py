"""100줄을 이 자리에서: 단추와 그림판이 움직이고, 브라우저의 스텝이 PyTorch와 같은지 봅니다."""

from __future__ import annotations

import numpy as np
import pytest
from live import DIGITS, LONG_TASK, ROUNDS, WATCH_LONG_TASKS, Live, Visit, drag, until
from playwright.sync_api import expect
from routes import edited, offline

MANIFEST = "**/assets/live/manifest.json"
CANVAS, PAD = ".live__digits", ".live__pad"
CELL = 40
NARROW = 360


def begin_again(live: Live, seed: str) -> str:
    """시드를 적고 처음으로 돌아가, 처음의 그림을 돌려줍니다."""
    live.restart(seed)
    assert live.steps == 0
    return live.picture(CANVAS)


def test_training_starts_stops_and_begins_again_from_a_seed(visit: Visit) -> None:
    live = visit(DIGITS, width=NARROW).start()
    expect(live.button("시작")).to_be_focused()
    first = live.picture(CANVAS)
    live.page.keyboard.press("Enter")
    live.wait_steps(10)
    live.pause()
    steps = live.steps
    assert live.picture(CANVAS) != first
    assert "–" not in {live.value(name) for name in ("초당 스텝", "남은 시간", "생성기 손실")}
    live.page.wait_for_timeout(500)
    assert live.steps == steps
    live.button("시작").click()
    live.wait_steps(steps + 1)
    live.pause()
    other = begin_again(live, "7")
    assert begin_again(live, "0") == first != other
    for bad in ("-1", "1.5", "4294967296", ""):
        live.hush()
        live.seed().fill(bad)
        live.button("처음으로").click()
        live.says("정수여야 합니다: 받은 값")


@pytest.mark.parametrize(("width", "size", "told"), [(NARROW, "128", True), (1280, "256", False)])
def test_the_browser_walks_the_steps_of_pytorch(
    visit: Visit, width: int, size: str, told: bool
) -> None:
    live = visit(DIGITS, width=width).start()
    expect(live.labelled("너비").locator("option:checked")).to_contain_text(size)
    expect(live.element.get_by_text("화면이 좁아")).to_be_visible(visible=told)
    live.button("PyTorch와 같은지 확인").click()
    live.says("같습니다. 가장 큰 차이는")
    (row,) = live.element.locator(".live__answer tbody tr").all_inner_texts()
    numbers = [float(cell) for cell in row.split("\t")[1:]]
    assert all(0 < number <= 1e-4 for number in numbers), numbers
    live.button("시작").click()
    live.wait_steps(1)
    live.press_at_once("PyTorch와 같은지 확인", "멈춤")  # 확인이 멈춘 것을 다시 시작
    live.says("같습니다. 가장 큰 차이는")
    live.wait_steps(live.steps + 2)


def test_a_step_on_other_data_is_told(visit: Visit) -> None:
    live = visit(DIGITS, width=NARROW)
    live.page.route(MANIFEST, edited('"grays": 8', '"grays": 9'))
    live.start().button("PyTorch와 같은지 확인").click()
    live.says("다릅니다. 가장 큰 차이가")


def test_a_record_that_does_not_arrive_is_told_and_can_be_asked_again(visit: Visit) -> None:
    live = visit(DIGITS, width=NARROW).start()
    records = "**/assets/live/gan100-golden-*"
    live.page.route(records, offline)
    live.button("PyTorch와 같은지 확인").click()
    live.says("받지 못했습니다")
    expect(live.element.locator(".live__answer table")).to_have_count(0)
    live.page.unroute(records)
    live.button("PyTorch와 같은지 확인").click()
    live.says("같습니다. 가장 큰 차이는")


def test_a_plan_ends_and_a_longer_one_begins_again(visit: Visit) -> None:
    live = visit(DIGITS, width=NARROW)
    live.page.route(MANIFEST, edited('"steps_each": 2500', '"steps_each": 12'))
    live.start().button("시작").click()
    live.says("계획한 스텝을 다 배웠습니다")
    assert (live.steps, live.value("남은 시간")) == (12, "0초")
    live.button("시작").click()
    live.says("계획한 스텝을 다 배웠습니다")
    live.labelled("스텝 수").select_option("7600")
    live.says("처음으로 돌아갔습니다")
    assert live.steps == 0
    live.button("시작").click()
    live.wait_steps(13)
    live.pause()


def test_the_generator_learns_what_the_reader_draws(visit: Visit) -> None:
    live = visit(DIGITS, width=NARROW, has_touch=True).start()
    live.labelled("데이터").select_option("drawing")
    for name, told in (
        ("시작", "먼저 그림판에 그림을"),
        ("그림 더하기", "빈 그림판은 더할 수 없습니다"),
    ):
        live.button(name).click()
        live.says(told)
    pad = live.element.locator(PAD)
    cell = pad.evaluate("(pad) => pad.getBoundingClientRect().width") / 8
    pad.tap(position={"x": 6.5 * cell, "y": 0.5 * cell})
    expect(pad).to_have_attribute("aria-label", "여덟 칸씩 여덟 줄의 그림판: 1칸을 칠함")
    pad.tap(position={"x": 6.5 * cell, "y": 0.5 * cell})  # 다시 누르면 지움
    expect(pad).to_have_attribute("aria-label", "여덟 칸씩 여덟 줄의 그림판: 0칸을 칠함")
    pad.click(button="right", position={"x": 6.5 * cell, "y": 0.5 * cell})  # 메뉴만 폄
    for column in (0.5, 1.5, 2.5):  # 왼쪽을 빨리 그어 채움
        drag(pad, [(column, 0.5), (column, 6.5)], 8, steps=1)
    pad.focus()
    for key in (*["ArrowLeft"] * 8, *["ArrowDown"] * 8, "Space", "ArrowRight", "Enter"):
        live.page.keyboard.press(key)
    live.says("8째 줄 2째 칸, 칠함")
    expect(pad).to_have_attribute("aria-label", "여덟 칸씩 여덟 줄의 그림판: 23칸을 칠함")
    live.button("그림 더하기").click()
    live.says("그림 1장을 배웁니다")
    live.button("시작").click()
    until(live.page, lambda: inked_side(live) > 0.5)
    live.button("모두 지우기").click()
    live.says("그림을 모두 지웠습니다")
    expect(live.button("시작")).to_be_visible()


def inked_side(live: Live) -> float:
    """표본마다 왼쪽이 오른쪽보다 얼마나 짙은지 가운데 값을 냅니다(0–1)."""
    darkness = 1 - live.pixels(CANVAS)[..., :3].mean(2) / 255
    rows, columns = (side // CELL for side in darkness.shape)
    cells = darkness.reshape(rows, CELL, columns, CELL).swapaxes(1, 2)
    apart = cells[..., 5:15].mean((2, 3)) - cells[..., 25:35].mean((2, 3))
    return float(np.median(apart))


@pytest.mark.timed
def test_the_page_stays_responsive(visit: Visit) -> None:
    live = visit(DIGITS).start()
    live.page.evaluate(WATCH_LONG_TASKS)
    live.button("시작").click()
    longest = []
    for _ in range(ROUNDS):
        live.page.evaluate("() => { window.longTasks = []; }")
        live.wait_steps(live.steps + 40)
        longest.append(live.page.evaluate("() => Math.max(0, ...window.longTasks)"))
        if longest[-1] <= LONG_TASK:
            break
    live.pause()
    assert min(longest) <= LONG_TASK, longest
