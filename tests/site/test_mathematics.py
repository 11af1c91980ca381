from pathlib import Path

import pytest

from gan_docs.site.html import mathematics

MODULES = Path(__file__).parents[2] / "node_modules"


def span(formula: str) -> str:
    return f'<p><span class="arithmatex">\\({formula}\\)</span></p>'


@pytest.fixture
def renderer(tmp_path: Path) -> mathematics.Renderer:
    return mathematics.Renderer(MODULES, tmp_path / "formulas")


def test_draws_markup_that_needs_no_script(renderer: mathematics.Renderer) -> None:
    drawn = renderer.render(span(r"2 \ln 2 &lt; \pi"), "page.md")
    assert 'class="katex"' in drawn and "<math" in drawn
    assert "arithmatex" not in drawn and "<script" not in drawn
    wide = renderer.render('<div class="arithmatex">\\[\\min_G V\\]</div>', "page.md")
    assert '<div class="formula" data-search-exclude tabindex="0">' in wide  # 키보드로 밀어 봄


def test_a_particle_stays_with_its_formula(renderer: mathematics.Renderer) -> None:
    page = span("x^2").replace("</p>", "를 더하고</p>")
    drawn = renderer.render(page, "page.md")
    assert drawn.startswith('<p><span class="unbroken"><span class="formula"')
    assert drawn.endswith("</span>를</span> 더하고</p>")
    assert "unbroken" not in renderer.render(span("x^2").replace("</p>", " 더하고</p>"), "page.md")
    long = renderer.render(span("a = b").replace("</p>", "를</p>"), "page.md")
    assert "unbroken" not in long  # 등호에서 줄을 바꿀 수 있는 긴 수식
    assert long.endswith("</span>를</p>")


def test_wrong_tex_names_the_page_and_the_formula_and_is_not_kept(
    renderer: mathematics.Renderer,
) -> None:
    for _ in range(2):
        with pytest.raises(mathematics.MathematicsError, match=r"loss\.md: .*frak\{x"):
            renderer.render(span(r"\frak{x"), "loss.md")


def test_a_drawn_formula_is_drawn_again_only_when_its_file_is_spoiled(
    renderer: mathematics.Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = renderer.render(span("x^2"), "page.md")
    with monkeypatch.context() as patch:
        patch.setattr(mathematics.Renderer, "_run", lambda *_: pytest.fail("다시 그렸습니다"))
        assert mathematics.Renderer(MODULES, renderer.folder).render(span("x^2"), "") == first
    (file,) = (each for each in renderer.folder.rglob("*") if each.is_file())
    file.write_bytes(b"\xff")
    assert mathematics.Renderer(MODULES, renderer.folder).render(span("x^2"), "") == first
