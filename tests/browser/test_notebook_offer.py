"""노트북으로 열기: 자판만으로도 스크립트 없이도 열리고, 받은 것이 온전하고, 복사한 코드가 돎."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from inspection import Open, inaccessible
from playwright.sync_api import Page, expect

PLACE = "models/gan/"
OFFER = ".notebook-offer"
CLIPBOARD = ["clipboard-read", "clipboard-write"]


def opened(page: Page, address: str) -> Page:
    """페이지를 열고 자판만으로 펼칩니다."""
    page.goto(address)
    page.locator(f"{OFFER} summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"{OFFER} ul")).to_be_visible()
    return page


def copy(page: Page, said: str) -> None:
    """자판으로 코드를 복사하고, 알리는 글을 기다립니다."""
    page.get_by_role("button", name="코드 복사").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"{OFFER} [role=status]")).to_have_text(said)


@pytest.mark.parametrize(
    "place",
    [
        PLACE,
        pytest.param("models/", marks=pytest.mark.wide),
        pytest.param("training/how-to-train/", marks=pytest.mark.wide),
    ],
)
def test_the_keyboard_reaches_every_file(open_tab: Open, address: str, place: str) -> None:
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


def test_the_copied_code_runs_and_a_copy_that_fails_says_so(
    open_tab: Open, address: str, built_site: Path, tmp_path: Path
) -> None:
    page = opened(open_tab(permissions=CLIPBOARD), address + PLACE)
    file = "**/notebooks/models/gan.py"
    page.route(file, lambda route: route.fulfill(status=500))
    copy(page, "복사하지 못했습니다. 파이썬 파일을 내려받으세요.")
    page.unroute(file)
    copy(page, "복사했습니다.")
    text = str(page.evaluate("navigator.clipboard.readText()"))
    assert text == (built_site / "notebooks/models/gan.py").read_text("utf-8")
    (tmp_path / "copied.py").write_text(text, "utf-8")
    command = [sys.executable, "copied.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_a_page_reached_without_a_reload_copies_too(open_tab: Open, address: str) -> None:
    page = open_tab(permissions=CLIPBOARD)
    page.goto(f"{address}models/discriminator/")
    page.get_by_role("link", name="GAN(적대)모델").first.click()
    page.wait_for_url("**/models/gan/")
    page.locator(f"{OFFER} summary").click()
    copy(page, "복사했습니다.")
    assert "GAN(Discriminator" in page.evaluate("navigator.clipboard.readText()")


def test_without_scripts_the_files_are_still_there(open_tab: Open, address: str) -> None:
    page = open_tab(java_script_enabled=False)
    page.goto(address + PLACE)
    page.locator(f"{OFFER} summary").click()
    expect(page.locator(f"{OFFER} a[download]").first).to_be_visible()
    expect(page.locator(f"{OFFER} button")).to_be_hidden()
    with page.expect_download() as waiting:
        page.locator(f"{OFFER} a[download]").first.click()
    assert waiting.value.suggested_filename == "gan.ipynb"


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "light"),
        pytest.param(360, "dark", marks=pytest.mark.wide),
        pytest.param(1280, "light", marks=pytest.mark.wide),
        pytest.param(1280, "dark", marks=pytest.mark.wide),
    ],
)
def test_the_open_offer_is_accessible_and_stays_in_its_column(
    open_tab: Open, address: str, width: int, scheme: str
) -> None:
    page = opened(open_tab(width, scheme), address + PLACE)
    assert inaccessible(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    for target in page.locator(f"{OFFER} :is(a, button, summary)").all():
        box = target.bounding_box()
        assert box and box["height"] >= 24 and box["x"] + box["width"] <= width
