"""두 잠재 벡터의 사이를 곧게, 또 구면을 따라 걸으며 한가운데의 글자를 잽니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor
from torch.nn import Sequential

from gan_docs.data import SYLLABLES
from gan_docs.data.containers import to_bytes
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.explorer import restored
from gan_docs.experiments.judge import restored as restored_judge
from gan_docs.generator import Generator
from gan_docs.judging.judge import features, read


# --8<-- [start:run]
@torch.no_grad()
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """글자마다 두 점을 여러 번 뽑아, 끝과 두 가운데를 심판이 읽습니다."""
    chosen, classes = experiment.parameters, len(SYLLABLES)
    generator = restored(needs["hangul"])
    judge = restored_judge(needs["judge"], (1, 28, 28), classes)
    random = torch.Generator().manual_seed(experiment.seed)
    labels = torch.arange(chosen["pairs"] * classes) % classes
    start, end = torch.randn(2, len(labels), generator.latent_size, generator=random)
    half = torch.tensor(0.5)
    places = {
        "end": end, "straight": torch.lerp(start, end, half), "sphere": arc(start, end, half)
    }  # fmt: skip
    numbers: dict[str, float] = {"pairs": len(labels)}
    spread = {}
    for name, z in places.items():
        images = generator(z, labels)
        seen = features(judge, images)
        by_letter = [seen[labels.numpy() == label].var(axis=0).mean() for label in range(classes)]
        spread[name] = float(np.mean(by_letter))
        numbers[f"{name}_length"] = z.norm(dim=1).mean().item()
        numbers[f"{name}_read"] = (read(judge, images) == labels).double().mean().item()
    for name in ("straight", "sphere"):
        numbers[f"{name}_shrunk"] = numbers[f"{name}_length"] / numbers["end_length"]
        numbers[f"{name}_spread"] = spread[name] / spread["end"]
    numbers["letters_other"] = other(generator, judge, start, end, labels)
    steps = torch.linspace(0, 1, chosen["steps"])[:, None]
    rows = [
        generator(walk(start[place], end[place], steps), labels[place].repeat(len(steps)))
        for place in chosen["shown"]
        for walk in (torch.lerp, arc)
    ]
    lengths = [walk(start[0], end[0], steps).norm(dim=1).numpy() for walk in (torch.lerp, arc)]
    return Result(
        numbers, {"rows": to_bytes(torch.stack(rows)).numpy(), "lengths": np.stack(lengths)}
    )


def arc(start: Tensor, end: Tensor, share: Tensor) -> Tensor:
    """두 벡터의 방향과 길이를 따로 이어, 구면을 따라 걷습니다(slerp)."""
    lengths = start.norm(dim=-1, keepdim=True), end.norm(dim=-1, keepdim=True)
    cosine = (start / lengths[0] * (end / lengths[1])).sum(-1, keepdim=True)
    angle = cosine.clamp(-1, 1).acos()
    first, second = ((1 - share) * angle).sin(), (share * angle).sin()
    direction = (first * start / lengths[0] + second * end / lengths[1]) / angle.sin()
    walked: Tensor = torch.lerp(*lengths, share) * direction
    return walked


def other(
    generator: Generator, judge: Sequential, start: Tensor, end: Tensor, labels: Tensor
) -> float:
    """이름표까지 반씩 섞었을 때, 두 글자 어느 것도 아닌 글자로 읽힌 비율입니다."""
    shifted = (labels + 1 + torch.arange(len(labels)) // generator.classes) % generator.classes
    kept = shifted != labels
    first, second = generator.join(start, labels), generator.join(end, shifted)
    seen = read(judge, generator.network((first + second) / 2))[kept]
    return ((seen != labels[kept]) & (seen != shifted[kept])).double().mean().item()


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "walk",
    "두 점 사이 걷기",
    run,
    parameters={"pairs": 40, "steps": 9, "shown": [0, 4]},
    needs=("hangul", "judge"),
    cost=5,
)
