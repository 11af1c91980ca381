"""기호 뒤의 조사와 구간을 묶는 자리와 묶지 않는 자리를 봅니다."""

import pytest

from gan_docs.site.html.particles import kept


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<p>벌점(penalty)은</p>", "<p>⟦벌점(penalty)은⟧</p>"),
        (
            "<p>기울기 벌점(gradient penalty)이 든</p>",
            "<p>기울기 벌점(gradient ⟦penalty)이⟧ 든</p>",
        ),
        ("<li>가짜의 81%를 봄</li>", "<li>가짜의 ⟦81%를⟧ 봄</li>"),
        ("<p>벌점이 100% 다릅니다.</p>", "<p>벌점이 100% 다릅니다.</p>"),
        (
            "<p><code>f(x)를</code> (<a>벌점)이</a></p>",
            "<p><code>f(x)를</code> (<a>벌점)이</a></p>",
        ),
        ("<pre>81%를</pre><h2>81%를</h2>", "<pre>81%를</pre><h2>81%를</h2>"),
        ("<p>화소는 [-1, 1]의 수</p>", "<p>화소는 ⟦[-1, 1]의⟧ 수</p>"),
        ("<p>범위([0, 0.5])가 [0, 1]</p>", "<p>범위(⟦[0, 0.5])가⟧ ⟦[0, 1]⟧</p>"),
        ("<p>[1, 2, 3] <code>[0, 1]</code></p>", "<p>[1, 2, 3] <code>[0, 1]</code></p>"),
        (f"<p>{'길' * 30})이</p>", f"<p>{'길' * 30})이</p>"),
    ],
)
def test_a_particle_is_kept_with_the_sign_before_it(text: str, wanted: str) -> None:
    assert kept(text).replace('<span class="unbroken">', "⟦").replace("</span>", "⟧") == wanted
