"""신경망의 크기: 고르면 처음부터 다시 배우고, 그 크기의 모델만 받으며, 주소가 되살립니다."""

from __future__ import annotations

import math
import re

import pytest
from live import TRAINER, Live, Start, Visit
from playwright.sync_api import expect
from routes import offline

from gan_docs.experiments import plane_sizes

FILE = re.compile(r"-(\d+x\d+)-[0-9a-f]{8}\.onnx\.gz$")  # 크기가 이름에 든 모델
SMALLEST = (min(plane_sizes.WIDTHS), min(plane_sizes.DEPTHS))


@pytest.fixture
def live(start: Start) -> Live:
    return start(TRAINER)


def choose(live: Live, size: plane_sizes.Size) -> None:
    for name, value in zip(("너비", "깊이"), size, strict=True):
        live.labelled(name).select_option(str(value))
    live.says(f"너비 {size[0]}, 은닉층 {size[1]}개인 신경망으로")


def test_a_size_begins_anew_with_its_own_models_and_learns(visit: Visit) -> None:
    live, asked = visit(TRAINER), set[str]()
    live.page.on(
        "request", lambda request: asked.update(FILE.findall(request.url.rpartition("/")[2]))
    )
    live.start()
    live.step()
    assert asked == set()
    live.labelled("너비").focus()
    live.page.keyboard.press("ArrowUp")
    live.says("너비 16, 은닉층 2개인 신경망으로 시드 0의 처음부터 다시 시작합니다")
    assert live.steps == 0
    assert asked == {"16x2"}
    live.button("시작").click()
    live.wait_steps(30)
    far = live.steps
    live.labelled("깊이").select_option("1")  # 배우는 사이에 바꾸어도 처음부터 이어서 배움
    live.says("너비 16, 은닉층 1개인 신경망으로")
    expect(live.button("멈춤")).to_be_visible()
    live.wait_steps(far + 1)
    live.pause()
    assert all(math.isfinite(float(loss)) for loss in live.losses)
    assert asked == {"16x2", "16x1"}


def test_each_size_takes_a_step_of_its_own_also_slowly(live: Live) -> None:
    found = {plane_sizes.DEFAULT: live.step()}
    for size in (SMALLEST, (128, 3)):
        choose(live, size)
        found[size] = live.step()
        live.restart()
        for name in ("한 스텝을 천천히", *(f"다음 대목 ({n}/4)" for n in (2, 3, 4))):
            live.button(name).click()
        expect(live.element.locator(".live__slow li")).to_have_count(4)
        assert live.losses == found[size]
    assert len(set(found.values())) == len(found)


def test_a_link_restores_the_size_and_the_guide_leaves_it(live: Live, visit: Visit) -> None:
    choose(live, SMALLEST)
    wanted = live.step(3)
    live.button("이 설정의 주소").click()
    link = live.labelled("이 설정의 주소").input_value()
    again = visit(TRAINER)
    again.page.goto(link)
    again.start()
    expect(again.labelled("너비")).to_have_value("16")
    expect(again.labelled("깊이")).to_have_value("1")
    assert again.step(3) == wanted
    again.element.evaluate("(element) => element.act('reset 0')")
    for name, value in zip(("너비", "깊이"), plane_sizes.DEFAULT, strict=True):
        expect(again.labelled(name)).to_have_value(str(value))


def test_a_size_that_does_not_arrive_leaves_the_old_one(live: Live) -> None:
    wanted = live.step(3)
    live.restart()
    live.page.route("**/*-16x2-*.onnx.gz", offline)
    live.labelled("너비").select_option("16")
    live.says("받지 못했습니다")
    expect(live.labelled("너비")).to_have_value("64")
    assert live.step(3) == wanted
