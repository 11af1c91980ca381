"""페이지에 놓는 결과의 표입니다. 페이지에는 `{{ table.이름 }}`으로 적습니다."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_docs import turns
from gan_docs.experiments import collapse as of_collapse
from gan_docs.experiments import grid as of_grid
from gan_docs.experiments import inversion as of_inversion
from gan_docs.experiments import losses as of_losses
from gan_docs.experiments import ring as of_ring
from gan_docs.experiments.experiment import Experiment
from gan_docs.metrics import OF_FEATURES
from gan_docs.site.make import patients, published, races, results
from gan_docs.site.make.advice import ADVICE, TITLES
from gan_docs.site.make.figures.few import WAYS
from gan_docs.site.make.figures.measures import CASES
from gan_docs.site.make.record import table

Numbers = Mapping[str, Any]
TABLES: dict[str, Callable[[], str]] = {**patients.TABLES, **races.TABLES}


def shown(make: Callable[[], str]) -> Callable[[], str]:
    """페이지가 함수의 이름으로 부르는 표에 더합니다."""
    TABLES[make.__name__] = make
    return make


@shown
def losses() -> str:
    """손실과 벌점마다 시드 다섯의 중앙값과, 가장 나쁜 값에서 가장 좋은 값까지입니다."""
    numbers = found("modes")
    rows = [
        [
            f"{loss.name}<br><small>{penalty.name if penalty else '벌점 없음'}</small>",
            *plane(numbers, f"losses_{key}"),
        ]
        for key, (loss, penalty) in of_losses.rows(of_losses.PARAMETERS).items()
    ]
    return table(("손실과 벌점", "모드 /8", "모드(10% 기준) /8", "3σ 안 %", "역 KL"), rows)


@shown
def collapse() -> str:
    """바꾼 조건마다 시드 다섯의 결과입니다."""
    numbers = found("modes")
    rows = [
        [
            f"<strong>{change.name}</strong><br><small>{'<br>'.join(conditions(change))}</small>",
            *plane(numbers, f"collapse_{key}"),
        ]
        for key, change in of_collapse.CHANGES.items()
    ]
    heads = ("첫 줄과 다른 것", "모드 /8", "모드(10% 기준) /8", "3σ 안 %", "역 KL")
    return table(heads, rows)


@shown
def counted() -> str:
    """붕괴한 학습의 시드마다, 생성기의 손실에서 거꾸로 센 봉우리와 표본에서 센 봉우리입니다."""
    arrays = results.result("collapse").arrays
    rows = [
        (f"시드 {seed}", f"{loss:.2f}", f"{guessed:.2f}", f"{found:.0f}")
        for seed, (loss, guessed, found) in enumerate(
            zip(*(arrays[name] for name in ("late_losses", "counted", "filled")), strict=True)
        )
    ]
    return table(("학습", "생성기의 손실", "손실에서 센 봉우리", "표본에서 센 봉우리"), rows)


def conditions(change: of_collapse.Change) -> list[str]:
    """붕괴하는 학습과 다른 조건입니다. 첫 줄은 조건을 모두 적습니다."""
    plain = of_collapse.Change("")
    said = {
        "loss": change.loss.name,
        "penalty": f"벌점 {change.penalty.name}" if change.penalty else "벌점 없음",
        "frequency": f"주파수 {change.frequency:g}",
        "batch_size": f"배치 {change.batch_size}",
        "pack": f"점을 {change.pack}개씩",
    }
    different = [name for name in said if getattr(change, name) != getattr(plain, name)]
    return [said[name] for name in different or said]


@shown
def recipe() -> str:
    """발표된 표와 견주는 두 학습의 조건입니다. 실험의 매개변수를 그대로 적습니다."""
    chosen = [of_ring.EXPERIMENT, of_grid.EXPERIMENT]
    first, second = turns.BETAS
    said: dict[str, Callable[[Experiment], str]] = {
        "스텝": lambda one: f"{one.steps:,}",
        "배치": lambda one: f"{one.parameters['batch_size']}",
        "신경망의 너비": lambda one: f"{one.parameters['hidden_size']}",
        "생성기의 은닉층": lambda one: f"{one.parameters['generator_depth']}",
        "입력에 곱하는 배율": lambda one: f"{one.parameters['gain']:g}",
        "벌점의 세기 γ": lambda one: " → ".join(
            np.format_float_positional(each, trim="-") for each in one.parameters["penalty"]
        ),
        "학습률": lambda one: f"{one.parameters['learning_rate']:g} → 0",
        "Adam의 β₁, β₂": lambda one: f"{first:g}, {second:g}",
    }
    rows = [[name, *map(say, chosen)] for name, say in said.items()]
    return table(("조건", *(one.title for one in chosen)), rows)


@shown
def ring() -> str:
    """둥글게 놓인 여덟 봉우리의 표입니다."""
    return mixture("ring", 8)


@shown
def grid() -> str:
    """격자로 놓인 스물다섯 봉우리의 표입니다."""
    return mixture("grid", 25)


def mixture(name: str, modes: int) -> str:
    """위에는 이 빌드의 두 줄, 아래에는 발표된 줄입니다. 적히지 않은 칸은 –입니다."""
    numbers = found("modes")
    rows = [(row.method, *getattr(row, name), row.source) for row in published.ROWS]
    ours = [
        (
            f"<strong>{method}</strong>",
            spread(numbers, f"{name}{suffix}_strict_modes", "{:.0f}"),
            spread(numbers, f"{name}{suffix}_high_quality", "{:.1%}"),
            spread(numbers, f"{name}{suffix}_reverse_kl", "{:.3f}"),
            source,
        )
        for suffix, method, source in (
            ("", "RpGAN + R₁ + R₂", "이 빌드, 시드 다섯"),
            ("_real", "진짜를 그대로", "이 빌드, 2,500점"),
        )
    ]
    blank = [tuple(cell or "–" for cell in row) for row in rows]
    return table(("방법", f"모드 /{modes}", "3σ 안 %", "역 KL", "출처"), [*ours, *blank])


FORMS = {"kernel_distance": "{:.3f}", "closer_share": "{:.1%}"}  # 나머지는 소수 둘째 자리까지
MEASURES = tuple((name, title, FORMS.get(name, "{:.2f}")) for name, title in OF_FEATURES.items())
RAREST = ("smallest_class", "가장 드문 종류", "{:.1%}")


@shown
def failures() -> str:
    """망친 표본마다 모든 지표입니다. 한 줄이 지표 하나입니다."""
    return compared(found("failures"), CASES, (*MEASURES, RAREST), down=True)


@shown
def untrained_judge() -> str:
    """망친 표본마다, 배운 심판과 배우지 않은 심판이 잰 프레셰 거리입니다."""
    eyes = (("trained", "배운 심판", "{:.1f}"), ("untrained", "배우지 않은 심판", "{:.1f}"))
    return compared(found("untrained_judge"), CASES, eyes)


@shown
def hangul() -> str:
    """두 한글 GAN과, 바랄 수 있는 가장 좋은 값인 진짜입니다. 한 줄이 지표 하나입니다."""
    names = {
        "conditional": "조건부 GAN",
        "unconditional": "조건 없는 GAN",
        "real": "배운 글꼴의 진짜",
        "held_out": "처음 보는 글꼴의 진짜",
    }
    agreement = ("label_agreement", "지정한 대로 읽힘", "{:.1%}")
    return compared(found("reading"), names, (*MEASURES, agreement), down=True)


@shown
def emoji() -> str:
    """증강 없이, 또 증강하며 배운 얼굴의 지표입니다. 잰 것만 적습니다."""
    numbers = found("emoji")
    measures = tuple(each for each in MEASURES if f"plain_{each[0]}" in numbers)
    return compared(numbers, WAYS, measures)


@shown
def gan100() -> str:
    """지표마다 한 줄로, 100줄 GAN의 시드마다의 값과 같은 수로 견준 진짜의 두 반쪽입니다."""
    numbers, arrays = found("gan100_reading"), results.result("gan100_reading").arrays
    measures = (*MEASURES, RAREST)
    seeds = range(len(arrays["coverage"]))
    real = {f"real_{name}{end}": numbers[f"{which}_real_{name}"]
            for name, _, _ in measures
            for end, which in (("", "median"), ("_least", "least"), ("_most", "most"))}  # fmt: skip
    rows = [
        [
            f"{title} %" if form.endswith("%}") else title,
            *[form.format(arrays[name][seed]).removesuffix("%") for seed in seeds],
            spread(real, f"real_{name}", form),
        ]
        for name, title, form in measures
    ]
    return table(("지표", *[f"시드 {seed}" for seed in seeds], "진짜의 두 반쪽"), rows)


@shown
def inversion() -> str:
    """방법마다, 처음 보는 글꼴의 주지 않은 글자와 얼마나 다른지입니다."""
    arrays = results.result("inversion").arrays
    given = of_inversion.EXPERIMENT.parameters["given"]
    names = {
        "random": "무작위 z",
        "mean": "평균 z = 0",
        **{f"near_{count}": f"{count}자가 가장 닮은 배운 글꼴" for count in given},
        **{f"found_{count}": f"{count}자에서 찾은 z" for count in given},
        "near_all": "답을 보고 고른 배운 글꼴",
        "found_all": "답을 보고 찾은 z",
    }
    rows = []
    for name, title in names.items():
        error, read, style = arrays[name]
        cells = [averaged(error, "{:.3f}"), averaged(style, "{:.2f}"), f"{read.mean():.1%}"]
        rows.append([title, *cells])
    return table(("글씨체를 정한 방법", "화소의 오차 ↓", "글씨체의 거리 ↓", "읽힘 ↑"), rows)


@shown
def speed() -> str:
    """루프를 한 가지씩 고칠 때의 빠르기입니다. 모두 앞줄에 더한 것입니다."""
    numbers = found("speed")
    names = {
        "usual": "기본 루프",
        "one_pass": "+ 진짜와 가짜를 한 번에 판정",
        "frozen": "+ 생성기 차례에 판별기를 고정",
        "fused": "+ Adam을 한 번에(fused)",
        "averaged": "+ 평균 생성기",
        "trainer": "Trainer.train (기록, 일정, 진행 막대까지)",
        "bfloat16": "+ bfloat16으로 계산",
    }
    kinds = ("points", "digits", "hangul")
    rows = [
        [name, *[f"{numbers[f'{kind}_ratio_{key}']:.2f}배" for kind in kinds]]
        for key, name in names.items()
    ]
    return table(("루프", "평면의 점", "100줄 GAN의 숫자", "한글"), rows)


@shown
def layers() -> str:
    """층을 하나씩 바꾼 짧은 학습마다, 시드 다섯의 중앙값과 범위입니다."""
    arrays = results.result("layers").arrays
    names = {
        "pixel": "그대로",
        "transposed": "전치 합성곱",
        "nearest": "되풀이 + 합성곱",
        "without_norm": "배치 정규화 없이",
        "without_tanh": "Tanh 없이",
        "relu": "판별기에 ReLU",
    }
    measures = {"agreement": "{:.0%}", "distance": "{:.0f}", "phase": "{:.1%}"}
    rows = [
        [title, *[between(arrays[f"{name}_{key}"], form) for name, form in measures.items()]]
        for key, title in names.items()
    ]
    return table(("바꾼 것", "읽힘 %", "프레셰 거리", "무늬 %"), rows)


@shown
def first_steps() -> str:
    """처음 만드는 GAN의 시점마다, 첫 시드의 가짜의 평균과 표준편차입니다."""
    arrays = results.result("first").arrays
    rows = [
        [f"{step:.0f}", f"{mean:.2f}", f"{width:.2f}"]
        for step, mean, width in zip(
            arrays["line_step"], arrays["line_path"], arrays["line_width"], strict=True
        )
    ]
    return table(("스텝", "가짜의 평균", "가짜의 표준편차"), rows)


@shown
def first_changes() -> str:
    """처음 만드는 GAN에서 한 줄을 바꾼 것마다 시드 다섯의 평균과 표준편차입니다."""
    numbers = found("first")
    names = {
        "line": "그대로",
        "generator_first": "생성기를 먼저",
        "narrow": "너비 32 → 2",
        "slow": "학습률 0.1 → 0.001",
        "fast": "학습률 0.1 → 1.0",
    }
    rows = [
        [
            title,
            spread(numbers, f"{name}_mean", "{:.2f}"),
            spread(numbers, f"{name}_sigma", "{:.2f}"),
        ]
        for name, title in names.items()
    ]
    return table(("바꾼 줄", "가짜의 평균", "가짜의 표준편차"), rows)


SIGNS = {1: "▲&nbsp;", 0: "", -1: "▼&nbsp;"}


@shown
def hacks() -> str:
    """요령마다 네 지표의 중앙값과 범위, 판정입니다. 첫 줄은 기본 루프입니다."""
    numbers = found("hacks")
    forms = {"modes": "{:.0f}", "inside": "{:.0%}", "distance": "{:.0f}", "coverage": "{:.2f}"}
    rows = [
        [title, *[SIGNS[int(numbers[f"{name}_{measure}_verdict"])]
                  + spread(numbers, f"{name}_{measure}", form) for measure, form in forms.items()]]
        for name, title in TITLES.items()
    ]  # fmt: skip
    heads = (
        "바꾼 것",
        "고리: 모드(10% 기준) /8",
        "고리: 3σ 안 %",
        "숫자: 프레셰 거리",
        "숫자: 포괄도",
    )
    return table(heads, rows)


@shown
def hack_sources() -> str:
    """요령마다 처음 권한 곳과 그곳의 주장입니다."""
    rows = [(each.title, each.source, each.promise) for each in ADVICE.values()]
    return table(("바꾼 것", "권한 곳", "그곳의 주장"), rows)


@shown
def one_step_logits() -> str:
    """판별기의 차례: 이미지 여덟 장의 로짓, 확률, 손실의 몫입니다."""
    arrays = results.result("one_step").arrays
    logits = [*arrays["real_logits"][0], *arrays["fake_logits"][0]]
    columns = zip(logits, arrays["probabilities"], arrays["losses"], strict=True)
    rows = [
        [name, f"{logit:+.3f}", f"{probability:.3f}", f"{loss:.3f}"]
        for name, (logit, probability, loss) in zip(step_images(logits), columns, strict=True)
    ]
    return table(("이미지", "로짓", "확률 σ", "손실"), rows)


@shown
def one_step_discriminator() -> str:
    """판별기의 가중치 하나의 기울기를 이미지마다 나눈 몫과 그 합입니다."""
    arrays = results.result("one_step").arrays
    columns = [arrays[name] for name in ("logit_slopes", "judged", "discriminator_parts")]
    return shared(step_images(columns[0]), columns, ("로짓 기울기", "뉴런", "곱"))


@shown
def one_step_generator() -> str:
    """생성기의 가중치 하나의 기울기를 가짜마다 나눈 몫과 그 합입니다."""
    arrays = results.result("one_step").arrays
    columns = [arrays[name] for name in ("column_slopes", "bends", "drawn", "generator_parts")]
    names = [f"가짜 {number}" for number in range(1, len(columns[0]) + 1)]
    return shared(names, columns, ("화소 기울기", "1 - x²", "뉴런", "곱"))


def step_images(values: Any) -> list[str]:
    """진짜 뒤에 가짜를 이은 이미지의 이름입니다."""
    half = len(values) // 2
    return [f"{kind} {number}" for kind in ("진짜", "가짜") for number in range(1, half + 1)]


def shared(names: list[str], columns: list[Any], titles: tuple[str, ...]) -> str:
    """이미지마다 한 줄, 마지막 줄은 마지막 칸을 더한 값입니다."""
    rows = [
        [name, *(f"{value:+.3f}" for value in values)]
        for name, *values in zip(names, *columns, strict=True)
    ]
    blank = ["–"] * (len(columns) - 1)
    return table(("이미지", *titles), [*rows, ["합", *blank, f"{columns[-1].sum():+.3f}"]])


@shown
def image_sizes() -> str:
    """크기마다 한 스텝의 시간과 메모리, 그리고 학습 한 번의 시간입니다."""
    numbers, rows = found("image_sizes"), []
    for size, batch in results.experiments()["image_sizes"].parameters["sizes"]:
        name = "x".join(map(str, size))
        seconds = numbers[f"seconds_{name}"]
        rows.append(
            [
                "×".join(map(str, size)),
                batch,
                f"{numbers[f'parameters_{name}'] / 1e6:.2f}",
                f"{seconds:.2f}",
                f"{numbers[f'megabytes_{name}']:,.0f}",
                f"{numbers['planned'] * seconds / 3600:.1f}",
            ]
        )
    heads = ("크기", "배치", "가중치 (백만)", "한 스텝 (초)", "메모리 (MB)", "학습 한 번 (시간)")
    return table(heads, rows)


def found(experiment: str) -> Numbers:
    """실험의 수입니다."""
    return results.load(experiment).numbers


def compared(
    numbers: Numbers,
    names: Mapping[str, str],
    measures: tuple[tuple[str, str, str], ...],
    *,
    down: bool = False,
) -> str:
    """한 줄이 표본 하나, 한 칸이 지표 하나인 표입니다. `down`이면 거꾸로입니다.

    재지 않은 지표는 –입니다. 지표가 많으면 아래로 늘어놓아야 휴대전화에서 밀지 않고 읽습니다.
    """
    rows = [
        [title, *[form.format(numbers[k]) if (k := f"{case}_{m}") in numbers else "–"
                  for m, _, form in measures]]
        for case, title in names.items()
    ]  # fmt: skip
    titles = [title for _, title, _ in measures]
    if down:
        columns = [values for _, *values in rows]
        return table(("지표", *names.values()), zip(titles, *columns, strict=True))
    return table(("표본", *titles), rows)


def plane(numbers: Numbers, key: str) -> list[str]:
    """평면의 네 지표를 중앙값과 범위로 적습니다."""
    return [
        spread(numbers, f"{key}_modes", "{:.0f}"),
        spread(numbers, f"{key}_strict_modes", "{:.0f}"),
        spread(numbers, f"{key}_high_quality", "{:.0%}"),
        spread(numbers, f"{key}_reverse_kl", "{:.2f}"),
    ]


def between(values: NDArray[np.float64], form: str) -> str:
    """시드마다의 값을 중앙값과 범위로 적습니다."""
    ends = {"": np.median(values), "_least": values.min(), "_most": values.max()}
    return spread(ends, "", form)


def averaged(values: NDArray[np.float64], form: str) -> str:
    """글꼴마다의 값을 평균과 범위로 적습니다."""
    ends = {"": values.mean(), "_least": values.min(), "_most": values.max()}
    return spread(ends, "", form)


def spread(numbers: Numbers, key: str, form: str) -> str:
    """중앙값과, 시드마다 다르면 가장 작은 값과 가장 큰 값입니다."""
    middle, least, most = (
        form.format(numbers[f"{key}{end}"]).removesuffix("%") for end in ("", "_least", "_most")
    )
    return middle if least == most else f"{middle} <small>({least}–{most})</small>"


def code() -> list[str]:
    """표 속에 보이는 코드입니다. 실험이 돌린 글에서 빌드가 만든 것이라 센서스가 압니다."""
    return list(patients.differences())
