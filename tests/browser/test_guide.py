"""안내: 물음을 하나씩 보이고, 곁의 학습을 한 단계씩 움직인 다음에 답을 폅니다."""

from __future__ import annotations

import pytest
from inspection import Open
from live import OPEN_MILLISECONDS, TRAINER, Live
from playwright.sync_api import Locator, expect
from routes import offline

PLACE = "first-gan/"
LONGEST = 4 * OPEN_MILLISECONDS


@pytest.fixture
def live(open_tab: Open, address: str) -> Live:
    page = open_tab(360)
    page.goto(address + PLACE)
    return Live(page, TRAINER)


def play_button(live: Live) -> Locator:
    return live.page.get_by_role("button", name="해 보기", exact=True)


def ready(live: Live) -> None:
    expect(play_button(live)).to_be_enabled(timeout=LONGEST)


def touched(live: Live) -> int:
    return int(live.value("닿은 봉우리").split("/")[0])


def test_the_guide_asks_then_works_the_model_then_tells(live: Live) -> None:
    page = live.page
    play = play_button(live)
    after = page.get_by_role("button", name="다음", exact=True)
    stops = page.locator(".guide ol > li")
    expect(stops.locator("visible=true")).to_have_count(1)
    answer = stops.locator("visible=true").locator("details")
    expect(answer).not_to_have_attribute("open", "")
    play.focus()
    page.keyboard.press("Enter")  # 자판으로도
    live.element.locator(".live__stage").wait_for(timeout=OPEN_MILLISECONDS)
    ready(live)
    expect(answer).to_have_attribute("open", "")
    expect(play).to_be_focused()
    assert live.steps == 0

    for steps, loss in ((20, "판별기 손실"), (40, "생성기 손실")):
        after.click()
        assert live.value(loss) == "–"
        play.click()
        ready(live)
        assert live.steps == steps
        assert live.value(loss) != "–"
    live.says("생성기가 20스텝 학습했습니다")  # 스텝마다 말하지 않음

    found = []
    for steps in (1540, 1500, 3000):  # 번갈아, 붕괴시키기, 고치기
        after.click()
        play.click()
        elsewhere = live.element.locator("input[type=number]")
        elsewhere.click()
        ready(live)
        expect(elsewhere).to_be_focused()  # 딴 일을 하는 독자를 부르지 않음
        assert live.steps == steps  # 빠른 기계에서도 느린 기계에서도 같은 스텝
        found.append(touched(live))
        expect(live.button("시작")).to_be_visible()  # 다 하면 멈춤
    learned, collapsed, cured = found
    assert learned >= 7 > collapsed
    assert cured >= 7


def test_the_guide_is_a_list_without_script(open_tab: Open, address: str) -> None:
    page = open_tab(360, java_script_enabled=False)
    page.goto(address + PLACE)
    stops = page.locator(".guide ol > li")
    assert 6 <= stops.count() <= 8
    expect(stops.locator("visible=true")).to_have_count(stops.count())
    expect(page.get_by_role("button", name="해 보기")).to_have_count(0)


def test_a_guide_whose_model_does_not_open_still_answers(live: Live) -> None:
    live.page.route("**/assets/live/*.gz", offline)
    play_button(live).click()
    expect(live.page.locator(".guide__count")).to_have_text("여기에서는 돌리지 못해 답만 폅니다.")
    expect(live.page.locator(".guide details").first).to_have_attribute("open", "")
