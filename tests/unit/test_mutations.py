"""코드를 일부러 고장 내어, 손실과 스텝의 확인이 고장을 알아채는지 봅니다.

확인은 `test_losses`와 `test_trainer`가 쓰는 바로 그 함수입니다.
"""

import importlib.util
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import pytest
import test_losses as of_losses
import test_trainer as of_trainer

from gan_docs import losses, trainer, turns
from gan_docs.losses import Loss

pytestmark = pytest.mark.slow

Check = Callable[[Any], None]
Change = tuple[str, str]


def step(loss: str = "relativistic", penalty: str = "r1-and-r2") -> Check:
    """교과서의 스텝과 견주는 확인입니다."""
    return partial(of_trainer.check_one_step, name=loss, penalty=penalty)


TURNS = of_trainer.check_each_turn_stays_inside


class Mutation(NamedTuple):
    """고장 하나: 무엇을 어떻게 바꾸고, 어느 확인이 알아채야 하는지."""

    what: str
    module: ModuleType
    changes: Sequence[Change]
    checks: Sequence[Check]


PAIR = "relativistic_discriminator_loss, relativistic_generator_loss, paired"
SWAPPED = "relativistic_generator_loss, relativistic_discriminator_loss, paired"
MIX, SHARE = "share * real + (1 - share) * fake", "share.reshape(share"
LENGTH = "torch.linalg.vector_norm(gradients, dim=-1)"
LOSSES = [  # 있던 글, 바꾼 글, 알아챌 확인
    ("relu(1 - real_logits)", "relu(-real_logits)", of_losses.check_undecided),
    (PAIR, SWAPPED, of_losses.check_table),
    (SHARE, f"share[..., :1].expand_as(share).{SHARE[6:]}", of_losses.check_mix),
    (MIX, "0 * share * real + fake", of_losses.check_mix),
    (MIX, "share * fake + (1 - share) * real", of_losses.check_mix),
    ("(length - 1).square()", "(length + 1).square()", of_losses.check_plane),
    (LENGTH, "gradients.square().sum(-1).sqrt()", of_losses.check_flat),
    ('Penalty("R₁", Points.REAL', 'Penalty("R₁", Points.FAKE', of_losses.check_halves),
    ('Penalty("R₂", Points.FAKE', 'Penalty("R₂", Points.REAL', of_losses.check_halves),
    ("return gradients.square()", "return 0.5 * gradients.square()", of_losses.check_halves),
    ("create_graph=True", "create_graph=False", of_losses.check_second_slopes),
    ("gradient.flatten(logits.ndim)", "gradient.flatten(1)", of_losses.check_stacked),
]

FAKE, ATTACHED = "torch.cat([real, fake.detach()], axis)", "torch.cat([real, fake], axis)"
BACKWARD = "loss.backward(torch.full_like(loss, seeds))"
KEPT = "loss.backward(torch.full_like(loss, seeds), retain_graph=True)"
FREEZE = "        each.requires_grad_(False)\n"
DESCEND = "        descend(generator, second.loss, seeds)\n"
AGAIN = "        discriminator.step()\n"

STEPS = [
    Mutation("판별기 차례에 detach를 빠뜨림", turns, [(FAKE, ATTACHED)], [TURNS]),
    # zero_grad가 지워 수는 그대로이므로, 기울기가 생성기에 닿았는지를 보아야 함
    Mutation(
        "detach를 빠뜨리고 그래프를 남김", turns, [(FAKE, ATTACHED), (BACKWARD, KEPT)], [TURNS]
    ),
    Mutation(
        "엉뚱한 텐서를 떼어 냄",
        turns,
        [
            (FAKE, ATTACHED),
            (BACKWARD, KEPT),
            ("fake_logits = judge(fake)", "fake_logits = judge(fake.detach())"),
            (FREEZE, "        pass\n"),
        ],
        [TURNS, step()],
    ),
    Mutation("생성기 차례에 판별기가 멈추지 않음", turns, [(FREEZE, "        pass\n")], [TURNS]),
    Mutation(
        "생성기 차례가 끝나고 판별기도 움직임", turns, [(DESCEND, DESCEND + AGAIN)], [TURNS, step()]
    ),
    Mutation(
        "생성기보다 먼저 판별기가 또 움직임", turns, [(DESCEND, AGAIN + DESCEND)], [TURNS, step()]
    ),
    Mutation(
        "벌점을 역전파하지 않음", turns, [("first.loss + first.penalty", "first.loss")], [step()]
    ),
    Mutation(
        "벌점에 세기를 곱하지 않음",
        turns,
        [("term.strength * term.penalty.measure(", "term.penalty.measure(")],
        [step()],
    ),
    Mutation("지난 기울기를 지우지 않음", turns, [("    optimizer.zero_grad()\n", "")], [step()]),
    Mutation("짝의 손실에 낡은 점수를 씀", turns, [("if loss.paired", "if False")], [step()]),
    Mutation(
        "섞은 점을 다른 이름표로 판정",
        trainer,
        [("labels if len(images) == len(labels)", "labels * 0 if len(images) == len(labels)")],
        [step(penalty="toward-one")],
    ),
    Mutation(
        "섞는 비율을 정규분포에서",
        trainer,
        [("torch.rand(count, generator", "torch.randn(count, generator")],
        [step(penalty="toward-one")],
    ),
    Mutation(
        "섞는 비율이 배치에 하나",
        trainer,
        [("torch.rand(count, generator=self.random)", "torch.rand(1, generator=self.random)")],
        [step(penalty="toward-one")],
    ),
]


def mutated(module: ModuleType, changes: Sequence[Change] = ()) -> ModuleType:
    """소스의 글을 바꾸어 다른 이름의 모듈로 읽습니다. 바꿀 글은 꼭 한 번 나와야 합니다."""
    source = Path(str(module.__file__)).read_text("utf-8")
    for old, new in changes:
        assert source.count(old) == 1, f"한 번 나와야 하는 글: {old}"
        source = source.replace(old, new)
    name = f"mutated_{module.__name__.rpartition('.')[2]}"
    spec = importlib.util.spec_from_loader(name, loader=None)
    assert spec is not None
    copy = importlib.util.module_from_spec(spec)
    copy.__file__ = module.__file__
    exec(compile(source, f"<{name}>", "exec"), copy.__dict__)
    return copy


CASES = [
    pytest.param(mutation, check, id=f"{mutation.what}-{place}")
    for mutation in STEPS
    for place, check in enumerate(mutation.checks)
]


def with_copy(module: ModuleType, copy: ModuleType) -> ModuleType:
    """확인에 줄 모듈입니다. 두 차례는 그것을 부르는 학습기에 넣어 봅니다."""
    if module is not turns:
        return copy
    learner = mutated(trainer)
    learner.turns = copy  # type: ignore[attr-defined]
    return learner


@pytest.mark.parametrize(("mutation", "check"), CASES)
def test_a_mutation_is_caught(mutation: Mutation, check: Check) -> None:
    copy = mutated(mutation.module, mutation.changes)
    with pytest.raises(AssertionError):
        check(with_copy(mutation.module, copy))


@pytest.mark.parametrize(("old", "new", "check"), LOSSES)
def test_a_mutation_of_the_losses_is_caught(old: str, new: str, check: Check) -> None:
    copy = mutated(losses, [(old, new)])
    with pytest.raises(AssertionError):
        check(copy)


@pytest.mark.parametrize("module", [losses, turns, trainer], ids=["losses", "turns", "trainer"])
def test_an_unchanged_copy_passes_every_check(module: ModuleType) -> None:
    checks = {check for one in STEPS if one.module is module for check in one.checks}
    for check in of_losses.WHOLE if module is losses else checks:
        check(with_copy(module, mutated(module)))


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
        ("cross_entropy_discriminator_loss", of_losses.check_optimum_of_cross_entropy),
        ("non-saturating", of_losses.check_optima),
        ("least-squares", of_losses.check_optima),
        ("hinge", of_losses.check_optima),
        ("wasserstein", of_losses.check_distance),
        ("relativistic", of_losses.check_optimum_of_pairs),
    ],
)
def test_a_loss_with_its_labels_swapped_is_no_divergence(name: str, check: Check) -> None:
    whole = {**vars(losses), "LOSSES": dict(losses.LOSSES)}
    if name in whole:
        whole[name] = WRONG["이름표"](whole[name])
    else:
        right = whole["LOSSES"][name]
        whole["LOSSES"][name] = right._replace(discriminator=WRONG["이름표"](right.discriminator))
    with pytest.raises(AssertionError):
        check(SimpleNamespace(**whole))


def test_every_check_has_a_mutation() -> None:
    used = {check for _, _, check in LOSSES}
    optima = {check for check in of_losses.WHOLE if "optim" in check.__name__}
    assert set(of_losses.WHOLE) - optima - {of_losses.check_distance} <= used


def test_a_change_that_finds_nothing_is_refused() -> None:
    with pytest.raises(AssertionError, match="한 번 나와야 하는 글"):
        mutated(losses, [("없는 글", "")])
