"""주장: 실험이 정하는 문장과, 그 실험의 수로 문장을 받치는 식.

문장 바로 뒤의 주석이 식입니다: `<!-- claim: modes.plain < modes.penalty -->`. 빌드할 때마다 식을
다시 셈합니다. 다시 학습한 수가 문장과 어긋나면 그런 문장을 모두 알리고, 엄격한 빌드는 실패합니다.
그림의 식은 `Figure`에 둡니다.
"""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from gan_docs.hint import closest
from gan_docs.site.make import results
from gan_docs.site.make.figures import Figure
from gan_docs.site.page.filling import MADE, NUMBER
from gan_docs.site.page.sources import PageError, log

COMMENT = r"<!--\s*claim:(?P<expression>.*?)-->"
OTHER = re.compile(r"<!--\s*(?!claim:)(?P<word>[A-Za-z]+)\b")
MARK = re.compile(rf"\s*{COMMENT}", re.DOTALL)
LINE = re.compile(rf"[ \t]*\n?[ \t]*{COMMENT}", re.DOTALL)  # 문단을 가르는 빈 줄은 남김
FENCE = re.compile(r"^ *(?P<marks>`{3,}).*?^ *(?P=marks) *$", re.DOTALL | re.MULTILINE)
# 문단, 목록의 점, 표의 줄, 문장이 끝나는 자리
END = re.compile(
    r"\n\s*\n|\n(?=\s*(?:[*+-] |\d+\. |[|#]|!!! |\?\?\?))|(?<=[다요까]\.)\s+|(?<=\?)\s+"
)
# 수를 그저 옮기지 않고 견주는 말
COMPARING = re.compile(
    r"보다|[높낮][은습아았]|[크작]습니다|커[졌집]|작아[졌집]|늘[어었]|줄[어었]|넘[는습었]"
    r"|빠릅|빨라|느[린립]|나아[졌집]|나빠[졌집]|좋[은습아]|비슷"
)
NAMED = re.compile(r"가장 [가-힣]+")  # 가장 낮은 것은 12이다: 수의 이름일 뿐 견주지 않음
FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **{one.__name__: one for one in (abs, all, any, len, max, min, round, sorted, sum, zip)},
    "mean": statistics.fmean,
    "median": statistics.median,
}


class Claim(NamedTuple):
    """문장 하나와 그것을 받치는 식들."""

    place: str
    sentence: str
    expressions: tuple[str, ...]
    wanting: bool = False  # 실험의 수로 견주면서 식이 없음


def compares(sentence: str) -> bool:
    """실험의 수를 담고, 견주는 말을 하는 문장인지 봅니다."""
    counted = any(found["experiment"] not in MADE for found in NUMBER.finditer(sentence))
    return counted and compares_words(NUMBER.sub("", sentence))


def compares_words(said: str) -> bool:
    """견주는 말이 있는지 봅니다."""
    return COMPARING.search(NAMED.sub("", said)) is not None


def of_page(markdown: str, place: str) -> list[Claim]:
    """글의 문장 가운데 식이 있거나 있어야 하는 것입니다. 페이지의 자리에는 줄도 적습니다.

    Raises:
        PageError: 식의 주석을 잘못 적었을 때.
    """
    marks: list[str] = []

    def keep(found: re.Match[str]) -> str:
        marks.append(found["expression"])
        return f"\0{len(marks) - 1}\0"  # 앞 문장에 붙여 둠

    text = FENCE.sub(lambda found: "\n" * found[0].count("\n"), markdown)
    for other in OTHER.finditer(text):
        if get_close_matches(other["word"], ["claim"]):
            raise PageError(
                f"{_at(place, text, other.start())}: 식의 주석은 <!-- claim: 식 -->으로 적습니다: "
                f"받은 글 {other[0]}"
            )
    whole, text = text, MARK.sub(keep, text)
    text = re.sub(r"((?:\0\d+\0)+)", r"\1 ", text)
    text = re.sub(r"([다요까]\.|\?)((?:\0\d+\0)+)\s", r"\2\1 ", text)
    found = []
    for sentence in END.split(text):
        expressions = tuple(marks[int(number)] for number in re.findall("\0(\\d+)\0", sentence))
        words = " ".join(re.sub("\0\\d+\0", "", sentence).split())
        wanting = not expressions and compares(words)
        if expressions or wanting:
            first = re.split("[\n\0]", sentence.strip())[0]
            found.append(Claim(_at(place, whole, whole.find(first)), words, expressions, wanting))
    return found


def _at(place: str, text: str, start: int) -> str:
    """글의 자리를 파일과 줄로 적습니다. 노트북의 글에는 줄이 없습니다."""
    line = f":{text.count(chr(10), 0, start) + 1}"
    return place if place.endswith(".ipynb") else place + line


def of_figure(figure: Figure) -> list[Claim]:
    """그림말과 대체 글의 주장입니다. 실험을 그린 그림이 견주는 말을 하면 식이 있어야 합니다."""
    said = " ".join(f"{figure.caption} {figure.alt}".split())
    wanting = not figure.claims and figure.experiment is not None and compares_words(said)
    if not figure.claims and not wanting:
        return []
    return [Claim(f"그림 {figure.name}", " ".join(figure.caption.split()), figure.claims, wanting)]


def check(claims: list[Claim]) -> None:
    """주장을 모두 셈하고, 수와 어긋난 문장을 모두 경고합니다.

    프로세서가 다르면 반올림이 달라 수도 조금 다릅니다. 그래도 고치며 보는 사이트는 열려야 합니다.

    Raises:
        PageError: 식을 셈할 수 없을 때, 견주는 문장에 식이 없을 때.
    """
    for claim in claims:
        if claim.wanting:
            raise PageError(
                f"{claim.place}: 실험의 수로 견주는 문장에 식이 없습니다. 문장 뒤에 "
                f"<!-- claim: 식 -->을 적으세요: {claim.sentence}"
            )
        for expression in claim.expressions:
            try:
                true = holds(expression)
            except PageError as error:
                raise PageError(f"{claim.place}: {error}: {claim.sentence}") from error
            if not true:
                log.warning(
                    "%s: 문장이 수와 어긋납니다: %s 식: %s 수: %s",
                    claim.place, claim.sentence, " ".join(expression.split()), values(expression),
                )  # fmt: skip


def unmarked(markdown: str) -> str:
    """독자가 볼 글에서 식을 뺍니다."""
    return LINE.sub("", markdown)


def holds(expression: str) -> bool:
    """식을 실험의 수와 배열로 셈합니다.

    Raises:
        PageError: 식을 셈할 수 없거나, 식이 견주지 않거나 실험을 부르지 않을 때.
    """
    expression = " ".join(expression.split())
    tree = parsed(expression)
    if not any(isinstance(node, ast.Compare) for node in ast.walk(tree)):
        raise PageError(f"식이 아무것도 견주지 않습니다: {expression}")
    runs = {node.id: run(node.id) for node in names(tree)}
    if not runs:
        raise PageError(f"식이 실험의 수를 부르지 않습니다: {expression}")
    called: dict[str, dict[str, Any]] = {name: {} for name in runs}
    for name, key in attributes(tree):
        known = vars(runs[name])
        if key not in known:
            raise PageError(f"실험 {name}에 수나 배열 {key}이(가) 없습니다{closest(key, known)}")
        called[name][key] = plain(known[key])
    try:
        given = {name: SimpleNamespace(**values) for name, values in called.items()}
        found = eval(compile(tree, "claim", "eval"), {"__builtins__": {}, **FUNCTIONS, **given})
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise PageError(f"식을 셈할 수 없습니다: {expression}: {error}") from error
    except NameError as error:
        raise PageError(f"식이 모르는 이름을 부릅니다: {expression}: {error}") from error
    if not isinstance(found, bool):
        raise PageError(f"식의 값은 참이나 거짓이어야 합니다: {expression}: 받은 값 {found!r}")
    return found


def parsed(expression: str) -> ast.Expression:
    """식의 나무입니다."""
    try:
        return ast.parse(" ".join(expression.split()), mode="eval")
    except SyntaxError as error:
        raise PageError(f"식을 읽을 수 없습니다: {expression}: {error.msg}") from error


def names(tree: ast.Expression) -> list[ast.Name]:
    """식이 부르는 실험의 이름입니다."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    return [node for node in found if node.id in results.experiments()]


def attributes(tree: ast.Expression) -> list[tuple[str, str]]:
    """식이 점을 찍어 부르는, 실험과 수의 이름입니다."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    known = [node.id for node in names(tree)]
    return [
        (node.value.id, node.attr)
        for node in found
        if isinstance(node.value, ast.Name) and node.value.id in known
    ]


@cache
def run(name: str) -> SimpleNamespace:
    """끝난 실험의 수와 배열입니다."""
    return SimpleNamespace(**{**results.result(name).arrays, **results.numbers(results.load(name))})


def plain(value: Any) -> Any:
    """식이 셈할 값입니다: 배열은 목록으로."""
    return value.tolist() if isinstance(value, np.ndarray) else value


def values(expression: str) -> str:
    """식이 부른 수를 이름과 함께 적습니다."""
    asked = {
        f"{name}.{key}": plain(vars(run(name)).get(key))
        for name, key in attributes(parsed(expression))
    }
    return ", ".join(f"{name} = {str(value)[:60]}" for name, value in asked.items())
