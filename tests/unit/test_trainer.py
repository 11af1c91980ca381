"""학습의 한 스텝을 따로 적은 스텝과 견주고, 평균과 일정과 거절을 확인합니다.

`check_…`는 모듈을 받습니다. 같은 확인에 고장 낸 모듈을 주는 것이 `test_mutations`입니다.
"""

import copy
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import learners
import numpy as np
import pytest
import torch
from learners import DIGITS, different, interrupted, straight
from test_losses import NAMES, REFERENCES
from torch import Tensor
from torch.optim import Adam

from gan_docs import Trainer, trainer, turns
from gan_docs.data import Batch
from gan_docs.losses import LOSSES, NON_SATURATING, PENALTIES, R1_AND_R2, AdversarialLoss

GAMMA = 0.7
make = partial(learners.make, kind="labelled")


def reference_penalty(
    name: str, judge: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, random: Any
) -> Tensor:
    """논문의 식을 그대로 옮긴 벌점입니다. 진짜와 가짜에서 따로 잽니다."""

    def squared_slopes(images: Tensor) -> Tensor:
        images = images.clone().requires_grad_()
        (slope,) = torch.autograd.grad(judge(images).sum(), images, create_graph=True)
        return (slope**2).sum(dim=(1, 2, 3))

    if name == "toward-one":
        share = torch.rand(len(real), generator=random).view(-1, 1, 1, 1)
        return ((squared_slopes(share * real + (1 - share) * fake).sqrt() - 1) ** 2).mean()
    parts = {"r1": [real], "r2": [fake], "r1-and-r2": [real, fake]}[name]
    return torch.stack([squared_slopes(part).mean() / 2 for part in parts]).sum()


def reference(
    trainer: Trainer, name: str, penalty_name: str
) -> tuple[list[float], dict[str, Adam]]:
    """진짜와 가짜를 따로 판정하고 벌점도 따로 재는, 교과서 그대로의 한 스텝입니다."""
    gan = copy.deepcopy(trainer.gan).train()
    random = torch.Generator().manual_seed(trainer.seed)
    real, labels = DIGITS.sample(trainer.batch_size, random)
    z = torch.randn(len(real), trainer.gan.latent_size, generator=random)
    adam = {"lr": trainer.learning_rate, "betas": (0.0, 0.99), "foreach": False, "fused": False}
    first = Adam(gan.discriminator.parameters(), **adam)  # type: ignore[arg-type]
    second = Adam(gan.generator.parameters(), **adam)  # type: ignore[arg-type]
    fake = gan.generator(z, labels)

    def judge(images: Tensor) -> Tensor:
        logits: Tensor = gan.discriminator(images, labels)
        return logits

    discriminator_loss, generator_loss = (REFERENCES[each] for each in NAMES[name])
    loss = discriminator_loss(judge(real), judge(fake.detach()))
    penalty = GAMMA * reference_penalty(penalty_name, judge, real, fake.detach(), random)
    first.zero_grad()
    (loss + penalty).backward()
    first.step()
    again = generator_loss(judge(real).detach(), judge(fake))
    second.zero_grad()
    again.backward()
    second.step()
    values = [loss.item(), again.item(), penalty.item()]
    return values, {"discriminator": first, "generator": second}


def apart(one: Adam, other: Adam) -> float:
    """두 최적화기가 받은 기울기의 차이. 첫째 계수가 0이라 1차 모멘트가 곧 기울기입니다."""
    pairs = zip(one.param_groups[0]["params"], other.param_groups[0]["params"], strict=True)
    states = [(one.state[a], other.state[b]) for a, b in pairs]
    # 기울기를 못 받은 가중치는 상태가 비고, 두 번 움직인 가중치는 스텝이 2
    assert all(first.get("step") == second["step"] for first, second in states)
    return float(max((a["exp_avg"] - b["exp_avg"]).abs().max() for a, b in states))


def check_one_step(trainers: Any, name: str = "relativistic", penalty: str = "r1-and-r2") -> None:
    """한 스텝의 손실과 벌점과 모든 기울기가 교과서의 스텝과 같습니다."""
    chosen = PENALTIES[penalty].with_strength(GAMMA, 0.1)
    made = make(learner=trainers.Trainer, loss=LOSSES[name], penalty=chosen)
    values, wanted = reference(made, name, penalty)
    for parameter in made.gan.parameters():  # 앞 스텝이 남긴 기울기는 지워져야 함
        parameter.grad = torch.ones_like(parameter)
    step = made.step()
    found = [step.discriminator_loss, step.generator_loss, step.penalty]
    assert found == pytest.approx(values, abs=1e-4)
    assert apart(made.discriminator_optimizer, wanted["discriminator"]) < 1e-5
    assert apart(made.generator_optimizer, wanted["generator"]) < 1e-4


def check_each_turn_stays_inside(trainers: Any, penalty: Any = R1_AND_R2) -> None:
    """차례마다 제 신경망만 기울기를 받고, 제 신경망만, 한 번만 움직입니다."""
    made = make(learner=trainers.Trainer, penalty=penalty)
    gan, turns = made.gan, list[str]()
    still: dict[str, list[Tensor]] = {}
    optimizers = {"판별기": made.discriminator_optimizer, "생성기": made.generator_optimizer}
    networks = {"판별기": gan.discriminator, "생성기": gan.generator}

    def watch(turn: str, step: Callable[[], object]) -> Callable[[], None]:
        def watched() -> None:
            turns.append(turn)
            other = networks["생성기" if turn == "판별기" else "판별기"]
            before = [parameter.detach().clone() for parameter in networks[turn].parameters()]
            assert all(parameter.grad is not None for parameter in networks[turn].parameters())
            if turn == "판별기":  # 떼지 않은 가짜는 생성기까지 기울기를 흘림
                assert all(parameter.grad is None for parameter in other.parameters())
            else:  # 심판은 멈춰 있음
                assert not any(parameter.requires_grad for parameter in other.parameters())
            step()
            moved = zip(before, networks[turn].parameters(), strict=True)
            assert any(not torch.equal(was, now) for was, now in moved)
            still[turn] = [parameter.detach().clone() for parameter in networks[turn].parameters()]

        return watched

    for turn, optimizer in optimizers.items():
        optimizer.step = watch(turn, optimizer.step)  # type: ignore[method-assign,assignment]
    made.step()
    assert turns == ["판별기", "생성기"]
    for turn, network in networks.items():  # 제 차례가 끝난 뒤로는 그대로
        pairs = zip(still[turn], network.parameters(), strict=True)
        assert all(torch.equal(was, now) for was, now in pairs)
        assert all(parameter.requires_grad for parameter in network.parameters())


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("name", LOSSES)
def test_one_step_is_the_step_of_the_papers(name: str, penalty: str) -> None:
    check_one_step(trainer, name, penalty)


@pytest.mark.parametrize("penalty", [R1_AND_R2, None])
def test_each_turn_moves_its_own_network_once(penalty: Any) -> None:
    check_each_turn_stays_inside(trainer, penalty)


def test_the_same_seed_gives_the_same_run_and_another_does_not() -> None:
    one, two, other = make(), make(), make(seed=4)
    assert one.train(progress=False) == two.train(progress=False)
    assert different(one, two) == []
    assert other.train(progress=False) != one.history


def test_the_average_follows_its_formula() -> None:
    trainer = make(averaging=0.9)
    mean = [p.detach().clone() for p in trainer.gan.generator.parameters()]
    for done in range(4):
        trainer.step()
        current = list(trainer.gan.generator.parameters())
        kept = 0.0 if done == 0 else min(0.9, (1 + done) / (10 + done))
        mean = [kept * a + (1 - kept) * b.detach() for a, b in zip(mean, current, strict=True)]
    averaged = list(trainer.average.parameters())
    worst = max((a - b).abs().max().item() for a, b in zip(mean, averaged, strict=True))
    assert worst < 1e-6


def test_the_averaged_generator_has_its_own_statistics() -> None:
    trainer = straight(make())
    generator = trainer.finished_generator()
    layer = next(m for m in generator.modules() if isinstance(m, torch.nn.BatchNorm2d))
    random = torch.Generator().manual_seed(trainer.seed)
    z = torch.cat([torch.randn(256, trainer.gan.latent_size, generator=random) for _ in range(20)])
    labels = (torch.arange(256) % 10).repeat(20)
    with torch.no_grad():
        inputs = generator.network[:4](generator.join(z, labels))  # type: ignore[index,operator]
    assert layer.running_mean is not None
    assert torch.allclose(layer.running_mean, inputs.mean((0, 2, 3)), atol=1e-4)


@pytest.mark.parametrize(
    ("done", "rate", "strength"),
    [(0, 1, 1), (0.25, 1, 0.1), (0.5, 1, 0.01), (0.75, 0.5, 0.01), (1, 0, 0.01)],
)
def test_the_schedules_fall_as_planned(done: float, rate: float, strength: float) -> None:
    adam = Adam([torch.zeros(1)], lr=9)
    turns.set_learning_rate([adam], 1e-3, done)
    assert adam.param_groups[0]["lr"] == pytest.approx(1e-3 * rate)
    falling = R1_AND_R2.with_strength(1.0, 0.01)
    assert turns.penalty_strength(falling, done) == pytest.approx(strength)


def test_steps_alone_are_the_steps_of_a_training() -> None:
    """`step()`만 불러도 기록이 쌓이고 학습률과 벌점이 움직이며, 계획에서 멈춥니다."""
    whole, alone = straight(make(steps=4)), make(steps=4)
    rates = list[float]()
    for _ in range(4):
        alone.gan.eval()  # 표본을 보느라 평가 상태로 두었어도
        alone.step()
        rates.append(alone.discriminator_optimizer.param_groups[0]["lr"])
    assert alone.history == whole.history
    assert different(alone, whole) == []
    assert rates == pytest.approx([2e-3, 2e-3, 2e-3, 1e-3])
    with pytest.raises(ValueError, match=r"4스텝에서 0스텝이 남았습니다: 받은 값 1\. .*extend"):
        alone.step()


def test_an_extended_plan_goes_on_with_its_schedule(tmp_path: Path) -> None:
    trainer, longer = straight(make(steps=4)), make(steps=8)
    assert trainer.settings["steps"] == 4
    trainer.extend(4)
    trainer.train(1, progress=False)
    assert trainer.generator_optimizer.param_groups[0]["lr"] == pytest.approx(2e-3)
    trainer.save_checkpoint(tmp_path)
    assert longer.resume(tmp_path) == []
    assert different(straight(trainer), straight(longer)) == []
    assert len(trainer.history) == 8
    with pytest.raises(ValueError, match=r"steps.*받은 값 0"):
        trainer.extend(0)


@pytest.mark.parametrize("own", [None, np.float32(1e-3)])
def test_the_generator_follows_its_own_rate_or_the_one_changed_on_the_way(own: Any) -> None:
    trainer = make(learning_rate=4e-3, generator_learning_rate=own, steps=4)
    optimizers = trainer.discriminator_optimizer, trainer.generator_optimizer
    for rate in (4e-3, 5e-4):
        trainer.learning_rate = rate
        trainer.step()
        found = [each.param_groups[0]["lr"] for each in optimizers]
        assert found == pytest.approx([rate, own or rate])


@pytest.mark.parametrize("kind", ["labelled", "points"])
def test_the_discriminator_takes_its_turns_on_new_batches(kind: str, tmp_path: Path) -> None:
    drawn = list[Tensor]()

    class Watched(Trainer):
        def real_batch(self) -> Batch:
            found = super().real_batch()
            drawn.append(found[0])
            return found

    again = partial(learners.make, kind, discriminator_steps=3, penalty="toward-one", pack=2)
    trainer = straight(again(learner=Watched))
    assert len(trainer.history) == 5
    assert len(drawn) == 3 * 5
    assert not torch.equal(drawn[-1], drawn[-2])
    counts = [
        {int(known["step"]) for known in optimizer.state.values()}
        for optimizer in (trainer.discriminator_optimizer, trainer.generator_optimizer)
    ]
    assert counts == [{15}, {5}]
    assert different(trainer, interrupted(again, tmp_path, 2)) == []


def test_names_and_numbers_of_numpy_are_the_same_choices(tmp_path: Path) -> None:
    chosen = {"loss": "hinge", "penalty": "r1", "averaging": np.float32(0.5)}
    numbers = {"steps": np.int64(3), "batch_size": np.int32(4), "seed": np.uint8(3)}
    named = make(**chosen, **numbers)
    plain = make(loss=LOSSES["hinge"], penalty=PENALTIES["r1"], averaging=0.5, steps=3, seed=3)
    assert different(straight(named), straight(plain)) == []
    assert named.settings == plain.settings
    named.save(tmp_path)  # JSON에 적을 수 있는 수
    with pytest.raises(TypeError, match=r"steps.*받은 값 np.True_"):
        make(steps=np.True_)


def test_history_steps_and_callbacks_agree() -> None:
    trainer, seen = make(steps=4, penalty=None, loss=NON_SATURATING), list[int]()
    trainer.train(3, progress=False, on_step=lambda trainer: seen.append(len(trainer.history)))
    assert seen == [1, 2, 3] == [step.step for step in trainer.history]
    assert all(step.penalty == 0 for step in trainer.history)
    with pytest.raises(ValueError, match="4스텝에서 1스텝이 남았습니다: 받은 값 2"):
        trainer.train(2, progress=False)
    assert len(trainer.train(progress=False)) == 4


def own(
    discriminator: Any = NON_SATURATING.discriminator, generator: Any = NON_SATURATING.generator
) -> Any:
    """한쪽을 바꾼 손실입니다."""
    return AdversarialLoss("내 손실", discriminator, generator)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"steps": 0}, "steps.*받은 값 0"),
        ({"batch_size": 1}, "batch_size.*받은 값 1"),
        (
            {"kind": "points", "pack": 4, "batch_size": 18},
            "batch_size는 pack의 배수여야 합니다: 받은 값 18, 4",
        ),
        ({"learning_rate": 0.0}, "learning_rate.*받은 값 0"),
        ({"penalty": R1_AND_R2.with_strength(1.0, 0.0)}, "penalty의 세기.*받은 값 0"),
        ({"penalty": (1.0, 0.1)}, r"r1, r2.*Penalty 또는 None이어야.*받은 값 \(1.0, 0.1\)"),
        ({"penalty": 10}, r"세기만 바꾸려면 R1_AND_R2.with_strength\(10\).*받은 값 10$"),
        ({"penalty": "r3"}, "penalty.*r1-and-r2.*가운데 하나.*받은 값 'r3'"),
        ({"loss": "hinged"}, "loss.*hinge, .*가운데 하나.*받은 값 'hinged'"),
        ({"loss": torch.nn.BCELoss()}, r"loss는 .*AdversarialLoss\(이름, .*받은 값 BCELoss"),
        ({"discriminator_steps": 0}, "discriminator_steps.*받은 값 0"),
        ({"generator_learning_rate": 0}, "generator_learning_rate.*받은 값 0"),
        ({"data": torch.zeros(9, 1, 8, 8)}, "Dataset이나 DataLoader여야.*Tensor에는 .*sample"),
        ({"averaging": 1.0}, "averaging.*받은 값 1"),
        ({"betas": 0.9}, r"betas는 .*두 계수.*받은 값 0.9"),
        ({"betas": (0.0, 1.0)}, "betas의 계수.*받은 값 1"),
        ({"device": None}, "device는 cpu, cuda.*받은 값 None"),
        ({"seed": 2**64}, f"seed.*받은 값 {2**64}"),
        ({"loss": own(lambda real, fake: fake - real)}, r"판별기의 손실은 .*\.mean\(\).*\(2,\)"),
        ({"loss": own(lambda real, fake: None)}, "판별기의 손실은 텐서여야.*받은 값 NoneType"),
        ({"loss": own(generator=lambda real, fake: fake.detach().mean())}, "생성기.*흐르지 않"),
        (
            {"loss": own(generator=lambda real, fake: 0.5)},
            "생성기의 손실은 텐서.*값 float",
        ),
    ],
)
def test_a_bad_choice_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises((TypeError, ValueError), match=said):
        make(**given)  # type: ignore[arg-type]
