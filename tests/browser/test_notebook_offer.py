"""노트북으로 열기: 자판만으로도 스크립트 없이도 열리고, 받은 것이 온전하고, 복사한 코드가 돎."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect
from test_accessibility import flaws

PLACES = ("models/gan/", "models/", "training/how-to-train/")
OFFER = ".notebook-offer"


@pytest.fixture
def with_clipboard(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def opened(page: Page, address: str) -> Page:
    """페이지를 열고 자판만으로 펼칩니다."""
    page.goto(address)
    page.locator(f"{OFFER} summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"{OFFER} ul")).to_be_visible()
    return page


def copied(page: Page, address: str) -> str:
    """자판으로 코드를 복사해, 클립보드에 든 글을 돌려줍니다."""
    opened(page, address)
    page.evaluate("navigator.clipboard.writeText('')")
    page.get_by_role("button", name="코드 복사").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"{OFFER} [role=status]")).to_have_text("복사했습니다.")
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("place", PLACES)
def test_the_keyboard_reaches_every_file(
    open_tab: Callable[..., Page], address: str, place: str
) -> None:
    page = opened(open_tab(360, "dark"), address + place)
    names = []
    for link in page.locator(f"{OFFER} a[download]").all():
        page.keyboard.press("Tab")
        expect(link).to_be_focused()
        with page.expect_download() as waiting:
            page.keyboard.press("Enter")
        names.append(waiting.value.suggested_filename)
        text = Path(waiting.value.path()).read_text("utf-8")
        if names[-1].endswith(".ipynb"):
            nbformat.validate(nbformat.from_dict(json.loads(text)))
    stem = place.strip("/").rpartition("/")[2]
    assert names == [f"{stem}.ipynb", f"{stem}-executed.ipynb", f"{stem}.py"]


@pytest.mark.parametrize("place", PLACES[:2])  # 오래 걸리는 것은 사이트의 테스트가 돌림
def test_the_copied_code_runs(
    with_clipboard: Page, address: str, built_site: Path, tmp_path: Path, place: str
) -> None:
    text = copied(with_clipboard, address + place)
    script = built_site / f"notebooks/{place.strip('/')}.py"
    assert text == script.read_text("utf-8")
    (tmp_path / "copied.py").write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "copied.py"], cwd=tmp_path, capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_a_copy_that_fails_says_so(with_clipboard: Page, address: str) -> None:
    with_clipboard.route("**/notebooks/models/gan.py", lambda route: route.fulfill(status=500))
    opened(with_clipboard, f"{address}models/gan/")
    with_clipboard.get_by_role("button", name="코드 복사").click()
    said = with_clipboard.locator(f"{OFFER} [role=status]")
    expect(said).to_have_text("복사하지 못했습니다. 파이썬 파일을 내려받으세요.")


def test_a_page_reached_without_a_reload_copies_too(with_clipboard: Page, address: str) -> None:
    with_clipboard.goto(f"{address}models/discriminator/")
    with_clipboard.get_by_role("link", name="GAN(적대)모델").first.click()
    with_clipboard.wait_for_url("**/models/gan/")
    with_clipboard.locator(f"{OFFER} summary").click()
    with_clipboard.get_by_role("button", name="코드 복사").click()
    expect(with_clipboard.locator(f"{OFFER} [role=status]")).to_have_text("복사했습니다.")
    assert "GAN(Discriminator" in with_clipboard.evaluate("navigator.clipboard.readText()")


def test_without_scripts_the_files_are_still_there(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}models/gan/")
    page.locator(f"{OFFER} summary").click()
    expect(page.locator(f"{OFFER} a[download]").first).to_be_visible()
    expect(page.locator(f"{OFFER} button")).to_be_hidden()
    with page.expect_download() as waiting:
        page.locator(f"{OFFER} a[download]").first.click()
    assert waiting.value.suggested_filename == "gan.ipynb"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_open_offer_is_accessible_and_stays_in_its_column(
    open_tab: Callable[..., Page], address: str, width: int, scheme: str
) -> None:
    page = opened(open_tab(width, scheme), f"{address}models/gan/")
    assert flaws(page) == []
    root = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert root <= 0
    for target in page.locator(f"{OFFER} :is(a, button, summary)").all():
        box = target.bounding_box()
        assert box and box["height"] >= 24 and box["x"] + box["width"] <= width
