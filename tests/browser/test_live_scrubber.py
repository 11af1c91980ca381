"""작동방식의 기록: 슬라이더 하나로 글자, 점수, 손실이 함께 움직이는지 봅니다."""

from __future__ import annotations

import numpy as np
import pytest
from live import SCRUBBER, Live, Start, Visit
from playwright.sync_api import expect

from gan_docs.site.make import results

PICTURES = (".live__glyphs", ".live__chart >> nth=0", ".live__chart >> nth=1")

HURRY = "window.setInterval = ((begin) => (act) => begin(act, 20))(setInterval)"


@pytest.fixture
def live(start: Start) -> Live:
    return start(SCRUBBER)


def pictures(live: Live) -> list[str]:
    return [live.picture(selector) for selector in PICTURES]


def test_the_slider_and_the_buttons_move_every_picture_in_step(live: Live) -> None:
    slider = live.labelled("스텝")
    end = int(slider.input_value())
    slider.focus()
    last = pictures(live)
    live.page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "0스텝")
    first = pictures(live)
    assert all(one != other for one, other in zip(first, last, strict=True))
    live.page.keyboard.press("ArrowRight")
    second = pictures(live)
    assert all(one != other for one, other in zip(first, second, strict=True))
    expect(live.element.locator(".live__caption")).to_contain_text("0스텝에서 10스텝으로")
    box = slider.bounding_box()
    assert box is not None
    live.page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + box["height"] / 2)
    assert pictures(live) != second
    slider.fill(str(end))
    live.button("이전").click()
    expect(slider).to_have_value(str(end - 1))
    live.button("다음").focus()
    live.page.keyboard.press("Enter")
    expect(slider).to_have_value(str(end))
    expect(live.button("다음")).to_be_disabled()  # 끝에서는 더 갈 데가 없음
    expect(slider).to_be_focused()
    live.says("스텝으로 오며")
    live.page.keyboard.press("Home")
    expect(live.button("이전")).to_be_disabled()
    expect(live.button("다음")).to_be_enabled()


def test_the_words_tell_the_numbers_of_this_build(live: Live) -> None:
    arrays = results.result("hangul").arrays
    steps = arrays["watched"].tolist()
    place = steps.index(300)
    live.labelled("스텝").fill(str(place))
    words = live.element.locator(".live__caption").inner_text()
    real, fake = arrays["scores"][place].mean(1)
    assert f"점수 차이는 {real - fake:.2f}" in words
    losses = arrays["losses"][280:300, :2].mean(0)
    assert f"판별기 손실 {losses[0]:.2f}" in words and f"생성기 손실 {losses[1]:.2f}" in words
    before, after = (arrays["frames"][at].astype(float) // 16 for at in (place - 1, place))
    changed = np.abs(after - before).sum() / np.maximum(after, before).sum()
    assert f"획이 {changed:.0%} 바뀌었습니다" in words


def test_it_plays_to_the_end_and_stops(visit: Visit) -> None:
    live = visit(SCRUBBER).start()
    live.page.evaluate(HURRY)
    slider = live.labelled("스텝")
    last = slider.input_value()
    live.button("처음부터 보기").click()
    expect(slider).not_to_have_value(last)
    expect(slider).to_have_value(last, timeout=30_000)
    expect(live.button("처음부터 보기")).to_be_visible()


def test_reduced_motion_has_no_play_button_and_a_record_needs_no_model(visit: Visit) -> None:
    live = visit(SCRUBBER, reduced_motion="reduce")
    asked: list[str] = []
    live.page.on("request", lambda request: asked.append(request.url))
    live.start()
    expect(live.button("처음부터 보기")).to_have_count(0)
    expect(live.button("다음")).to_be_visible()
    assert any("record-" in url for url in asked)
    assert not any("wasm" in url or ".onnx" in url for url in asked)
    assert not [worker for worker in live.page.workers if "live" in worker.url]
