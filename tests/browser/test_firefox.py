"""Firefox로 여는 사이트: 보안 정책, 오류, 살아 움직이는 요소를 봅니다. 없으면 건너뜁니다."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from inspection import ROOT, places
from live import PLACES, TRAINER
from machine import serve

from gan_docs.machines import programs

SCRIPT = Path(__file__).parent / "firefox.js"
SHORT = ("", "architecture/loss/")  # 첫 페이지와 수식이 있는 페이지
STEPS = 100
SECONDS = 500


def look(address: str, visited: list[str], elements: dict[str, str]) -> dict[str, Any]:
    """페이지와 요소를 열어 본 것입니다."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip("Firefox가 없습니다. 설치하면 봅니다: sudo apt-get install -y firefox-esr")
    if not (ROOT / "node_modules/puppeteer-core").is_dir():
        pytest.skip("puppeteer-core가 없습니다. `python3 dev.py build`가 설치합니다")
    asked = {
        "program": program,
        "address": address,
        "places": visited,
        "elements": elements,
        "steps": STEPS,
    }
    node = programs.node()
    assert node is not None
    done = subprocess.run(
        [node, str(SCRIPT), json.dumps(asked)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["visited"] == [*visited, *elements.values()]
    return found


def test_firefox_opens_pages_and_elements(address: str, built_site: Path, wide: bool) -> None:
    visited = places(built_site) if wide else list(SHORT)
    found = look(address, visited, PLACES if wide else {TRAINER: PLACES[TRAINER]})
    print(f"초당 {found['rate']:.0f}스텝")
    assert [found[name] for name in ("violations", "errors", "closed")] == [[], [], []]
    assert found["rate"] > 0


def test_what_the_policy_stops_in_firefox_is_seen(tmp_path: Path) -> None:
    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    text = f"<!doctype html><meta charset='utf-8'>{policy}<img src='x.png' alt=''>"
    (tmp_path / "index.html").write_text(text, "utf-8")
    with serve(tmp_path) as address:
        found = look(address, [""], {})
    assert any("img-src" in each for each in found["violations"])
