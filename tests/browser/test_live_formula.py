"""손실을 직접 쓰기: 적은 식으로 배우고, 틀린 곳과 발산을 알리고, 자판과 손가락으로 씁니다."""

from __future__ import annotations

import pytest
from inspection import inaccessible
from live import TRAINER, Live, Start, Visit
from playwright.sync_api import Locator, expect

from gan_docs.losses import LOSSES
from gan_docs.site.make.formulas import formula

D, G = "판별기의 손실", "생성기의 손실"
WRITTEN = "직접 쓴 손실로 이어 갑니다"


@pytest.fixture
def live(start: Start) -> Live:
    live = start(TRAINER)
    live.element.get_by_text("손실을 식으로 보고 고치기").click()
    return live


def field(live: Live, player: str) -> Locator:
    return live.element.get_by_label(player)


def write(live: Live, player: str, text: str) -> None:
    """칸에 적고 Enter를 누릅니다."""
    field(live, player).fill(text)
    field(live, player).press("Enter")


def note(live: Live, player: str) -> str:
    """칸에 딸린, 읽어 주는 글입니다."""
    name = field(live, player).get_attribute("aria-describedby")
    return live.page.locator(f"#{name}").inner_text()


def walk(live: Live, steps: int) -> list[float]:
    """처음부터 몇 스텝 배운 뒤의 두 손실입니다."""
    live.restart()
    return [float(loss) for loss in live.step(steps)]


def test_a_chosen_loss_fills_its_formulas_and_typing_them_takes_the_same_steps(live: Live) -> None:
    select = live.labelled("손실")
    for name in ("minimax", "relativistic"):
        loss = LOSSES[name]
        select.select_option(name)
        expect(field(live, D)).to_have_value(formula(loss.discriminator))
        expect(field(live, G)).to_have_value(formula(loss.generator))
        wanted = walk(live, 5)
        select.select_option("own")  # 지금 식에서 시작함
        live.says(WRITTEN)
        expect(field(live, D)).to_be_focused()
        expect(field(live, D)).to_have_value(formula(loss.discriminator))
        assert walk(live, 5) == pytest.approx(wanted, abs=0.0011)


def test_what_the_page_tells_to_type_does_what_it_tells(live: Live) -> None:
    write(live, D, "-log(sigmoid(a)) - log(1 - sigmoid(b))")
    live.says(WRITTEN)
    expect(live.labelled("손실")).to_have_value("own")
    write(live, G, "log(1 - sigmoid(b))")
    assert "b = 0에서 -0.5, b = -5에서 -0.00669" in note(live, G)
    write(live, G, "-log(sigmoid(b))")
    assert "b = -5에서 -0.993" in note(live, G)

    live.labelled("벌점").select_option("none")
    live.labelled("손실").select_option("least-squares")
    halves = walk(live, 10)
    write(live, D, "square(a - 1) + square(b)")
    write(live, G, "square(b - 1)")
    live.says(WRITTEN)
    assert walk(live, 10) == pytest.approx([2 * half for half in halves], abs=0.003)

    write(live, D, "-log(a) - log(1 - b)")
    live.restart()
    live.button("시작").click()
    live.says("판별기의 식이 발산해 멈췄습니다")
    live.says("log(a)의 값: 셈할 수 없음")
    expect(live.button("시작")).to_be_visible()
    assert live.steps == 0
    write(live, D, "-log(sigmoid(a)) - log(sigmoid(-b))")  # 고치면 이어 감
    live.button("시작").click()
    live.wait_steps(5)


def test_a_wrong_formula_is_told_at_its_place_and_the_old_one_stays(live: Live) -> None:
    wanted = walk(live, 3)
    write(live, G, "softplus(a - * b)")
    live.says("생성기의 식에서 14번째 글자: 연산자가 잇달아 있습니다")
    expect(field(live, G)).to_have_attribute("aria-invalid", "true")
    assert live.element.locator("mark").all_inner_texts() == ["*"]
    assert "14번째 글자" in note(live, G)
    assert walk(live, 3) == wanted
    expect(field(live, G)).to_have_value("softplus(a - * b)")  # 고치던 글은 그대로
    write(live, G, "softplus(a - b")
    live.says("닫는 괄호가 와야 합니다")
    assert live.element.locator("mark").all_inner_texts() == ["\u00a0"]
    field(live, G).press("End")
    field(live, G).press(")")  # 고치면 바로 사라짐
    expect(field(live, G)).to_have_attribute("aria-invalid", "false")
    expect(live.element.locator("mark")).to_have_count(0)
    live.labelled("손실").select_option("hinge")
    expect(field(live, G)).to_have_value("-b")


def test_a_loss_without_a_bottom_is_stopped(live: Live) -> None:
    live.labelled("벌점").select_option("none")
    live.element.get_by_label("판별기의 학습률").press("End")
    live.element.get_by_label("생성기의 학습률").press("End")
    write(live, D, "b - 9 * a - a")
    write(live, G, "b")
    live.says(WRITTEN)
    live.button("시작").click()
    live.says("식이 발산해 멈췄습니다")
    assert live.steps > 0
    expect(live.button("시작")).to_be_visible()


def test_the_fields_serve_a_phone_and_every_reader(visit: Visit) -> None:
    live = visit(TRAINER, width=360, scheme="dark", has_touch=True).start()
    live.element.get_by_text("손실을 식으로 보고 고치기").tap()
    for player in (D, G):
        box = field(live, player).bounding_box()
        assert box is not None and box["width"] >= 250 and box["height"] >= 30
    write(live, D, "softplus(-a) + softplus(-a) + softplus(b) + softplus(b) + softplus(b) + c")
    live.says("모르는 이름입니다")
    assert inaccessible(live.page, live.tag) == []
    width = live.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
