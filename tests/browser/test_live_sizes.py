"""신경망의 크기: 고르면 처음부터 다시 배우고, 그 크기의 모델만 받으며, 주소가 되살립니다."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest
from live import PLACES, TRAINER, Live
from playwright.sync_api import Locator, expect

from gan_docs.experiments import plane_sizes

Visit = Callable[..., Live]

LOSSES = ("판별기 손실", "생성기 손실")
FILE = re.compile(r"-(\d+x\d+)-[0-9a-f]{8}\.onnx\.gz$")  # 크기가 이름에 든 모델
SMALLEST = (min(plane_sizes.WIDTHS), min(plane_sizes.DEPTHS))


@pytest.fixture
def live(visit: Visit) -> Live:
    return visit(TRAINER).start()


def select(live: Live, name: str) -> Locator:
    return live.element.get_by_label(name, exact=True)


def choose(live: Live, size: plane_sizes.Size) -> None:
    for name, value in zip(("너비", "깊이"), size, strict=True):
        select(live, name).select_option(str(value))
    live.says(f"너비 {size[0]}, 은닉층 {size[1]}개인 신경망으로")


def losses(live: Live) -> list[float]:
    return [float(live.value(name)) for name in LOSSES]


def walked(live: Live, steps: int = 3) -> list[float]:
    """몇 스텝 배운 뒤의 두 손실입니다."""
    for _ in range(steps):
        done = live.steps
        live.button("둘 다 한 스텝").click()
        live.wait_steps(done + 1)
    return losses(live)


def test_a_size_begins_anew_with_its_own_models_and_learns(visit: Visit) -> None:
    live, asked = visit(TRAINER), set[str]()
    live.page.on(
        "request", lambda request: asked.update(FILE.findall(request.url.rpartition("/")[2]))
    )
    live.start()
    walked(live)
    assert asked == set()
    select(live, "너비").focus()
    live.page.keyboard.press("ArrowUp")
    live.says("너비 16, 은닉층 2개인 신경망으로 시드 0의 처음부터 다시 시작합니다")
    assert live.steps == 0
    assert asked == {"16x2"}
    live.button("시작").click()
    live.wait_steps(30)
    far = live.steps
    select(live, "깊이").select_option("1")  # 배우는 사이에 바꾸어도 처음부터 이어서 배움
    live.says("너비 16, 은닉층 1개인 신경망으로")
    expect(live.button("멈춤")).to_be_visible()
    live.wait_steps(far + 1)
    live.button("멈춤").click()
    live.says("스텝에서 멈췄습니다")
    assert all(math.isfinite(loss) for loss in losses(live))
    assert asked == {"16x2", "16x1"}


def test_each_size_takes_a_step_of_its_own_also_slowly(live: Live) -> None:
    found = {plane_sizes.DEFAULT: tuple(walked(live, 1))}
    for size in (SMALLEST, (128, 3)):
        choose(live, size)
        found[size] = tuple(walked(live, 1))
        live.button("처음으로").click()
        live.says("처음으로 돌아갔습니다")
        for name in ("한 스텝을 천천히", *(f"다음 대목 ({n}/4)" for n in (2, 3, 4))):
            live.button(name).click()
        expect(live.element.locator(".live__slow li")).to_have_count(4)
        assert tuple(losses(live)) == found[size]
    assert len(set(found.values())) == len(found)


def test_a_link_restores_the_size_and_the_guide_leaves_it(visit: Visit, address: str) -> None:
    live = visit(TRAINER).start()
    choose(live, SMALLEST)
    wanted = walked(live)
    live.button("이 설정의 주소").click()
    link = live.element.get_by_label("이 설정의 주소", exact=True).input_value()
    again = visit(TRAINER)
    again.page.goto(link)
    again.start()
    expect(select(again, "너비")).to_have_value("16")
    expect(select(again, "깊이")).to_have_value("1")
    assert walked(again) == wanted
    again.element.evaluate("(element) => element.act('reset 0')")
    for name, value in zip(("너비", "깊이"), plane_sizes.DEFAULT, strict=True):
        expect(select(again, name)).to_have_value(str(value))
    again.page.goto(address + PLACES[TRAINER] + "?width=17&depth=3")
    again.start()
    again.says("width 값: 16, 64, 128 가운데 하나여야 합니다. 받은 것 17.")
    expect(select(again, "너비")).to_have_value("64")
    expect(select(again, "깊이")).to_have_value("3")


def test_a_size_that_does_not_arrive_leaves_the_old_one(live: Live) -> None:
    wanted = walked(live)
    live.button("처음으로").click()
    live.says("처음으로 돌아갔습니다")
    live.page.route("**/*-16x2-*.onnx.gz", lambda route: route.abort())
    select(live, "너비").select_option("16")
    live.says("받지 못했습니다")
    expect(select(live, "너비")).to_have_value("64")
    assert walked(live) == wanted
