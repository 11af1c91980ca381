"""빌드가 채운 값 뒤의 조사를 고릅니다: `{{ 실험.수 }}을(를)`은 값을 읽은 대로 갈립니다."""

from __future__ import annotations

import re

DIGITS = "영일이삼사오육칠팔구"
UNITS = {1: "십", 2: "백", 3: "천", 4: "만", 8: "억", 12: "조"}  # 끝에 붙은 0의 수마다 읽는 말
LETTERS = dict(zip("LMNR", "엘엠엔알", strict=True))  # 받침이 있는 로마자의 이름. 나머지는 없음
SIGNS = {"%": "퍼센트", "σ": "시그마", "²": "제곱"}
PAIRS = {
    "을(를)": ("을", "를"),
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)": ("이", ""),
}
PARTICLE = "|".join(map(re.escape, PAIRS))
NUMBER = re.compile(r"\d[\d,]*(?:\.(?P<decimals>\d+))?$")
NO_FINAL, RIEUL = 0, 8  # 한글의 끝소리 번호


def chosen(value: str, particle: str) -> str:
    """값 뒤에 올 조사를 고릅니다.

    Args:
        value: 채운 값. 수, 퍼센트, 한글, 로마자로 끝나는 글.
        particle: `을(를)`처럼 두 꼴을 함께 적은 조사.
    """
    closed, opened = PAIRS[particle]
    final = (ord(said(value)[-1]) - ord("가")) % 28
    if final == NO_FINAL or (final == RIEUL and particle == "(으)로"):
        return opened
    return closed


def said(value: str) -> str:
    """값의 끝을 읽은 한글입니다. 소수는 한 자리씩, 정수는 만 단위로 읽습니다."""
    last = value[-1]
    if not last.isdigit():
        return last if "가" <= last <= "힣" else SIGNS.get(last) or LETTERS.get(last.upper(), "이")
    number = NUMBER.search(value)
    whole = "" if number is None or number["decimals"] else number[0].replace(",", "").lstrip("0")
    zeros = len(whole) - len(whole.rstrip("0"))
    return UNITS[max(known for known in UNITS if known <= zeros)] if zeros else DIGITS[int(last)]
