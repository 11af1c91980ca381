"""빌드된 사이트에서, 코드의 이름표에 적힌 줄이 보이는 코드와 같은지 봅니다."""

import re
import textwrap
from pathlib import Path

from lxml import html

ROOT = Path(__file__).parents[2]
LABEL = re.compile(r"(?P<file>[\w./-]+) (?P<first>\d+)–(?P<last>\d+)줄")


def shown(page: str) -> list[tuple[str, str]]:
    """이름표와 보이는 코드의 짝입니다."""
    tree = html.document_fromstring(page)
    blocks = tree.xpath("//div[contains(@class, 'highlight')][span[@class='filename']]")
    return [
        (block.xpath("string(span[@class='filename'])"), block.xpath("string(.//code)"))
        for block in blocks
    ]


def matches(label: str, code: str) -> bool:
    """이름표가 가리키는 줄과 코드가 같은지 봅니다."""
    found = LABEL.fullmatch(label)
    if found is None:
        return False
    lines = (ROOT / found["file"]).read_text("utf-8").splitlines()
    taken = lines[int(found["first"]) - 1 : int(found["last"])]
    written = "\n".join(line for line in taken if "--8<--" not in line)
    return textwrap.dedent(written).strip("\n") == code.strip("\n")


def test_each_label_points_at_the_code_that_is_shown(built_site: Path) -> None:
    found = [pair for page in built_site.rglob("*.html") for pair in shown(page.read_text("utf-8"))]
    included = [(label, code) for label, code in found if ".py" in label]
    assert len(included) > 60
    assert [label for label, code in included if not matches(label, code)] == []
    label, code = included[0]
    assert not matches(label, code + "\n다른 줄")
