"""직접 쓴 손실: 기울기를 받은 한 차례는 그 손실의 한 차례이고, 손실 함수는 제 식으로 적힙니다."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from gan_docs import export
from gan_docs.experiments import own_loss, plane, plane_sizes
from gan_docs.experiments.plane_sizes import DEFAULT, SIZES, Size
from gan_docs.export import Function
from gan_docs.losses import LOSSES, AdversarialLoss
from gan_docs.site.make.formulas import FormulaError, formula

Given = dict[str, Tensor]
OFTEN = (DEFAULT, SIZES[0], SIZES[-1])  # 넓게는 모든 크기


def pair(size: Size = DEFAULT) -> tuple[export.PointDiscriminator, export.PointGenerator]:
    """만들 때마다 같은 쌍입니다."""
    torch.manual_seed(5)
    return plane_sizes.pair(size)


def exported(size: Size) -> dict[str, Function]:
    """그 크기로 내보낸 함수입니다."""
    return own_loss.functions() if size == DEFAULT else plane_sizes.functions_of(size)


def slopes(
    call: Callable[[Tensor, Tensor], Tensor], values: Given, judge: Function, judged: Given
) -> Given:
    """로짓을 셈하고, torch의 자동 미분으로 표본마다의 기울기를 구합니다."""
    given = {**values, **judged}
    logits = [each.requires_grad_() for each in judge.call(given)]
    found = torch.autograd.grad(
        call(logits[0], logits[1]) * plane.BATCH_SIZE, logits, materialize_grads=True
    )
    return dict(zip(("real_slopes", "fake_slopes"), found, strict=True))


def apart(mine: Function, wanted: Function, values: Given, given: Given) -> float:
    """두 한 차례가 고친 매개변수와 기울기에서 가장 크게 다른 값입니다."""
    every = {**wanted.inputs, **values, **given}
    states = (function.call(every)[:3] for function in (mine, wanted))
    return max((one - other).abs().max().item() for one, other in zip(*states, strict=True))


def check_turns(loss: AdversarialLoss, penalty: str, size: Size = DEFAULT, order: int = 1) -> float:
    """두 차례를 이 패키지의 것과 견줍니다. `order`가 -1이면 두 기울기를 바꿉니다."""
    networks, found = pair(size), exported(size)
    names = plane_sizes.names(size, penalty)
    d, g = map(export.flat, networks)
    wanted = (
        export.discriminator_turn(*networks, loss, plane.PENALTIES[penalty], plane.BATCH_SIZE),
        export.generator_turn(*networks, loss, plane.BATCH_SIZE),
    )
    values = dict(wanted[0].inputs)
    worst = 0.0
    for name, turn, mine, other in (
        ("discriminator", wanted[0], d, g),
        ("generator", wanted[1], g, d),
    ):
        values |= {"parameters": mine, "other": other, "directions": networks[0].directions}
        values |= {"momentum": torch.zeros_like(mine), "variance": torch.zeros_like(mine)}
        judge = found[names["logits"]]
        made = slopes(getattr(loss, name), values, judge, {"parameters": g, "other": d})
        made = dict(zip(list(made)[::order], made.values(), strict=True))
        worst = max(worst, apart(found[names[name]], turn, values, made))
    return worst


@pytest.mark.parametrize(
    "size",
    [pytest.param(size, marks=() if size in OFTEN else pytest.mark.wide) for size in SIZES],
    ids=plane_sizes.label,
)
@pytest.mark.parametrize("penalty", plane.PENALTIES)
def test_a_turn_given_the_slopes_is_the_turn_of_the_loss(
    penalty: str, size: Size, double: None
) -> None:
    for name, loss in LOSSES.items():
        assert check_turns(loss, penalty, size) < 1e-9, name


def test_slopes_of_the_other_logit_are_seen(double: None) -> None:
    assert check_turns(LOSSES["minimax"], "none", order=-1) > 1e-6


def test_the_view_given_the_slopes_pushes_as_the_loss_does(double: None) -> None:
    loss, networks = LOSSES["relativistic"], pair()
    view = export.look(
        *networks, loss, plane.BATCH_SIZE, plane.LATTICE * plane.LATTICE, plane.FIELD * plane.FIELD
    )
    made = slopes(loss.generator, view.inputs, own_loss.logits(*networks), {})
    mine = own_loss.functions()["look-slopes"].call({**view.inputs, **made})
    for one, other in zip(mine, view.call(view.inputs), strict=True):
        assert (one - other).abs().max().item() < 1e-9


@pytest.mark.parametrize(
    ("loss", "wanted"),
    [
        (lambda a, b: (softplus(-a) - softplus(b)).mean(), "softplus(-a) - softplus(b)"),
        (lambda a, b: -(a - (b - 2)).mean(), "-(a - (b - 2))"),
        (lambda a, b: (1 - a) * (b + -3) * relu(a * b), "(1 - a) * (b + (-3)) * relu(a * b)"),
        (
            lambda a, b: (a.square() - torch.log(torch.sigmoid(b))).mean(),
            "square(a) - log(sigmoid(b))",
        ),
    ],
)
def test_a_loss_is_written_as_its_formula(
    loss: Callable[[Tensor, Tensor], Tensor], wanted: str
) -> None:
    assert formula(loss) == wanted
    names = {"softplus": softplus, "relu": relu, "square": torch.square, "log": torch.log}
    a, b = torch.randn(2, 9)
    known = {**names, "sigmoid": torch.sigmoid, "a": a, "b": b}
    assert torch.allclose(eval(wanted, known).mean(), loss(a, b).mean())


def test_a_loss_that_has_no_formula_is_told() -> None:
    with pytest.raises(FormulaError, match=r"식으로 적을 수 있는 함수는 relu, .*cos"):
        formula(lambda a, b: torch.cos(a).mean())
    with pytest.raises(FormulaError, match="식으로 적을 수 없는 셈입니다: tanh"):
        formula(lambda a, b: a.tanh().mean())
