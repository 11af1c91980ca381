"""코드를 일부러 고장 내어, 손실과 스텝의 확인이 고장을 알아채는지 봅니다.

확인은 `test_losses`와 `test_trainer`가 쓰는 바로 그 함수입니다.
"""

from collections.abc import Callable
from functools import partial
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import test_losses as of_losses
import test_trainer as of_trainer
from spoiled import mutated

from gan_docs import losses, trainer, turns
from gan_docs.losses import Loss

pytestmark = pytest.mark.slow

Check = Callable[[Any], None]
TURNS = of_trainer.check_each_turn_stays_inside
STEP = partial(of_trainer.check_one_step, name="relativistic", penalty="r1-and-r2")
MIXING = partial(of_trainer.check_one_step, name="relativistic", penalty="toward-one")
FREEZE = "        each.requires_grad_(False)\n"
DESCEND = "        descend(generator, second.loss, seeds)\n"
LABELS = "labels if len(images) == len(labels)"
UNIFORM = "torch.rand(count, generator"
PAIR = "relativistic_discriminator_loss, relativistic_generator_loss, paired"
SWAPPED = "relativistic_generator_loss, relativistic_discriminator_loss, paired"
MIX, SHARE = "share * real + (1 - share) * fake", "share.reshape(share"
LENGTH = "torch.linalg.vector_norm(gradients, dim=-1)"
MUTATIONS: list[tuple[ModuleType, str, str, Check]] = [  # 있던 글, 바꾼 글, 알아챌 확인
    (turns, "torch.cat([real, fake.detach()], axis)", "torch.cat([real, fake], axis)", TURNS),
    (turns, FREEZE, "        pass\n", TURNS),
    (turns, DESCEND, f"{DESCEND}        discriminator.step()\n", TURNS),
    (turns, DESCEND, f"        discriminator.step()\n{DESCEND}", STEP),
    (turns, "first.loss + first.penalty", "first.loss", STEP),
    (turns, "term.strength * term.penalty.measure(", "term.penalty.measure(", STEP),
    (turns, "    optimizer.zero_grad()\n", "", STEP),
    (turns, "if loss.paired", "if False", STEP),
    (trainer, LABELS, LABELS.replace("labels", "labels * 0", 1), MIXING),
    (trainer, UNIFORM, "torch.randn(count, generator", MIXING),
    (losses, PAIR, SWAPPED, of_losses.check_table),
    (losses, SHARE, f"share[..., :1].expand_as(share).{SHARE[6:]}", of_losses.check_mix),
    (losses, MIX, "share * fake + (1 - share) * real", of_losses.check_mix),
    (losses, "(length - 1).square()", "(length + 1).square()", of_losses.check_plane),
    (losses, LENGTH, "gradients.square().sum(-1).sqrt()", of_losses.check_plane),
    (losses, 'Penalty("R₁", Points.REAL', 'Penalty("R₁", Points.FAKE', of_losses.check_halves),
    (losses, 'Penalty("R₂", Points.FAKE', 'Penalty("R₂", Points.REAL', of_losses.check_halves),
    (losses, "create_graph=True", "create_graph=False", of_losses.check_second_slopes),
]


def given(module: ModuleType, *change: str) -> ModuleType:
    """확인에 줄 모듈입니다. 두 차례는 그것을 부르는 학습기에 넣어 봅니다."""
    copy = mutated(module, *change)
    if module is not turns:
        return copy
    learner = mutated(trainer)
    learner.turns = copy  # type: ignore[attr-defined]
    return learner


@pytest.mark.parametrize(("module", "old", "new", "check"), MUTATIONS)
def test_a_mutation_is_caught(module: ModuleType, old: str, new: str, check: Check) -> None:
    check(given(module))  # 그대로인 사본은 통과
    broken = given(module, old, new)
    with pytest.raises(AssertionError):
        check(broken)


WRONG: dict[str, Callable[[Loss], Loss]] = {
    "부호": lambda loss: lambda real, fake: -loss(real, fake),
    "이름표": lambda loss: lambda real, fake: loss(fake, real),
    "평균 대신 합": lambda loss: lambda real, fake: loss(real, fake) * len(real),
}


@pytest.mark.parametrize("check", of_losses.EACH)
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("name", of_losses.REFERENCES)
def test_a_wrong_loss_is_caught(name: str, wrong: str, check: Callable[[Any, str], None]) -> None:
    broken = SimpleNamespace(**{name: WRONG[wrong](getattr(losses, name))})
    with pytest.raises(AssertionError):
        check(broken, name)


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("minimax", of_losses.check_optima),
        ("least-squares", of_losses.check_optima),
        ("hinge", of_losses.check_optima),
        ("wasserstein", of_losses.check_distance),
        ("relativistic", of_losses.check_optimum_of_pairs),
    ],
)
def test_a_loss_with_its_labels_swapped_is_no_divergence(name: str, check: Check) -> None:
    right = losses.LOSSES[name]
    wrong = right._replace(discriminator=WRONG["이름표"](right.discriminator))
    with pytest.raises(AssertionError):
        check(SimpleNamespace(LOSSES={**losses.LOSSES, name: wrong}))


def test_every_check_has_a_mutation() -> None:
    used = {check for *_, check in MUTATIONS}
    optima = {check for check in of_losses.WHOLE if "optim" in check.__name__}
    assert {*of_losses.WHOLE, TURNS} - optima - {of_losses.check_distance} <= used


def test_a_change_that_finds_nothing_is_refused() -> None:
    with pytest.raises(AssertionError, match="한 번 나와야 하는 글"):
        mutated(losses, "없는 글", "")
