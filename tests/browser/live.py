"""살아 움직이는 요소를 열고, 화면에 보이는 것을 읽는 도구입니다."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

TRAINER, EXPLORER, SCRUBBER = "gan-trainer", "latent-explorer", "training-scrubber"
DIGITS, HAND = "digit-trainer", "hangul-hand"
PLACES = {
    TRAINER: "lab/plane/",
    EXPLORER: "lab/latent/",
    HAND: "lab/latent/",
    SCRUBBER: "training/how-it-works/",
    DIGITS: "gan100/",
}
OPEN_MILLISECONDS = 60_000
LOOK_AGAIN, LOOKS = 50, 200  # 50ms마다 10초까지

LONG_TASK, ROUNDS = 50, 3  # 밀리초, 기계의 딴 일이 끼어든 바퀴는 다음 바퀴가 가려냄
WATCH_LONG_TASKS = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
  }).observe({ type: "longtask" });
}"""

PIXELS = """(canvas) => Array.from(
  canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
)"""

PRESS = """(element, names) => {
  const buttons = [...element.querySelectorAll(".live__stage button")];
  const places = names.map((name) => buttons.findIndex((one) => one.textContent === name));
  for (const place of places) buttons[place].click();
}"""

RENEW = """(element) => {
  const fresh = element.cloneNode(true);
  for (const made of fresh.querySelectorAll(".live__offer, .live__stage")) made.remove();
  fresh.classList.remove("live--open");
  element.replaceWith(fresh);
}"""

PICTURE = """async (canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data)).join();
}"""


class Live:
    """열린 요소 하나입니다."""

    def __init__(self, page: Page, tag: str) -> None:
        self.page, self.tag = page, tag
        self.element = page.locator(tag)

    def open(self, address: str) -> Live:
        """요소가 있는 페이지를 엽니다."""
        self.page.goto(address + PLACES[self.tag])
        return self

    def offer(self) -> Locator:
        """요소를 여는 단추입니다."""
        return self.element.locator(".live__offer button")

    def start(self) -> Live:
        """단추를 누르고 무대가 열리기를 기다립니다."""
        self.offer().click()
        self.element.locator(".live__stage").wait_for(timeout=OPEN_MILLISECONDS)
        return self

    def renew(self) -> None:
        """열지 않은 새 요소로 바꿉니다. 앞의 것은 제 일꾼을 끝냅니다."""
        self.element.evaluate(RENEW)

    def button(self, name: str) -> Locator:
        """무대의 단추입니다."""
        return self.element.locator(".live__stage").get_by_role("button", name=name, exact=True)

    def press_at_once(self, *names: str) -> None:
        """앞에 누른 것의 답이 오기 전에 다음 단추를 누릅니다."""
        self.element.evaluate(PRESS, names)

    def picture(self, selector: str) -> str:
        """캔버스의 화소를 줄인 값입니다. 그림이 바뀌면 달라집니다."""
        found: str = self.element.locator(selector).first.evaluate(PICTURE)
        return found

    def pixels(self, selector: str) -> NDArray[np.float64]:
        """캔버스의 화소입니다. 모양 `(H, W, 4)`."""
        canvas = self.element.locator(selector).first
        height, width = canvas.evaluate("(canvas) => [canvas.height, canvas.width]")
        return np.array(canvas.evaluate(PIXELS), float).reshape(height, width, 4)

    def value(self, name: str) -> str:
        """이름이 붙은 값의 글입니다."""
        title = self.page.locator("dt").get_by_text(name, exact=True)
        return self.element.locator(".live__values > div", has=title).locator("dd").inner_text()

    def labelled(self, name: str) -> Locator:
        """이름표가 붙은 칸입니다."""
        return self.element.get_by_label(name, exact=True)

    def seed(self) -> Locator:
        """시드를 적는 칸입니다."""
        return self.element.locator("input[type=number]")

    def restart(self, seed: str = "0") -> None:
        """시드를 적고 처음으로 돌아갑니다."""
        self.seed().fill(seed)
        self.button("처음으로").click()
        self.says(f"시드 {seed}의 처음으로 돌아갔습니다")

    def step(self, count: int = 1) -> tuple[str, str]:
        """둘 다 몇 스텝 배우게 하고, 두 손실을 돌려줍니다."""
        for _ in range(count):
            steps = self.steps
            self.button("둘 다 한 스텝").click()
            self.wait_steps(steps + 1)
        return self.losses

    def pause(self) -> None:
        """배우기를 멈춥니다."""
        self.button("멈춤").click()
        self.says("스텝에서 멈췄습니다")

    @property
    def losses(self) -> tuple[str, str]:
        return self.value("판별기 손실"), self.value("생성기 손실")

    @property
    def steps(self) -> int:
        return int(self.value("스텝").replace(",", ""))

    def wait_steps(self, count: int, seconds: int = 120) -> None:
        """스텝이 `count`에 이르기를 기다립니다."""
        self.page.wait_for_function(
            "([tag, count]) => Number(document.querySelector(`${tag} dd`)"
            ".textContent.replaceAll(',', '')) >= count",
            arg=[self.tag, count],
            timeout=1000 * seconds,
        )

    def status(self) -> Locator:
        """상태를 알리는 글입니다."""
        return self.element.get_by_role("status")

    def hush(self) -> None:
        """상태의 글을 지워, 다음 말과 섞이지 않게 합니다."""
        self.status().evaluate("(status) => { status.textContent = ''; }")

    def says(self, text: str) -> None:
        """상태의 글에 `text`가 들기를 기다립니다."""
        expect(self.status()).to_contain_text(text, timeout=OPEN_MILLISECONDS)


Visit = Callable[..., Live]
Start = Callable[[str], Live]


def drag(
    canvas: Locator, points: Sequence[tuple[float, float]], sides: int, steps: int = 6
) -> None:
    """마우스로 캔버스에 긋습니다. 점의 단위는 캔버스의 한 변의 `sides`분의 1입니다."""
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    cell, mouse = box["width"] / sides, canvas.page.mouse
    places = [(box["x"] + x * cell, box["y"] + y * cell) for x, y in points]
    mouse.move(*places[0])
    mouse.down()
    for place in places[1:]:
        mouse.move(*place, steps=steps)
    mouse.up()


def until(page: Page, condition: Callable[[], bool]) -> None:
    """조건이 맞을 때까지 다시 봅니다. 끝내 맞지 않으면 실패합니다."""
    for _ in range(LOOKS):
        if condition():
            return
        page.wait_for_timeout(LOOK_AGAIN)
    assert condition(), f"{LOOKS * LOOK_AGAIN / 1000:.0f}초를 기다려도 되지 않았습니다"
