"""잘못 적은 이름에 덧붙일 귀띔. torch를 읽지 않아 명령줄과 사이트가 가볍게 부릅니다."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def closest(name: str, known: Iterable[str]) -> str:
    """잘못 적은 이름에 덧붙일 문장입니다. 비슷한 이름이 없으면 빈 글."""
    close = difflib.get_close_matches(name, known, n=1)
    return f". 혹시 {close[0]}인가요?" if close else ""
