"""세 엔진의 브라우저입니다. 어느 것이나 네 가지를 합니다: 열기, 누르기, 긋기, 페이지에 묻기."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import playwright.sync_api
import pytest
from inspection import ROOT
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service
from urllib3.exceptions import HTTPError

from gan_docs.machines import programs

Point = tuple[float, float]

SECONDS = 120  # 페이지가 답하기까지
LONGER = 30  # 드라이버는 페이지보다 더 기다림
SCREEN = "1280x1024x24"
# GPU를 흉내 내는 일이 학습의 코어를 나누어 쓰지 않게
PLAIN = {"WEBKIT_DISABLE_COMPOSITING_MODE": "1"}
BROWSERS = ("lib/*/webkit2gtk-4*/MiniBrowser", "libexec/webkit2gtk-4*/MiniBrowser")
INSTALL = "{}가 없습니다. 설치하면 봅니다: sudo apt-get install -y {}"


class Engine(Protocol):
    """한 탭을 연 브라우저입니다."""

    def go(self, address: str) -> None:
        """페이지를 열고 다 읽기를 기다립니다."""

    def press(self, selector: str) -> None:
        """요소의 가운데를 마우스로 누릅니다."""

    def drag(self, points: Sequence[Point]) -> None:
        """화면의 점을 차례로 이어 마우스로 긋습니다."""

    def ask(self, name: str, *arguments: Any) -> Any:
        """`이름.메서드`를 페이지에서 부르거나, `이름`의 값을 읽습니다. 약속이면 기다립니다."""


class Chromium:
    """Playwright로 여는 Chromium입니다."""

    def __init__(self, page: playwright.sync_api.Page) -> None:
        self.page = page

    def go(self, address: str) -> None:
        self.page.goto(address, wait_until="load")

    def press(self, selector: str) -> None:
        self.page.click(selector)

    def drag(self, points: Sequence[Point]) -> None:
        mouse = self.page.mouse
        mouse.move(*points[0])
        mouse.down()
        for point in points[1:]:
            mouse.move(*point, steps=6)
        mouse.up()

    def ask(self, name: str, *arguments: Any) -> Any:
        if "." not in name:
            return self.page.evaluate(name)
        return self.page.evaluate(f"(rest) => {name}(...rest)", list(arguments))


class Firefox:
    """`firefox.js`가 puppeteer로 여는 Firefox입니다. 한 줄씩 부탁하고 한 줄씩 받습니다."""

    def __init__(self, node: subprocess.Popen[str]) -> None:
        self.node = node

    def go(self, address: str) -> None:
        self._request("go", address)

    def press(self, selector: str) -> None:
        self._request("press", selector)

    def drag(self, points: Sequence[Point]) -> None:
        self._request("drag", points)

    def ask(self, name: str, *arguments: Any) -> Any:
        return self._request("ask", name, arguments)

    def _request(self, *request: Any) -> Any:
        assert self.node.stdin and self.node.stdout
        self.node.stdin.write(json.dumps(request) + "\n")
        self.node.stdin.flush()
        line = self.node.stdout.readline()
        assert line, f"Firefox가 멈췄습니다: {request}"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["value"]


class WebKit:
    """WebDriver로 여는 WebKitGTK입니다. 화면은 찍지 않고 페이지에 묻습니다: 찍기가 멈출 수 있음."""

    def __init__(self, driver: webdriver.Remote) -> None:
        self.driver = driver
        driver.set_script_timeout(SECONDS)
        driver.implicitly_wait(SECONDS)  # 요소의 단추는 페이지를 다 연 뒤에 생기기도 함

    def go(self, address: str) -> None:
        self.driver.get(address)

    def press(self, selector: str) -> None:
        element = self.driver.find_element(By.CSS_SELECTOR, selector)
        # 드라이버는 화면의 바로 아래에 있는 것을 스스로 굴려 들이지 않음
        self.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", element)
        element.click()

    def drag(self, points: Sequence[Point]) -> None:
        actions = ActionBuilder(self.driver, mouse=PointerInput("mouse", "mouse"), duration=50)
        pointer = actions.pointer_action
        pointer.move_to_location(*map(round, points[0])).pointer_down()
        for point in points[1:]:
            pointer.move_to_location(*map(round, point))
        pointer.pointer_up()
        actions.perform()

    def ask(self, name: str, *arguments: Any) -> Any:
        if "." not in name:
            return self.driver.execute_script(f"return {name}")
        answer = self.driver.execute_async_script(
            f"""const [rest, done] = arguments;
            const failed = (error) => done({{ error: String(error) }});
            {name}(...rest).then((value) => done({{ value }}), failed);""",
            arguments,
        )
        assert "error" not in answer, answer["error"]
        return answer.get("value")


@contextmanager
def firefox() -> Iterator[Firefox]:
    """Firefox를 켭니다. 없으면 건너뜁니다."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip(INSTALL.format("Firefox", "firefox-esr"))
    if not (ROOT / "node_modules/puppeteer-core").is_dir():
        pytest.skip("puppeteer-core가 없습니다. `python3 dev.py build`가 설치합니다")
    node = programs.node()
    assert node is not None
    with subprocess.Popen(
        [node, str(Path(__file__).parent / "firefox.js"), program],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        yield Firefox(process)
        assert process.stdin
        process.stdin.close()  # 부탁이 끝나면 스스로 닫음
        process.wait(SECONDS)


@contextmanager
def webkit() -> Iterator[WebKit]:
    """보이지 않는 화면에 WebKitGTK를 켭니다. 없으면 건너뜁니다."""
    server, display = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    program = next((found for place in BROWSERS for found in Path("/usr").glob(place)), None)
    if server is None or display is None or program is None:
        pytest.skip(INSTALL.format("WebKitGTK", "webkit2gtk-driver xvfb"))
    options = Options()
    options.binary_location = str(program)
    options.add_argument("--automation")
    with screen(display) as name:
        service = Service(server, env={**os.environ, **PLAIN, "DISPLAY": name})
        service.start()
        try:
            client = ClientConfig(service.service_url, timeout=SECONDS + LONGER)
            try:
                driver = webdriver.Remote(RemoteConnection(client_config=client), options=options)
            except (WebDriverException, HTTPError) as error:  # 사이트를 열기 전: 이 기계의 사정
                pytest.skip(f"WebKitGTK가 켜지지 않습니다: {error}")
            with driver:
                yield WebKit(driver)
        finally:
            service.stop()


@contextmanager
def screen(program: str) -> Iterator[str]:
    """보이지 않는 화면의 이름입니다. 빈 번호는 Xvfb가 고릅니다."""
    command = [program, "-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    ) as server:
        try:
            assert server.stdout
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()
