"""학습을 남에게 보이기: 주소는 같은 수를 되살리고, 틀린 주소는 알리고, 그림은 PNG로 저장됩니다."""

from __future__ import annotations

import numpy as np
import pytest
from live import PLACES, TRAINER, Live, Start, Visit
from PIL import Image
from playwright.sync_api import expect
from routes import offline

STEPS = 4


def walked(live: Live) -> tuple[str, ...]:
    """몇 스텝 배운 뒤의 모든 수입니다."""
    discriminator, generator = live.step(STEPS)
    return discriminator, generator, live.value("닿은 봉우리"), live.value("역 KL")


def link(live: Live) -> str:
    live.button("이 설정의 주소").click()
    field = live.labelled("이 설정의 주소")
    expect(field).to_be_visible()
    return field.input_value()


def follow(visit: Visit, address: str) -> Live:
    """주소를 새 탭에서 엽니다."""
    live = visit(TRAINER)
    live.page.goto(address)
    return live.start()


def test_a_link_restores_the_same_numbers(start: Start, visit: Visit) -> None:
    live = start(TRAINER)
    first = walked(live)
    plain = link(live)
    choose = live.element.get_by_label
    for name, value in (("데이터", "grid"), ("벌점", "toward-one"), ("차례", "3")):
        live.labelled(name).select_option(value)
    for name in ("벌점의 세기 γ", "판별기의 학습률", "생성기의 학습률"):
        choose(name).press("ArrowRight")
    live.element.get_by_text("손실을 식으로 보고 고치기").click()
    choose("생성기의 손실").fill("max(a, 0) - log(sigmoid(b)) + 0.5 * b^2")
    choose("생성기의 손실").press("Enter")
    live.says("직접 쓴 손실로")
    live.restart("4294967295")
    second, picture, full = walked(live), live.picture(".live__plane"), link(live)
    assert second != first

    again = follow(visit, full)
    again.says("주소에 적힌 설정으로 시작합니다")
    assert walked(again) == second
    assert again.picture(".live__plane") == picture
    assert link(again) == full
    assert walked(follow(visit, plain)) == first


def test_a_link_whose_models_do_not_arrive_claims_nothing(visit: Visit, address: str) -> None:
    live = visit(TRAINER)
    live.page.route("**/assets/live/hinge-*", offline)
    live.page.goto(f"{address}{PLACES[TRAINER]}?loss=hinge&seed=7")
    live.start().says("받지 못해 기본 설정으로 시작합니다")
    expect(live.labelled("손실")).to_have_value("relativistic")
    expect(live.element.get_by_label("시드")).to_have_value("7")


def test_what_a_link_may_not_say_is_told_and_left_out(visit: Visit, address: str) -> None:
    wrong = "?data=moon&penalty=none&seed=-3&loss=own&L_D=eval(1)&L_G=b&h=gan#top"
    live = follow(visit, address + PLACES[TRAINER] + wrong)
    for told in ("data 값", "받은 것 moon", "시드는 0 이상", "손실의 식: 모르는 이름입니다"):
        live.says(told)
    for name, value in (("데이터", "ring"), ("손실", "relativistic"), ("벌점", "none")):
        expect(live.labelled(name)).to_have_value(value)
    live.button("시작").click()
    live.wait_steps(3)


def test_a_drawing_does_not_fit_in_a_link(start: Start) -> None:
    live = start(TRAINER)
    live.labelled("데이터").select_option("drawing")
    live.button("이 설정의 주소").click()
    live.says("그린 데이터는 주소에 담지 못합니다")
    expect(live.labelled("이 설정의 주소")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.wide)])
def test_the_saved_picture_is_the_plane_on_paper(visit: Visit, scheme: str) -> None:
    live = visit(TRAINER, scheme=scheme).start()
    shown = live.pixels(".live__plane")
    with live.page.expect_download() as waiting:
        live.button("그림 저장").click()
    assert waiting.value.suggested_filename == "gan-plane.png"
    with Image.open(waiting.value.path()) as saved:
        pixels = np.array(saved.convert("RGBA"), float)
    assert (pixels[..., 3] == 255).all()
    paper = pixels[0, 0, :3]
    assert (paper.mean() > 200) == (scheme == "light")
    height, width = shown.shape[:2]
    start = (pixels.shape[1] - width) // 2
    inside = pixels[start : start + height, start : start + width, :3]
    share = shown[..., 3:] / 255
    assert np.abs(inside - (share * shown[..., :3] + (1 - share) * paper)).max() <= 3
    below = pixels[start + height :, :, :3]
    assert 0.002 < (np.abs(below - paper).max(2) > 60).mean() < 0.2  # 설정을 적은 글
