"""모든 페이지의 HTML이 규격에 맞는지 html-validate로 봅니다."""

import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "node_modules/.bin/html-validate"
PLANTED = {
    "<ul><p>안</p></ul>": "element-permitted-content",
    "<p id='a'></p><p id='a'></p>": "no-dup-id",
    '<a href="x" href="y">두 주소</a>': "no-dup-attr",
    "<p>닫지 않은 <b>글</p>": "close-order",
}


def flaws(folder: Path, place: Path) -> list[str]:
    """`folder` 아래 모든 HTML의 오류입니다."""
    settings = place / "html-validate.json"
    settings.write_text(json.dumps({"root": True, "extends": ["html-validate:standard"]}), "utf-8")
    answer = place / "flaws.json"
    with answer.open("w", encoding="utf-8") as output:  # 관으로 받으면 긴 답이 잘림
        code = subprocess.call(
            [TOOL, "--config", settings, "--formatter", "json", f"{folder}/**/*.html"],
            stdout=output,
        )
    assert code in (0, 1)
    return [
        f"{Path(report['filePath']).relative_to(folder)}:{message['line']} {message['ruleId']}"
        for report in json.loads(answer.read_text("utf-8"))
        for message in report["messages"]
        if message["severity"] == 2
    ]


def test_every_page_is_valid(built_site: Path, tmp_path: Path) -> None:
    assert len([*built_site.rglob("*.html")]) > 30
    assert flaws(built_site, tmp_path) == []


def test_planted_flaws_are_seen(built_site: Path, tmp_path: Path) -> None:
    page = (built_site / "style/index.html").read_text("utf-8")
    site = tmp_path / "site"
    site.mkdir()
    planted = "".join(PLANTED)
    (site / "index.html").write_text(page.replace("</article>", f"{planted}</article>"), "utf-8")
    seen = " ".join(flaws(site, tmp_path))
    assert not [rule for rule in PLANTED.values() if rule not in seen]
