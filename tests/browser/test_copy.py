"""보인 코드가 실행한 코드인지 봅니다. 보이는 대로 복사되는지는 페이지마다 봅니다."""

from __future__ import annotations

from pathlib import Path

from inspection import ROOT, Open, places

from gan_docs.site.html import census
from gan_docs.site.page import blocks


def test_every_block_that_ran_is_shown_as_it_ran(built_site: Path) -> None:
    known = {
        census.squeeze(block.source)
        for file in (ROOT / "docs").rglob("*.md")
        for block in blocks.collect(file.read_text("utf-8"), file.name)
        if block.standalone
    }
    shown = set()
    for place in places(built_site):
        file = built_site / place
        page = (file / "index.html" if file.is_dir() else file).read_text("utf-8")
        shown |= {census.squeeze(text) for text in census.shown(page)}
    assert known <= shown and len(known) > 5
    assert shown.isdisjoint(f"{block}1" for block in known)  # 심은 흠: 한 글자가 다른 블록


COMMANDS = {
    "$ ls\na b\n$ pwd\n/\n": "ls\npwd",
    ">>> x = 1\n>>> x\n1\n": "x = 1\nx",
    ">>> def f():\n...     pass\n": "def f():\n    pass",
    "> py dev.py serve\n": "py dev.py serve",
    "python3 dev.py\n": "python3 dev.py",
}
KEEP = """async (texts) => {
  const script = new URL("assets/javascripts/code-buttons.js", location.href).href;
  const { commands } = await import(script);
  return texts.map(commands);
}"""


def test_only_commands_are_kept(open_tab: Open, address: str) -> None:
    page = open_tab()
    page.goto(address)
    assert page.evaluate(KEEP, [*COMMANDS]) == [*COMMANDS.values()]
