"""복사 단추: 코드가 물음표와 출력 없이 복사되고, 복사한 대로 패키지만 있는 곳에서 도는지 봅니다."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from inspection import places
from playwright.sync_api import Browser, Page

from gan_docs.site.html import census
from gan_docs.site.page import blocks

ROOT = Path(__file__).parents[2]
OPEN = """() => {
  for (const fold of document.querySelectorAll("article details")) fold.open = true;
}"""
CLICK = """(button) => {
  const code = button.closest("pre").querySelector("code");
  const names = button.closest("[class*=language-]")?.className ?? "";
  button.click();
  return { names, shown: code.textContent };
}"""
SITE_TOOLS = ("mkdocs", "pytest", "playwright", "grimp", "lxml", "onnx", "onnxscript", "nbconvert")
ALONE = f"""
import sys
for name in {SITE_TOOLS}:
    sys.modules[name] = None
text = open(sys.argv[1], encoding="utf-8").read()
exec(compile(text, "copied", "exec"), {{"__name__": "__main__"}})
"""


def copied(page: Page, address: str, place: str) -> list[tuple[str, str, str]]:
    """페이지의 모든 복사 단추를 눌러 얻은 `(언어의 이름, 보이는 글, 복사된 글)`입니다."""
    page.goto(address + place)
    page.evaluate(OPEN)
    found = []
    for button in page.locator(".md-code__button[data-md-type=copy]").all():
        page.locator("h1").click()  # 복사에는 방금 누른 손길이 필요함
        page.evaluate("navigator.clipboard.writeText('')")
        told = button.evaluate(CLICK)
        page.wait_for_function("async () => (await navigator.clipboard.readText()) !== ''")
        text = page.evaluate("navigator.clipboard.readText()")
        found.append((told["names"], told["shown"], text))
    return found


@pytest.fixture(scope="module")
def everything(
    browser: Browser, address: str, built_site: Path
) -> dict[str, list[tuple[str, str, str]]]:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    found = {place: copied(page, address, place) for place in places(built_site)}
    context.close()
    return found


def test_code_copies_as_it_is_shown(
    everything: dict[str, list[tuple[str, str, str]]], built_site: Path
) -> None:
    count = 0
    for place, rows in everything.items():
        for names, shown, text in rows:
            if "language-python" in names:
                assert text.strip("\n") == shown.strip("\n"), place
                assert not any(line.startswith(">>> ") for line in text.splitlines())
                count += 1
    assert count > 60


def test_commands_copy_without_prompts_and_outputs(
    everything: dict[str, list[tuple[str, str, str]]],
) -> None:
    count = 0
    for place, rows in everything.items():
        for names, shown, text in rows:
            if "language-console" in names:
                assert text and not any(line.startswith(("$ ", "> ")) for line in text.splitlines())
                assert len(text) < len(shown), place
                count += 1
    assert count >= 4


def test_without_the_mend_a_prompt_is_copied(browser: Browser, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.route("**/code-buttons.js", lambda route: route.fulfill(body=""))
    rows = copied(page, address, "build/")
    context.close()
    texts = [text for names, _, text in rows if "language-console" in names]
    assert texts and all(text.startswith("$ ") for text in texts)


def test_every_copied_block_runs_with_the_package_alone(
    everything: dict[str, list[tuple[str, str, str]]], tmp_path: Path
) -> None:
    known: set[str] = set()
    for file in (ROOT / "docs").rglob("*.md"):
        for block in blocks.collect(file.read_text("utf-8"), file.name):
            if block.standalone:
                known.add(census.squeeze(block.source))
    tried = {}
    for place, rows in everything.items():
        for _, _, text in rows:
            if census.squeeze(text) in known:
                tried[text] = place
    failed = {}
    for number, (text, place) in enumerate(tried.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "copied.py").write_text(text, "utf-8")
        done = subprocess.run(
            [sys.executable, "-c", ALONE, "copied.py"], cwd=folder, capture_output=True,
            encoding="utf-8", check=False,
        )  # fmt: skip
        if done.returncode:
            failed[place] = done.stderr.splitlines()[-1]
    print(f"돌린 것 {len(tried)}, 통과 {len(tried) - len(failed)}")
    assert len(tried) == len(known) > 5
    assert not failed


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$ ls\na b\n$ pwd\n/\n", "ls\npwd"),
        (">>> x = 1\n>>> x\n1\n", "x = 1\nx"),
        (">>> def f():\n...     pass\n", "def f():\n    pass"),
        ("> py dev.py serve\n", "py dev.py serve"),
        ("python3 dev.py\n", "python3 dev.py"),
    ],
)
def test_only_commands_are_kept(
    open_tab: Callable[..., Page], address: str, text: str, wanted: str
) -> None:
    page = open_tab()
    page.goto(address)
    found = page.evaluate(
        "async (text) => (await import(new URL('assets/javascripts/code-buttons.js',"
        " location.href).href)).commands(text)",
        text,
    )
    assert found == wanted
