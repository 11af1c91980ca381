"""흠의 표 `tests/FAULTS.md`를 읽습니다: 표에 적힌 글과 종료 코드가 곧 테스트의 기대입니다."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parents[1] / "FAULTS.md"
PREFIX = re.compile(r"^(?:오류: |(?:ERROR|WARNING) +- +|Error: )")
ANYTHING = "…"


class Fault(NamedTuple):
    """표의 한 줄입니다."""

    name: str
    tried: str
    said: str
    code: int
    kept: str

    def lines(self, output: str) -> list[str]:
        """출력 가운데 표에 적힌 글과 같은 줄입니다. `…`에는 무엇이든 옵니다."""
        pattern = ".*".join(map(re.escape, self.said.split(ANYTHING)))
        return [line for line in output.splitlines() if re.fullmatch(pattern, PREFIX.sub("", line))]


def read(text: str) -> dict[str, Fault]:
    """Markdown의 표에서 흠을 모읍니다."""
    faults: dict[str, Fault] = {}
    for line in text.splitlines():
        cells = [cell.strip().strip("`").strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 5 and cells[3].isdigit():
            name, tried, said, code, kept = cells
            if name in faults:
                raise ValueError(f"표에 두 번 적힌 이름입니다: {name}")
            faults[name] = Fault(name, tried, said, int(code), kept)
    return faults


FAULTS = read(FILE.read_text("utf-8"))
