"""잠재 공간 탐험: 슬라이더가 글자를 움직이고, PyTorch와 파이썬도 같은 글자를 그리는지 봅니다."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from live import EXPLORER, Live, Start, Visit, until
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import expect

from gan_docs.drawing.palette import LIGHT
from gan_docs.experiments.explorer import restored
from gan_docs.site.make import results

PAPER, INK = "#fdfcfa", LIGHT.ink
MILLISECONDS = 50
LATENCY = """async (element) => {
  const slider = element.querySelector("input[type=range]");
  const canvas = element.querySelector(".live__glyph");
  const read = () => canvas.getContext("2d").getImageData(0, 0, 28, 28).data.join();
  const taken = [];
  for (let turn = 1; turn <= 60; turn++) {
    const before = read();
    const since = performance.now();
    slider.value = String(-3 + 0.1 * turn);
    slider.dispatchEvent(new Event("input"));
    while (read() === before && performance.now() - since < 2000) {
      await new Promise(requestAnimationFrame);
    }
    taken.push(performance.now() - since);
  }
  return taken;
}"""


@pytest.fixture
def live(start: Start) -> Live:
    return start(EXPLORER)


def shown(live: Live) -> NDArray[np.float64]:
    """화면의 글자를 0(종이)–1(잉크)로 되돌립니다. 모양 `(28, 28)`."""
    paper, ink = (int(colour[1:3], 16) for colour in (PAPER, INK))
    return (paper - live.pixels(".live__glyph")[..., 0]) / (paper - ink)


def same(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """화면에서 두 글자를 가릴 수 없는지입니다."""
    return bool(np.abs(one - other).max() <= 2 / 255 + 1 / 219)  # 화면의 눈금은 219칸


def asked(live: Live) -> NDArray[np.float32]:
    """화면의 코드에 적힌 입력입니다. 모양 `(78,)`."""
    code = live.element.locator("textarea").input_value()
    rows = re.findall(r"= \[(.*?)\]", code, re.DOTALL)
    return np.array([float(number) for row in rows for number in row.split(",")], np.float32)


def test_the_glyph_is_the_one_pytorch_draws(live: Live) -> None:
    generator = restored(results.result("hangul"))
    for letter in (0, 5, 13):
        live.element.locator(".live__letter").nth(letter).click()
        until(live.page, lambda letter=letter: asked(live)[64 + letter] == 1)
        with torch.no_grad():
            drawn = generator.network(torch.from_numpy(asked(live))[None])[0, 0]
        wanted = (drawn.numpy() + 1) / 2
        until(live.page, lambda wanted=wanted: same(shown(live), wanted))
        assert wanted.max() > 0.9  # 빈 그림끼리 견준 것이 아님


@pytest.mark.parametrize("by", ["keyboard", pytest.param("mouse", marks=pytest.mark.wide)])
def test_every_slider_moves_the_glyph(live: Live, by: str) -> None:
    sliders = live.element.locator(".live__slider input")
    assert sliders.count() == 5
    for place in range(5):
        before = live.picture(".live__glyph")
        if by == "keyboard":
            sliders.nth(place).focus()
            for _ in range(8):
                live.page.keyboard.press("ArrowRight")
        else:
            box = sliders.nth(place).bounding_box()
            assert box is not None
            live.page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
        until(live.page, lambda before=before: live.picture(".live__glyph") != before)
        assert float(sliders.nth(place).input_value()) > 0.5


def test_the_slider_named_bold_adds_ink(live: Live) -> None:
    slider = live.element.get_by_label("가늘게 또는 굵게")
    inks = []
    for value in ("-2", "0", "2"):
        before = live.picture(".live__glyph")
        slider.fill(value)
        until(live.page, lambda before=before: live.picture(".live__glyph") != before)
        inks.append(shown(live).sum())
    expect(slider).to_have_attribute("aria-valuetext", "굵게 2")
    assert inks[0] < inks[1] < inks[2]


@pytest.mark.timed
def test_a_slider_moves_the_image_at_once(live: Live) -> None:
    taken = sorted(live.element.evaluate(LATENCY))
    late = taken[int(0.95 * len(taken))]
    print(f"가운데 {taken[30]:.0f}ms, 95% {late:.0f}ms")
    assert late <= MILLISECONDS, taken


def test_letters_answer_the_keyboard(live: Live) -> None:
    live.element.locator(".live__letter input").first.focus()
    before = live.picture(".live__glyph")
    live.page.keyboard.press("ArrowRight")
    expect(live.element.locator(".live__letter input").nth(1)).to_be_checked()
    expect(live.element.locator(".live__glyph")).to_have_attribute("aria-label", "생성기가 쓴 나")
    assert live.picture(".live__glyph") != before


def test_drawing_anew_and_going_back(live: Live) -> None:
    before = live.picture(".live__glyph")
    live.button("새로 뽑기").focus()
    live.page.keyboard.press("Enter")
    live.says("시드 1에서 새로 뽑았습니다")
    assert live.picture(".live__glyph") != before
    live.element.get_by_label("시드").fill("0")
    live.page.keyboard.press("Enter")
    live.says("시드 0에서 새로 뽑았습니다")
    assert live.picture(".live__glyph") == before
    live.element.get_by_label("가늘게 또는 굵게").fill("2")
    until(live.page, lambda: live.picture(".live__glyph") != before)
    live.button("가운데로").click()
    live.says("모두 가운데로")
    assert live.picture(".live__glyph") == before


def test_a_seed_beyond_its_bounds_is_refused(live: Live) -> None:
    before = live.picture(".live__glyph")
    for bad in ("4294967296", "-3", ""):
        live.hush()
        live.seed().fill(bad)
        live.seed().press("Tab")
        live.says("4294967295 이하의 정수여야 합니다")
    assert live.picture(".live__glyph") == before
    live.seed().fill("4294967295")
    live.seed().press("Enter")
    live.says("시드 4294967295에서 새로 뽑았습니다")
    live.button("새로 뽑기").click()
    live.says("4294967295 이하의 정수여야 합니다")


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_walking_from_one_letter_to_another(visit: Visit, motion: str) -> None:
    live = visit(EXPLORER, reduced_motion=motion).start()
    expect(live.button("걷기")).to_be_disabled()
    start = live.picture(".live__glyph")
    live.button("여기를 출발로").click()
    live.says("도착도 고르세요")
    live.element.locator(".live__letter").nth(7).click()
    until(live.page, lambda: live.picture(".live__glyph") != start)
    end = live.picture(".live__glyph")
    live.button("여기를 도착으로").click()
    live.says("이제 걸을 수 있습니다")
    walk = live.element.get_by_label("출발에서 도착까지 걸은 만큼")
    expect(walk).to_have_value("1")  # 보이는 것이 도착
    walk.press("Home")
    until(live.page, lambda: live.picture(".live__glyph") == start)
    live.button("걷기").click()
    expect(walk).to_have_value("1", timeout=10_000)
    until(live.page, lambda: live.picture(".live__glyph") == end)
    walk.focus()
    live.page.keyboard.press("Home")
    until(live.page, lambda: live.picture(".live__glyph") == start)
    live.page.keyboard.press("PageUp")
    until(live.page, lambda: live.picture(".live__glyph") not in (start, end))
    live.button("여기를 출발로").click()
    live.says("걷던 자리를 출발로")
    expect(walk).to_have_value("0")
    live.button("걷기").click()
    walk.press("PageUp")  # 걷는 사이에 잡으면 손을 따름
    held = walk.input_value()
    live.page.wait_for_timeout(300)
    assert walk.input_value() == held


def test_the_wall_shows_sixty_four_and_each_can_be_picked(live: Live) -> None:
    live.button("64자 펼치기").click()
    live.says("64자를 펼쳤습니다")
    picks = live.element.locator(".live__pick")
    assert picks.count() == 64
    glyphs = {
        picks.nth(place).locator("canvas").evaluate("(canvas) => canvas.toDataURL()")
        for place in range(64)
    }
    assert len(glyphs) == 64
    before = live.picture(".live__glyph")
    picks.nth(10).focus()
    live.page.keyboard.press("Enter")
    live.says("11번째 글자로 갔습니다")
    chosen = live.picture(".live__pick:nth-child(11) canvas")
    until(live.page, lambda: live.picture(".live__glyph") == chosen)
    assert chosen != before


def test_the_copied_python_draws_the_same_glyph(visit: Visit, tmp_path: Path) -> None:
    live = visit(EXPLORER, permissions=["clipboard-read", "clipboard-write"]).start()
    live.element.locator(".live__letter").nth(6).click()
    live.element.get_by_label("가늘게 또는 굵게").fill("1.5")
    live.button("파이썬 코드 복사").click()
    live.says("파이썬 코드를 복사했습니다")
    code = live.page.evaluate("navigator.clipboard.readText()")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert not done.returncode, done.stderr
    drawn = np.asarray(Image.open(tmp_path / "glyph.png"), float)
    assert drawn.shape == (224, 224)
    ink = 1 - drawn[4::8, 4::8] / 255
    until(live.page, lambda: same(ink, shown(live)))
