"""내려받는 예제에는 페이지가 쓰는 구역의 표시가 없고, 코드는 그대로입니다."""

import ast
from pathlib import Path

import pytest

from gan_docs.files import without_sections

EXAMPLES = sorted((Path(__file__).parents[2] / "docs/examples").glob("*.py"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_what_is_downloaded_is_the_same_code_without_marks(file: Path) -> None:
    text = file.read_text("utf-8")
    given = without_sections(text)
    assert "8<" not in given and "\n\n\n\n" not in given
    assert ast.dump(ast.parse(given)) == ast.dump(ast.parse(text))


def test_a_mark_takes_its_line_and_the_lines_that_it_parted() -> None:
    text = "a = 1\n\n\n# --8<-- [start:b]\nb = 2\n\n\n# --8<-- [end:b]\n\n\nc = 3\n"
    assert without_sections(text) == "a = 1\n\n\nb = 2\n\n\nc = 3\n"
