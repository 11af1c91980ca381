"""한 스텝을 수로 따라갑니다: 이미지 네 장의 로짓, 손실, 기울기, 갱신 앞뒤의 가중치."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import cosine_similarity, softplus

from gan_docs import turns
from gan_docs.data import digits
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.gan import GAN
from gan_docs.losses import NON_SATURATING
from gan_docs.points import perceptron
from gan_docs.trainer import Trainer

SIDE = 8  # 이미지의 한 변


# --8<-- [start:run]
class Pair(NamedTuple):
    """작은 두 신경망입니다. 화소 64개를 펼친 벡터를 다룹니다."""

    discriminator: nn.Sequential
    generator: nn.Sequential

    def judge(self, images: Tensor) -> Tensor:
        """이미지마다의 로짓입니다. 모양 `(B, 1, 8, 8)` → `(B,)`."""
        return cast(Tensor, self.discriminator(images)).squeeze(1)


class Seen(NamedTuple):
    """한 스텝을 마치고 남은 것입니다. 두 신경망의 `grad`에는 제 차례의 기울기가 남아 있습니다."""

    before: Pair
    after: Pair
    real: Tensor
    z: Tensor
    fake: Tensor  # `grad`에 화소마다의 기울기
    real_logits: Tensor  # 처음, 판별기의 차례 뒤
    fake_logits: Tensor  # 처음, 판별기의 차례 뒤, 생성기의 차례 뒤


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """조금 학습한 두 신경망으로, 이미지 네 장의 한 스텝을 SGD로 실행합니다."""
    chosen = experiment.parameters
    (pair, followed), random = warmed(experiment, report), torch.Generator().manual_seed(1)
    data, rate = digits(SIDE, SIDE), chosen["learning_rate"]
    (real, _), z = data.sample(chosen["images"], random), latent(chosen, "images", random)
    unseen = latent(chosen, "unseen", random)
    (many, _), wide = data.sample(chosen["batch"], random), latent(chosen, "batch", random)
    seen = one_step(copy.deepcopy(pair), real, z, rate)
    return Result(
        {
            **{key: value for key, value in chosen.items() if key != "width"},
            **followed,
            **losses(seen),
            **better(seen),
            **leaks(seen),
            **discriminator_weight(seen),
            **generator_weight(seen),
            **drops("few", seen, unseen),
            **drops("batch", one_step(pair, many, wide, rate), unseen),
        },
        {name: value.numpy() for name, value in arrays(seen).items()},
    )


def latent(chosen: Mapping[str, Any], count: str, random: torch.Generator) -> Tensor:
    """잠재 벡터를 뽑습니다. 모양 `(B, latent_size)`."""
    return torch.randn(chosen[count], chosen["latent_size"], generator=random)


def warmed(experiment: Experiment, report: Report) -> tuple[Pair, dict[str, float]]:
    """획이 보일 만큼만 학습한 두 신경망과, 그동안 지켜본 평균 생성기입니다."""
    torch.manual_seed(experiment.seed)
    chosen = experiment.parameters
    width, size = chosen["width"], chosen["latent_size"]
    discriminator = nn.Sequential(nn.Flatten(), *perceptron([SIDE**2, width, width, 1]))
    generator = nn.Sequential(
        *perceptron([size, width, width, SIDE**2]), nn.Tanh(), nn.Unflatten(1, (1, SIDE, SIDE))
    )
    trainer = Trainer(
        GAN(discriminator, generator),
        digits(SIDE, SIDE),
        steps=chosen["warm_up"],
        loss=NON_SATURATING,
        seed=experiment.seed,
    )
    z = latent(chosen, "batch", torch.Generator().manual_seed(0))
    frames: list[Tensor] = []  # 스텝마다 지금의 생성기와 평균 생성기가 같은 z로 만든 이미지

    @torch.no_grad()
    def watch(trainer: Trainer) -> None:
        report(len(trainer.history))
        frames.append(torch.stack([generator(z), trainer.average(z)]))

    trainer.train(on_step=watch, progress=False)
    now, averaged = torch.stack(frames).unbind(1)
    return Pair(discriminator, generator), {**moved(now, "now"), **moved(averaged, "average")}


def moved(frames: Tensor, name: str) -> dict[str, float]:
    """이미지의 화소가 한 스텝에 바뀐 양의 평균입니다. `frames`는 `(스텝, B, …)`."""
    return {f"moved_{name}": frames.diff(dim=0).abs().mean().item()}


def one_step(pair: Pair, real: Tensor, z: Tensor, learning_rate: float) -> Seen:
    """책의 한 스텝을 그대로 부르고, 앞과 뒤를 나란히 남깁니다."""
    before = copy.deepcopy(pair)
    first_optimizer, second_optimizer = (
        torch.optim.SGD(part.parameters(), lr=learning_rate) for part in pair
    )
    fake = pair.generator(z)
    fake.retain_grad()
    first, second = turns.step(
        first_optimizer, second_optimizer, pair.judge, real, fake, NON_SATURATING
    )
    with torch.no_grad():
        real_logits = first.real_logits, pair.judge(real)
        last = pair.judge(pair.generator(z))
    fake_logits = first.fake_logits, second.fake_logits, last
    return Seen(
        before,
        pair,
        real,
        z,
        fake,
        torch.stack(real_logits).detach(),
        torch.stack(fake_logits).detach(),
    )


# --8<-- [end:run]


def losses(seen: Seen) -> dict[str, float]:
    """차례의 앞과 뒤에 다시 셈한 두 손실입니다."""
    (real, real_after), (fake, middle, last) = seen.real_logits, seen.fake_logits
    return {
        "discriminator_loss": NON_SATURATING.discriminator(real, fake).item(),
        "discriminator_loss_after": NON_SATURATING.discriminator(real_after, middle).item(),
        "generator_loss_before": NON_SATURATING.generator(real, fake).item(),
        "generator_loss": NON_SATURATING.generator(real_after, middle).item(),
        "generator_loss_after": NON_SATURATING.generator(real_after, last).item(),
    }


def better(seen: Seen) -> dict[str, int]:
    """판별기의 차례에 로짓이 오른 진짜와 내린 가짜의 수입니다."""
    (real, real_after), (fake, fake_after, _) = seen.real_logits, seen.fake_logits
    return {
        "real_rose": int((real_after > real).sum()),
        "fake_fell": int((fake_after < fake).sum()),
    }


def leaks(seen: Seen) -> dict[str, float]:
    """끊지 않거나 고정하지 않으면 남의 신경망에 쌓일 기울기의 길이와, 제 기울기와의 코사인."""
    real_logits, fake_logits = (
        seen.before.judge(images) for images in (seen.real, seen.before.generator(seen.z))
    )
    own = {
        "discriminator": NON_SATURATING.discriminator(real_logits, fake_logits),
        "generator": NON_SATURATING.generator(real_logits, fake_logits),
    }
    found = {}
    for (name, loss), other in zip(own.items(), reversed(own.values()), strict=True):
        parameters = list(getattr(seen.before, name).parameters())
        mine, leaked = (
            torch.cat(
                [part.flatten() for part in torch.autograd.grad(each, parameters, None, True)]
            )
            for each in (loss, other)
        )
        found[f"{name}_own"] = mine.norm().item()
        found[f"{name}_leak"] = leaked.norm().item()
        found[f"{name}_leak_cosine"] = cosine_similarity(mine, leaked, dim=0).item()
    return found


def discriminator_weight(seen: Seen) -> dict[str, float]:
    """판별기의 마지막 층에서 기울기가 가장 큰 가중치 하나입니다."""
    return {
        f"discriminator_{name}": value
        for name, value in watched(seen.before.discriminator[-1], seen.after.discriminator[-1], 0)
    }


def generator_weight(seen: Seen) -> dict[str, float]:
    """생성기의 마지막 층에서 기울기가 가장 큰 가중치 하나와, 그것이 만드는 화소입니다."""
    layer = cast(nn.Linear, seen.after.generator[-3])
    place = int(cast(Tensor, layer.weight.grad).abs().max(1).values.argmax())
    picture = int(slopes(seen).flatten(1)[:, place].abs().argmax())
    with torch.no_grad():
        after = seen.after.generator(seen.z)
    moved = (after - seen.fake.detach()).flatten()
    watched_weight = watched(seen.before.generator[-3], layer, place)
    return {
        "picture": picture + 1,  # 사람은 1부터 셈
        "row": place // SIDE + 1,
        "column": place % SIDE + 1,
        "pixel": seen.fake[picture].flatten()[place].item(),
        "pixel_after": after[picture].flatten()[place].item(),
        "pixel_slope": slopes(seen)[picture].flatten()[place].item(),
        "pixels": len(moved),
        "as_asked": int((moved * slopes(seen).flatten() < 0).sum()),
        **{f"generator_{name}": value for name, value in watched_weight},
    }


def watched(before: nn.Module, after: nn.Module, row: int) -> list[tuple[str, float]]:
    """층의 한 줄에서 기울기가 가장 큰 가중치의 앞, 기울기, 뒤와 그 자리입니다."""
    old, new = cast(nn.Linear, before).weight, cast(nn.Linear, after).weight
    slope = cast(Tensor, new.grad)[row]
    place = int(slope.abs().argmax())
    return [
        ("weight", old[row, place].item()),
        ("slope", slope[place].item()),
        ("weight_after", new[row, place].item()),
        ("neuron", place),
    ]


def arrays(seen: Seen) -> dict[str, Tensor]:
    """그림과 표에 놓을 값입니다. `…_parts`는 가중치의 기울기를 이미지마다 나눈 몫입니다."""
    images = torch.cat([seen.real, seen.fake.detach()])
    logits = torch.cat([seen.real_logits[0], seen.fake_logits[0]])
    answers = torch.cat([torch.ones(len(seen.real)), torch.zeros(len(seen.fake))])
    chosen = {**discriminator_weight(seen), **generator_weight(seen)}
    place = (int(chosen["row"]) - 1) * SIDE + int(chosen["column"]) - 1
    with torch.no_grad():
        judged = seen.before.discriminator[:-1](images)[:, int(chosen["discriminator_neuron"])]
        drawn = seen.before.generator[:-3](seen.z)[:, int(chosen["generator_neuron"])]
        after = seen.after.generator(seen.z)
    logit_slopes = (logits.sigmoid() - answers) / len(seen.real)
    pixel_slopes = slopes(seen).flatten(1)[:, place]
    bends = 1 - seen.fake.detach().flatten(1)[:, place].square()  # tanh의 기울기
    return {
        "images": images,
        "probabilities": logits.sigmoid(),
        "losses": softplus((1 - 2 * answers) * logits),
        "pixel_slopes": slopes(seen),
        "changes": after - seen.fake.detach(),
        "real_logits": seen.real_logits,
        "fake_logits": seen.fake_logits,
        "logit_slopes": logit_slopes,
        "judged": judged,
        "discriminator_parts": logit_slopes * judged,
        "column_slopes": pixel_slopes,
        "bends": bends,
        "drawn": drawn,
        "generator_parts": pixel_slopes * bends * drawn,
    }


def slopes(seen: Seen) -> Tensor:
    """생성기의 손실을 화소마다 미분한 것입니다. 모양은 가짜와 같습니다."""
    return cast(Tensor, seen.fake.grad)


def drops(name: str, seen: Seen, unseen: Tensor) -> dict[str, float]:
    """판별기의 차례에 로짓이 평균 얼마나 내렸는지: 함께 본 가짜와, 이 스텝에 들지 않은 가짜."""
    with torch.no_grad():
        others = seen.before.generator(unseen)
        drop = (seen.before.judge(others) - seen.after.judge(others)).mean().item()
    own = (seen.fake_logits[0] - seen.fake_logits[1]).mean().item()
    return {f"{name}_seen_drop": own, f"{name}_unseen_drop": drop}


EXPERIMENT = Experiment(
    "one_step",
    "수로 따라간 한 스텝",
    run,
    seed=1,
    steps=400,
    parameters={
        "warm_up": 400,
        "width": 64,
        "latent_size": 16,
        "images": 4,
        "unseen": 1000,
        "batch": 64,
        "learning_rate": 0.05,
    },
    cost=4,
)
