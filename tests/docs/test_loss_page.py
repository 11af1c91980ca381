"""손실 함수와 기울기 벌점 페이지의 식, 표, 구역이 코드와 같은지 봅니다."""

import re
from pathlib import Path

import pytest
import torch
from torch.nn.functional import softplus

from gan_docs.experiments.equilibrium import EXPERIMENT
from gan_docs.experiments.experiment import Result
from gan_docs.losses import LOSSES, PENALTIES
from gan_docs.site.page import sources

FOLDER = Path(__file__).parents[2] / "docs/architecture"
PAGE = "\n".join((FOLDER / name).read_text("utf-8") for name in ("loss.md", "penalty.md"))
INCLUDED = re.findall(r'--8<-- "gan_docs/losses\.py:(\w+)"', PAGE)
CELLS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| [^|-]+ \| (\$(?!L_)|\{\{)", line)
]
FORMULAS = {name: cells for name, *cells in CELLS if cells[0].startswith("$")}
VALUES = {name: cells for name, *cells in CELLS if cells[0].startswith("{{")}
ROWS = [  # 식의 표에서 s는 softplus, 긴 식은 두 줄
    [
        name,
        *(cell.replace("$<br>$", " ").replace("s(", r"\operatorname{softplus}(") for cell in cells),
        *VALUES[name],
    ]
    for name, cells in FORMULAS.items()
]
LOGITS = 3 * torch.randn(2, 50, generator=torch.Generator().manual_seed(0)).double()
NUMBER = r"\{\{ equilibrium\.(\w+):\.3f \}\}"


def section(title: str) -> str:
    """페이지에서 제목 하나의 글입니다."""
    found = re.search(rf"^### {re.escape(title)}\n(.*?)(?=^##|\Z)", PAGE, re.M | re.S)
    assert found is not None, f"docs/architecture에 '### {title}' 절이 없습니다"
    return found[1]


def evaluate(formula: str, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """페이지의 식을 파이썬으로 옮겨 계산하고 배치의 평균을 냅니다."""
    for tex, python in (
        (r"\operatorname{softplus}", "softplus"),
        (r"\max(0,", "positive("),
        (r"\tfrac12 ", "0.5 * "),
        ("^2", "**2"),
    ):
        formula = formula.replace(tex, python)
    names = {"softplus": softplus, "positive": lambda value: value.clamp(min=0), "a": a, "b": b}
    value: torch.Tensor = eval(formula.strip("$"), {"__builtins__": {}}, names)
    return value.mean()


@pytest.fixture(scope="module")
def result() -> Result:
    return EXPERIMENT.run(EXPERIMENT, lambda step: None, {})


def test_every_loss_has_its_section_with_its_code() -> None:
    for name, loss in LOSSES.items():
        assert f'"gan_docs/losses.py:{name.replace("-", "_")}"' in section(loss.name)
    code = "".join(sources.region("gan_docs/losses.py", part, "페이지") for part in INCLUDED)
    assert len(set(INCLUDED)) == len(INCLUDED) == len(LOSSES) + 1
    players = [
        player for loss in LOSSES.values() for player in (loss.discriminator, loss.generator)
    ]
    for function in [*players, *(penalty.value for penalty in PENALTIES.values())]:
        assert f"\ndef {function.__name__}(" in f"\n{code}"


def test_the_formulas_are_what_the_code_computes() -> None:
    assert list(FORMULAS) == list(VALUES) == [loss.name for loss in LOSSES.values()]
    for row, loss in zip(ROWS, LOSSES.values(), strict=True):
        players = {"L_D": (row[1], loss.discriminator), "L_G": (row[2], loss.generator)}
        for player, (formula, function) in players.items():
            wanted = function(*LOGITS).item()
            assert evaluate(formula, *LOGITS).item() == pytest.approx(wanted), (row[0], player)
            assert f"{player} &= {formula.strip('$')}" in section(loss.name)


def test_a_formula_with_the_wrong_logit_is_seen() -> None:
    for row, loss in zip(ROWS, LOSSES.values(), strict=True):
        wrong = evaluate(re.sub(r"\bb\b", "a", row[2]), *LOGITS)
        assert wrong.item() != pytest.approx(loss.generator(*LOGITS).item()), row[0]


def test_the_slopes_are_what_the_code_gives() -> None:
    a, b = LOGITS
    for loss in LOSSES.values():
        found = re.findall(r"\\partial L_G}\{\\partial b} = (.+)", section(loss.name))
        (formula,) = (text.replace(r"\sigma", "torch.sigmoid") for text in found)
        fake = b.clone().requires_grad_()
        (slope,) = torch.autograd.grad(loss.generator(a, fake) * len(b), fake)
        wanted = eval(formula, {"torch": torch, "a": a, "b": b}) * torch.ones_like(b)
        assert torch.allclose(slope, wanted), loss.name


def test_each_row_of_the_table_shows_its_own_numbers(result: Result) -> None:
    for row, name in zip(ROWS, LOSSES, strict=True):
        key = name.replace("-", "_")
        shown = [re.fullmatch(NUMBER, cell) for cell in row[3:]]
        keys = [f"{key}_discriminator", f"{key}_generator", f"slope_{key}"]
        assert [found and found[1] for found in shown] == keys
    for name in re.findall(r"\{\{ equilibrium\.(\w+):", PAGE):
        assert name in result.numbers


def test_only_minimax_goes_silent_and_equal_lines_share_a_label(result: Result) -> None:
    silent = [name for name in LOSSES if result.numbers[f"slope_{name.replace('-', '_')}"] < 0.9]  # type: ignore[operator]
    assert silent == ["minimax"]
    slopes = dict(zip(LOSSES, result.arrays["slopes"], strict=True))
    assert slopes["hinge"] == pytest.approx(slopes["wasserstein"])
    assert slopes["relativistic"] == pytest.approx(slopes["non-saturating"], abs=1e-6)
