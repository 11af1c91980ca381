"""학습 한 걸음을 따로 적은 걸음과 견주고, 평균과 일정과 거절을 확인합니다."""

import copy
import math
from collections.abc import Callable

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid
from torch.optim import Adam

from gan_docs import GAN, Discriminator, Generator, Trainer, data
from gan_docs.losses import LOSSES, NON_SATURATING, RELATIVISTIC, AdversarialLoss

DIGITS = data.digits(8, 8)


def make(loss: AdversarialLoss = RELATIVISTIC, **others: object) -> Trainer:
    torch.manual_seed(0)
    gan = GAN(
        Discriminator(8, 8, latent_size=6, classes=10), Generator(8, 8, latent_size=5, classes=10)
    )
    chosen = {"steps": 4, "batch_size": 8, "loss": loss, "seed": 3, **others}
    return Trainer(gan, DIGITS, **chosen)  # type: ignore[arg-type]


def discriminator_loss(name: str, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
    if name == "relativistic":
        return -logsigmoid(real - fake).mean()
    one, zero = torch.ones_like(real), torch.zeros_like(fake)
    return binary_cross_entropy_with_logits(real, one) + binary_cross_entropy_with_logits(
        fake, zero
    )


def generator_loss(name: str, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
    if name == "relativistic":
        return -logsigmoid(fake - real).mean()
    if name == "minimax":
        return -binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))
    return binary_cross_entropy_with_logits(fake, torch.ones_like(fake))


def reference(trainer: Trainer, name: str) -> tuple[float, float, dict[str, Adam]]:
    """진짜와 가짜를 따로 판정하고 벌점도 따로 재는, 교과서 그대로의 한 걸음입니다."""
    gan = copy.deepcopy(trainer.gan).train()
    random = torch.Generator().manual_seed(trainer.seed)
    real, labels = DIGITS.sample(8, random)
    assert labels is not None
    z = torch.randn(8, 5, generator=random)
    adam = {"lr": 1e-3, "betas": (0.0, 0.99), "foreach": False, "fused": False}
    first = Adam(gan.discriminator.parameters(), **adam)  # type: ignore[arg-type]
    second = Adam(gan.generator.parameters(), **adam)  # type: ignore[arg-type]
    fake = gan.generator(z, labels)
    penalty = torch.zeros(())
    scores = []
    for images in (real, fake.detach()):
        images = images.clone().requires_grad_()
        score = gan.discriminator(images, labels)
        (slope,) = torch.autograd.grad(score.sum(), images, create_graph=True)
        penalty = penalty + 0.5 * 1.0 * (slope**2).sum(dim=(1, 2, 3)).mean()
        scores.append(score)
    loss = discriminator_loss(name, *scores)
    first.zero_grad()
    (loss + penalty).backward()
    first.step()
    again = generator_loss(
        name, gan.discriminator(real, labels).detach(), gan.discriminator(fake, labels)
    )
    second.zero_grad()
    again.backward()
    second.step()
    return loss.item(), again.item(), {"discriminator": first, "generator": second}


def distance(one: torch.nn.Module, other: torch.nn.Module) -> float:
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    return max((a - b).abs().max().item() for a, b in pairs)


def apart(one: Adam, other: Adam) -> float:
    """두 최적화기가 받은 기울기의 차이. 첫째 계수가 0이라 첫 적률이 곧 기울기입니다."""
    pairs = zip(one.param_groups[0]["params"], other.param_groups[0]["params"], strict=True)
    moments = [(one.state[a]["exp_avg"], other.state[b]["exp_avg"]) for a, b in pairs]
    return max((a - b).abs().max().item() for a, b in moments)


@pytest.mark.parametrize("name", LOSSES)
def test_one_step_is_the_step_of_the_papers(name: str) -> None:
    trainer = make(LOSSES[name])
    wanted_first, wanted_second, wanted = reference(trainer, name)
    step = trainer.step()
    assert step.discriminator_loss == pytest.approx(wanted_first, abs=1e-5)
    assert step.generator_loss == pytest.approx(wanted_second, abs=1e-4)
    assert apart(trainer.discriminator_optimizer, wanted["discriminator"]) < 1e-5
    assert apart(trainer.generator_optimizer, wanted["generator"]) < 1e-4


@pytest.mark.parametrize("part", ["discriminator", "generator"])
def test_a_flipped_sign_in_a_loss_is_caught(part: str) -> None:
    def flipped(loss: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
        return lambda real, fake: -loss(real, fake)

    wrong = RELATIVISTIC._replace(**{part: flipped(getattr(RELATIVISTIC, part))})
    trainer = make(wrong)
    _, _, wanted = reference(trainer, "relativistic")
    trainer.step()
    assert apart(getattr(trainer, f"{part}_optimizer"), wanted[part]) > 1e-3


def test_the_discriminator_is_still_in_the_turn_of_the_generator() -> None:
    trainer = make()
    seen: list[dict[str, torch.Tensor]] = []
    step = trainer.generator_optimizer.step

    def watch() -> None:
        seen.append({n: p.clone() for n, p in trainer.gan.discriminator.named_parameters()})
        assert not any(p.requires_grad for p in trainer.gan.discriminator.parameters())
        step()

    trainer.generator_optimizer.step = watch  # type: ignore[method-assign,assignment]
    trainer.step()
    after = dict(trainer.gan.discriminator.named_parameters())
    assert all(torch.equal(seen[0][name], after[name]) for name in after)
    assert all(p.requires_grad for p in trainer.gan.discriminator.parameters())


def test_the_same_seed_gives_the_same_run_and_another_does_not() -> None:
    one, two, other = make(), make(), make(seed=4)
    assert one.train(progress=False) == two.train(progress=False)
    assert distance(one.gan, two.gan) == 0
    assert other.train(progress=False) != one.history


def test_sampling_and_saving_do_not_disturb_the_training(tmp_path: object) -> None:
    quiet, watched = make(), make()
    quiet.train(progress=False)
    watched.train(progress=False, on_step=lambda trainer: trainer.sample(3) and None)
    assert quiet.history == watched.history
    assert distance(quiet.gan, watched.gan) == 0


def test_the_average_follows_its_formula() -> None:
    trainer = make(averaging=0.9)
    mean = [p.detach().clone() for p in trainer.gan.generator.parameters()]
    for done in range(4):
        trainer.step()
        current = list(trainer.gan.generator.parameters())
        kept = 0.0 if done == 0 else min(0.9, (1 + done) / (10 + done))
        mean = [kept * a + (1 - kept) * b.detach() for a, b in zip(mean, current, strict=True)]
    averaged = list(trainer.average.module.parameters())
    worst = max((a - b).abs().max().item() for a, b in zip(mean, averaged, strict=True))
    assert worst < 1e-6


def test_the_averaged_generator_has_its_own_statistics() -> None:
    trainer = make()
    trainer.train(progress=False)
    generator = trainer.finished_generator()
    layer = next(m for m in generator.modules() if isinstance(m, torch.nn.BatchNorm2d))
    random = torch.Generator().manual_seed(trainer.seed)
    z = torch.cat([torch.randn(256, 5, generator=random) for _ in range(20)])
    labels = (torch.arange(256) % 10).repeat(20)
    with torch.no_grad():
        inputs = generator.network[:2](generator.join(z, labels))  # type: ignore[index,operator]
    assert layer.running_mean is not None
    assert torch.allclose(layer.running_mean, inputs.mean((0, 2, 3)), atol=1e-4)


def test_the_schedules_fall_as_planned() -> None:
    trainer = make(steps=100, penalty=(1.0, 0.01))
    found = {}
    for done in (0, 25, 50, 75, 99):
        trainer.history = [None] * done  # type: ignore[list-item]
        gamma = trainer.set_schedule()
        found[done] = (trainer.generator_optimizer.param_groups[0]["lr"], gamma)
    assert found[0] == (1e-3, 1.0)
    assert found[25] == (1e-3, pytest.approx(0.1))
    assert found[50] == (1e-3, pytest.approx(0.01))
    assert found[75] == (pytest.approx(5e-4), pytest.approx(0.01))
    assert found[99][0] == pytest.approx(5e-4 * (1 + math.cos(math.pi * 0.98)))


def test_history_steps_and_callbacks_agree() -> None:
    trainer, seen = make(penalty=None, loss=NON_SATURATING), list[int]()
    trainer.train(3, progress=False, on_step=lambda trainer: seen.append(len(trainer.history)))
    assert seen == [1, 2, 3] == [step.step for step in trainer.history]
    assert all(step.penalty == 0 for step in trainer.history)
    with pytest.raises(ValueError, match="4걸음에서 1걸음이 남았습니다: 받은 값 2"):
        trainer.train(2, progress=False)
    assert len(trainer.train(progress=False)) == 4


def test_a_loss_that_is_not_finite_stops_the_run() -> None:
    broken = RELATIVISTIC._replace(generator=lambda real, fake: (fake * math.nan).mean())
    with pytest.raises(FloatingPointError, match="1걸음에서 손실이 유한하지 않습니다"):
        make(broken).train(progress=False)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"steps": 0}, "steps.*받은 값 0"),
        ({"batch_size": 1}, "batch_size.*받은 값 1"),
        ({"learning_rate": 0.0}, "learning_rate.*받은 값 0"),
        ({"learning_rate": math.inf}, "learning_rate.*받은 값 inf"),
        ({"penalty": (1.0, 0.0)}, "penalty"),
        ({"averaging": 1.0}, "averaging.*받은 값 1"),
    ],
)
def test_a_bad_choice_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make(**given)  # type: ignore[arg-type]


def test_data_of_another_shape_is_refused() -> None:
    gan = GAN(Discriminator(9, 9), Generator(9, 9))
    with pytest.raises(ValueError, match=r"\(1, 8, 8\).*\(1, 9, 9\)"):
        Trainer(gan, DIGITS)
