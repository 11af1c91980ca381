"""Lighthouse로 페이지를 잽니다. `--all`이면 모든 페이지를 봅니다."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from inspection import ROOT, places
from machine import FLAGS, chromium, serve

from gan_docs.machines import programs

TOOL = ROOT / "node_modules/lighthouse/cli/index.js"
HEAVY = "architecture/loss/"  # 수식이 가장 많아 가장 늦게 그려지는 페이지
WHOLE = ("accessibility", "best-practices", "seo")
PERFORMANCE, MOST = 0.98, 5
SHIFT = 0.01
PARTS = [0, *(pytest.param(part, marks=pytest.mark.wide) for part in (1, 2, 3))]


def measure(address: str, folder: Path) -> dict[str, Any]:
    """페이지 하나를 책상 컴퓨터의 조건으로 한 번 잽니다."""
    answer = folder / "report.json"
    node = programs.node()
    assert node is not None
    command = [
        node, str(TOOL), address, "--preset=desktop", "--output=json", f"--output-path={answer}",
        "--quiet", f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
    ]  # fmt: skip
    subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": chromium()})
    found: dict[str, Any] = json.loads(answer.read_text("utf-8"))
    return found


def speed_of(reports: list[dict[str, Any]]) -> float:
    """성능 점수의 가운데값입니다."""
    return statistics.median(each["categories"]["performance"]["score"] for each in reports)


def flaws(address: str, folder: Path) -> list[str]:
    """모자란 점수와 그 이유입니다. 느리면 다시 재어 가운데값을 봅니다."""
    reports = [measure(address, folder)]
    if speed_of(reports) < PERFORMANCE:  # 기계의 딴 일이 끼었을 수 있음
        reports += [measure(address, folder) for _ in range(MOST - 1)]
    found = []
    for name in WHOLE:
        if reports[0]["categories"][name]["score"] != 1:
            weighed = reports[0]["categories"][name]["auditRefs"]
            audits = [reports[0]["audits"][each["id"]] for each in weighed if each["weight"]]
            found.append(f"{name}: {[each['id'] for each in audits if each['score'] == 0]}")
    speed = speed_of(reports)
    shift = max(each["audits"]["cumulative-layout-shift"]["numericValue"] for each in reports)
    print(address, speed, shift)
    found += [f"performance: {speed}"] if speed < PERFORMANCE else []
    return found + ([f"shift: {shift}"] if shift > SHIFT else [])


@pytest.mark.timed
@pytest.mark.parametrize("part", PARTS)
def test_lighthouse_is_content(
    address: str, built_site: Path, tmp_path: Path, wide: bool, part: int
) -> None:
    asked = places(built_site)[part :: len(PARTS)] if wide else [HEAVY]
    found = {place: flaws(address + place, tmp_path) for place in asked}
    assert not {place: bad for place, bad in found.items() if bad}


SLOW = """\
const end = performance.now() + 3000;
while (performance.now() < end);
const tall = document.createElement("canvas");
tall.height = 900;
setTimeout(() => document.body.prepend(tall), 1000);
"""  # 세 초를 붙들고, 다 보인 뒤에 글을 밀어 내림


@pytest.mark.wide  # 눈금이 아니라 눈금을 보는 눈의 시험이라 넓게 볼 때에만
def test_a_planted_flaw_is_seen(
    built_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "MOST", 1)  # 흠은 한 번에 보임
    page = (built_site / "style/index.html").read_text("utf-8")
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text(
        page.replace('name="description"', 'name="nothing"').replace(
            "</article>", "<img src='x.png'></article><script src='slow.js'></script>"
        ),
        "utf-8",
    )
    (site / "slow.js").write_text(SLOW, "utf-8")
    with serve(site) as address:
        found = " ".join(flaws(address, tmp_path))
    assert "meta-description" in found and "image-alt" in found
    assert "performance: " in found and "shift: " in found
