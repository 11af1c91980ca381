"""옮겨 온 코드의 이름표가 저장소의 그 줄로 이어지는지 봅니다."""

from pathlib import Path

import pytest

from gan_docs.site.page import sources


def test_a_label_leads_to_the_repository_when_it_is_known() -> None:
    label = '<span class="filename">gan_docs/gan.py#L3-L9</span>'
    assert sources.link(label, "") == (
        '<span class="filename">gan_docs/gan.py <span class="filename__lines">3–9줄</span></span>'
    )
    address = f"https://example.org/a/b/blob/{sources.revision()}/gan_docs/gan.py#L3-L9"
    for repository in ("https://example.org/a/b", "https://example.org/a/b/"):
        assert f'<a href="{address}">gan_docs/gan.py</a>' in sources.link(label, repository)
    other = '<span class="filename">판별기의 점수를 확률로</span>'
    assert sources.link(other, "https://example.org/a/b") == other


@pytest.mark.parametrize("missing", ["repository", "git"])
def test_without_a_repository_a_label_leads_to_the_newest(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    if missing == "git":
        monkeypatch.setenv("PATH", str(tmp_path))
    assert sources.revision.__wrapped__() == "HEAD"
