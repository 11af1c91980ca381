"""병원의 기록: 환자마다 건강한 루프와 다른 줄과 회복, 증상에서 확인으로 가는 표, 오류의 글."""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gan_docs.experiments.hospital_cases import CASES, CHECKS, SILENT, UNSEEN, source
from gan_docs.experiments.hospital_errors import ERRORS
from gan_docs.site.make import results
from gan_docs.site.make.record import code, table


class Symptom(NamedTuple):
    """표의 한 줄: 보이는 것, 병원에서의 자리, 처방."""

    seen: str
    place: str
    remedy: str


SYMPTOMS: Mapping[str, Symptom] = {
    "slow": Symptom("판별기의 손실이 0으로", "d-loss-zero", "두 학습률을 같게"),
    "tanh": Symptom("점이 한 범위를 넘지 못함", "out-of-range", "출력과 데이터의 범위를 같게"),
    "collapse": Symptom("몇 봉우리에만 모임", "few-modes", "벌점의 세기를 0보다 크게"),
    "graph": Symptom("벌점이 있는데도 몇 봉우리에만", "few-modes", "`create_graph=True`"),
    "hopping": Symptom("점이 봉우리를 옮겨 다님", "hopping", "두 신경망을 번갈아 한 번씩"),
    "zero_grad": Symptom("판별기의 손실이 2 ln 2보다 높음", "g-loss-falls", "`zero_grad()`를 넣음"),
    "frozen": Symptom("생성기의 손실만 천천히 내려감", "runs-away", "얼린 판별기를 녹임"),
    "labels": Symptom("두 손실이 함께 0으로", "both-zero", "진짜는 1, 가짜는 0"),
    "detach": Symptom(
        "끝까지 배워도 봉우리가 빔", "weak-generator", "`detach()`를 되살림"
    ),
    "scale": Symptom("손실은 좋은데 크기가 다름", "wrong-size", "진짜와 가짜에 같은 변환"),
    "eval": Symptom("표본만 조건을 따르지 않음", "same-z", "뽑기 전에 `eval()`"),
    "momentum": Symptom("`eval()`에서 더 나쁨", "eval-worse", "배치 정규화의 momentum을 0.1로"),
    "rate": Symptom("처음 손실이 수백까지 튐", "explodes", "학습률을 100분의 1로"),
    "sigmoid": Symptom("판별기의 손실이 1 아래로 가지 않음", "stuck", "Sigmoid를 뺌"),
    "condition": Symptom("조건을 바꾸어도 그대로", "ignored", "점과 조건을 한 번에 뽑음"),
}  # fmt: skip
ALONE = {**UNSEEN, **SILENT}  # 회복을 재지 않은 환자
LINE = 50  # 이보다 긴 식은 나누어 적음
MEASURES: Mapping[str, tuple[str, Callable[[float], str]]] = {
    "modes": ("봉우리 /8", "{:.0f}".format),
    "quality": ("봉우리 안 %", lambda share: f"{100 * share:.0f}"),
    "agreement": ("조건대로 %", lambda share: f"{100 * share:.0f}"),
}


def chart(case: str) -> str:
    """환자의 줄과 회복의 표입니다."""
    return f"{diff(source(), source(CASES[case]))}\n\n{recovery(case)}"


def diff(before: str, after: str) -> str:
    """다른 줄을 울타리로 감쌉니다."""
    return fenced("diff", difference(before, after))


@cache
def difference(before: str, after: str) -> str:
    """다른 줄과 그 앞뒤의 한 줄입니다. 떨어진 곳 사이에는 …을 둡니다."""
    rows = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
    shown = ["…" if row.startswith("@@") else row for row in list(rows)[3:]]
    marks, texts = [row[:1] for row in shown], [row[1:] if row != "…" else "" for row in shown]
    aligned = textwrap.dedent("\n".join(texts)).split("\n")
    return "\n".join(map("".join, zip(marks, aligned, strict=True)))


def differences() -> set[str]:
    """페이지에 보이는 모든 차이입니다. 앞뒤의 글은 모두 실험이 실행한 것입니다."""
    healthy = source()
    ran = [(healthy, source(changes)) for changes in {**CASES, **ALONE}.values()]
    for fault in ERRORS.values():
        sick = source(fault.sick)
        ran += [(healthy, sick), (sick, source(fault.cured))]
    return {difference(*pair) for pair in ran}


def recovery(case: str) -> str:
    """아픈 학습, 그 자리에서 고쳐 이어 한 학습, 처음부터 건강했던 학습입니다."""
    found = results.result("hospital")
    steps, seeds = found.numbers["steps_each"], found.numbers["seeds"]
    kept = (
        "그 생성기에서 <code>eval()</code>로 뽑음" if case == "eval" else f"고쳐서 {steps}스텝 더"
    )
    names = {case: f"아픈 {steps}스텝", f"{case}_cured": kept, "healthy": f"건강한 {steps}스텝"}
    rows = []
    for name, title in names.items():
        cells = [
            spread(found.arrays[f"seeds_{name}_{key}"], form) for key, (_, form) in MEASURES.items()
        ]
        rows.append([title, *cells, str(found.numbers[f"{name}_well"])])
    heads = ("학습", *[title for title, _ in MEASURES.values()], f"건강 /{seeds}")
    return table(heads, rows)


def spread(values: NDArray[np.float64], form: Callable[[float], str]) -> str:
    """시드의 중앙값과, 가장 작은 값과 가장 큰 값입니다."""
    middle, least, most = (form(float(pick(values))) for pick in (np.median, np.min, np.max))
    return middle if least == most else f"{middle} <small>({least}–{most})</small>"


def checks() -> str:
    """증상마다 먼저 볼 한 줄과 처방입니다."""
    rows = []
    for case, one in SYMPTOMS.items():
        link = f'<a href="#{one.place}">{formatted(one.seen)}</a>'
        rows.append([link, f"{broken(CHECKS[case].line)}<br>{formatted(one.remedy)}"])
    return table(("증상", "건강하면 참인 한 줄과 처방"), rows)


def broken(line: str) -> str:
    """긴 식은 견주는 기호의 앞에서 줄을 바꿉니다."""
    if len(line) <= LINE:
        return code(line)
    return "<br>".join(map(code, re.split(r" (?=(?:[=<>]=|[<>]) )", line)))


def error(name: str) -> str:
    """오류를 낸 줄과, 그 실행이 찍은 글입니다."""
    message = str(results.load("hospital_errors").numbers[f"{name}_message"])
    fault = ERRORS[name]
    return f'<p class="message">{code(message)}</p>\n\n{diff(source(), source(fault.sick))}'


def cure(name: str) -> str:
    """아픈 줄에서 고친 줄로 가는 차이입니다."""
    fault = ERRORS[name]
    return diff(source(fault.sick), source(fault.cured))


def alone(case: str) -> str:
    """회복을 재지 않은 환자가 건강한 루프와 다른 줄입니다."""
    return diff(source(), source(ALONE[case]))


def fenced(language: str, text: str) -> str:
    """울타리로 감쌉니다."""
    return f"```{language}\n{text}\n```"


def formatted(text: str) -> str:
    """역따옴표 사이의 글을 코드로 적습니다."""
    parts = text.split("`")
    return "".join(code(part) if place % 2 else part for place, part in enumerate(parts))


TABLES: dict[str, Callable[[], str]] = {
    "hospital_checks": checks,
    **{f"hospital_{case}": partial(chart, case) for case in CASES},
    **{f"hospital_{case}": partial(alone, case) for case in ALONE},
    **{f"error_{name}": partial(error, name) for name in ERRORS},
    **{f"cure_{name}": partial(cure, name) for name in ERRORS},
}
