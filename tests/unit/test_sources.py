"""옮겨 온 코드의 이름표가 파일의 바로 그 줄을 가리키는지 봅니다."""

from pathlib import Path

import pytest

from gan_docs.site.page import sources

FILE = "머리\n# --8<-- [start:가]\n하나\n둘\n# --8<-- [end:가]\n끝\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "code.py").write_text(FILE, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("own", "title"),
    [
        ('--8<-- "code.py:가"', "code.py#L3-L4"),
        ('    --8<-- "code.py:가"\n', "code.py#L3-L4"),
        ('--8<-- "code.py"', "code.py#L1-L6"),
    ],
)
def test_a_title_points_at_its_lines(root: Path, own: str, title: str) -> None:
    made = sources.titled('```python title="옛 이름"', own, "페이지:1", root)
    assert made == f'```python title="{title}"'


def test_a_block_without_a_title_stays(root: Path) -> None:
    assert sources.titled("```python", '--8<-- "code.py"', "페이지:1", root) == "```python"


def test_a_missing_section_is_refused(root: Path) -> None:
    with pytest.raises(sources.PageError, match=r"옮겨 올 구역이 없습니다: code\.py:나"):
        sources.titled('```python title=""', '--8<-- "code.py:나"', "페이지:1", root)


def test_a_label_leads_to_the_repository_when_it_is_known() -> None:
    label = '<span class="filename">gan_docs/gan.py#L3-L9</span>'
    assert sources.link(label, "") == (
        '<span class="filename">gan_docs/gan.py <span class="filename__lines">3–9줄</span></span>'
    )
    address = f"https://example.org/a/b/blob/{sources.revision()}/gan_docs/gan.py#L3-L9"
    for repository in ("https://example.org/a/b", "https://example.org/a/b/"):
        assert f'<a href="{address}">gan_docs/gan.py</a>' in sources.link(label, repository)


@pytest.mark.parametrize("missing", ["repository", "git"])
def test_without_a_repository_a_label_leads_to_the_newest(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    if missing == "git":
        monkeypatch.setenv("PATH", str(tmp_path))
    assert sources.revision.__wrapped__() == "HEAD"


def test_other_labels_stay() -> None:
    label = '<span class="filename">판별기의 점수를 확률로</span>'
    assert sources.link(label, "https://example.org/a/b") == label
