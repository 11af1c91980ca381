"""지키는 것의 표에 적힌 테스트가 모두 있는지."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
NAMED = re.compile(r"`([\w/.]+\.(?:py|js))(?:::(\w+))?`")


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if row[0] != "지키는 것"]


def flaws(text: str) -> list[str]:
    """셋이 다 차지 않은 줄과, 없는 테스트입니다."""
    found = rows(text)
    bad = [row[0] for row in found if len(row) != 3 or not row[2] or not NAMED.search(row[1])]
    for name, test in NAMED.findall(" ".join(cell for row in found for cell in row[1:])):
        file = TESTS / name
        if not file.is_file() or (test and f"def {test}(" not in file.read_text("utf-8")):
            bad.append(f"{name}::{test}")
    return bad


def test_every_guarantee_names_a_test_that_exists() -> None:
    text = (TESTS / "GUARANTEES.md").read_text("utf-8")
    assert rows(text)
    assert flaws(text) == []


def test_every_file_of_tests_guards_something_in_the_table() -> None:
    text = (TESTS / "GUARANTEES.md").read_text("utf-8")
    names = [file.relative_to(TESTS).as_posix() for file in TESTS.rglob("test_*.py")]
    assert names
    assert [name for name in names if f"`{name}" not in text] == []


@pytest.mark.parametrize(
    "row",
    [
        "| 가 | `setup/test_nothing.py::test_a` | 나 |",
        "| 가 | `setup/test_guarantees.py::test_nothing` | 나 |",
        "| 가 | 손으로 봄 | 나 |",
        "| 가 | `setup/test_guarantees.py` |  |",
    ],
)
def test_a_guarantee_without_a_test_is_seen(row: str) -> None:
    assert flaws(row)
