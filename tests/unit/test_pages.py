"""페이지의 그림과 수의 자리를 채우는 일, 그리고 모르는 이름을 알아채는 일."""

from pathlib import Path

import pytest

from gan_docs.drawing.palette import PALETTES
from gan_docs.site.make import results
from gan_docs.site.make.store import Store
from gan_docs.site.page import expand, filling
from gan_docs.site.page.sources import PageError

RECORD = results.Record("hangul", "한글 GAN", "k", 7, 3000, 251.4, 260.0, {"share": 0.975})


@pytest.fixture(autouse=True)
def one_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "load", lambda name: RECORD)


def test_numbers_are_written_in_their_format() -> None:
    text = "비율은 {{ hangul.share:.1%}}이고 {{ hangul.steps:,}}스텝, 시드 {{ hangul.seed }}입니다."
    assert filling.fill(text) == "비율은 97.5%이고 3,000스텝, 시드 7입니다."


def test_an_unknown_number_is_refused_with_its_place() -> None:
    with pytest.raises(PageError, match=r"index.md:2: 실험 hangul의 수는 .*받은 이름 taste"):
        expand.expand("글\n{{ hangul.taste }}\n", "index.md")


def test_an_unknown_experiment_is_refused() -> None:
    with pytest.raises(PageError, match="실험 nothing이"):
        expand.expand("{{ nothing.steps }}", "index.md")


def test_an_unknown_figure_is_refused() -> None:
    with pytest.raises(PageError, match="그림 nothing이"):
        expand.expand("```figure\nnothing\n```\n", "index.md")


def test_other_fences_are_left_alone() -> None:
    code = '````python title="x"\n{{ hangul.share }}\n```figure\nno\n```\n````\n'
    assert expand.expand(code, "index.md") == code


def test_a_network_picture_becomes_a_pair_with_sizes_and_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAN_DOCS_CACHE", str(tmp_path))
    card = expand.expand("```figure\ndiscriminator-structure\n```\n", "models/discriminator.md")
    assert card.count("<img ") == 2
    assert 'src="../../assets/figures/discriminator-structure-' in card
    assert '--8<-- "gan_docs/site/make/figures/networks.py:discriminator_structure"' in card
    assert all(f"#only-{scheme}" in card for scheme in PALETTES)


def test_a_flipped_byte_is_not_used(tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = store.make("a", "key", lambda place: (place / "x").write_bytes(b"good"))
    assert store.find("a", "key") == folder
    (folder / "x").write_bytes(b"goof")
    assert store.find("a", "key") is None
    again = store.make("a", "key", lambda place: (place / "x").write_bytes(b"new"))
    assert (again / "x").read_bytes() == b"new"


def test_a_failed_making_leaves_nothing(tmp_path: Path) -> None:
    def fail(place: Path) -> None:
        (place / "x").write_bytes(b"half")
        raise OSError("가득 참")

    store = Store(tmp_path)
    with pytest.raises(OSError, match="가득 참"):
        store.make("a", "key", fail)
    assert store.find("a", "key") is None
    assert [file.suffix for file in (tmp_path / "a").iterdir()] in ([], [".lock"])
