"""괄호나 % 뒤의 조사가 줄의 첫머리에 홀로 가지 않고, 구간이 두 줄로 나뉘지 않게 합니다.

`word-break: keep-all`은 한글 낱말을 쪼개지 않지만, 기호와 한글의 사이에서는 줄을 바꿉니다.
"""

from __future__ import annotations

import re

from gan_docs.site.html.terms import pieces

LONGEST = 20  # 이보다 긴 말은 묶으면 좁은 화면에서 빈자리가 커짐
AFTER_SIGN = rf"\S{{0,{LONGEST}}}?[)\]%]+[가-힣]+"
INTERVAL = r"\[-?[\d.]+, -?[\d.]+\]\)?[가-힣]*"
WHOLE = re.compile(rf"{INTERVAL}|(?<!\S){AFTER_SIGN}")


def kept(content: str) -> str:
    """글에서 구간, 그리고 기호로 끝나는 말과 그 조사를 한 줄에 묶습니다."""
    return "".join(
        WHOLE.sub(r'<span class="unbroken">\g<0></span>', text) if prose else text
        for text, prose in pieces(content)
    )
