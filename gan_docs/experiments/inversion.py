"""처음 보는 글꼴의 글자 몇 자로 잠재 벡터를 찾아, 주지 않은 글자를 얼마나 맞히는지 잽니다."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import Sequential

from gan_docs.data import hangul
from gan_docs.data.containers import to_bytes
from gan_docs.experiments.experiment import Experiment, Number, Report, Result
from gan_docs.experiments.explorer import measured, restored
from gan_docs.experiments.judge import restored as restored_judge
from gan_docs.experiments.ranks import rank_correlation
from gan_docs.generator import Generator
from gan_docs.inversion import STARTS, STEPS, search
from gan_docs.judging.judge import read

Scores = NDArray[np.float64]
MEASURES = ("error", "read", "style")
HABITS = 3  # `explorer.MEASURES`의 앞의 셋


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """방법마다 처음 보는 글꼴 모두의 주지 않은 글자를 만들고, 진짜와 견줍니다."""
    chosen = experiment.parameters
    generator = restored(needs["hangul"])
    judge = restored_judge(needs["judge"], generator.shape, generator.classes)
    learned, unseen = faces("train"), faces("held_out")
    others = torch.arange(max(chosen["given"]), generator.classes)
    random = torch.Generator().manual_seed(experiment.seed)
    made, apart = guesses(generator, learned, unseen, others, chosen, random)
    scores = {name: score(images, unseen, learned, judge, others) for name, images in made.items()}
    scores["random"] = np.mean([scores.pop(name) for name in drawn_names(chosen)], axis=0)
    best = f"found_{others[0]}"
    ink, learned_ink = ((each.mean((1, 2)).numpy() + 1) / 2 for each in (unseen, learned))
    shown = chosen_faces(scores[best][0], ink)
    numbers: dict[str, Number] = {
        "faces": len(unseen), "learned": len(learned), "others": len(others),
        "starts": chosen["starts"], "steps": STEPS, "draws": chosen["draws"], **apart,
        "starts_apart": max(apart.values()),
        "heaviest": float(ink.max()), "learned_as_heavy": int((learned_ink >= ink.max()).sum()),
        "floor_rank": rank_correlation(scores["found_all"][0], scores[best][0]),
        "far_rank": rank_correlation(scores["near_all"][0], scores[best][0]),
    }  # fmt: skip
    for name, table in scores.items():
        for measure, values in zip(MEASURES, table, strict=True):
            numbers[f"{name}_{measure}"] = float(values.mean())
    for given in chosen["given"]:
        won = scores[f"found_{given}"][0] < scores[f"near_{given}"][0]
        numbers[f"won_{given}"] = int(won.sum())
    rows = ("true", *(f"found_{given}" for given in chosen["given"]))
    pictures = to_bytes(torch.stack([made[name][shown] for name in rows], 1)).numpy()
    return Result(numbers, {**scores, "ink": ink, "shown": shown, "pictures": pictures})


def guesses(
    generator: Generator, learned: Tensor, unseen: Tensor, others: Tensor,
    chosen: Mapping[str, Any], random: torch.Generator,
) -> tuple[dict[str, Tensor], dict[str, float]]:  # fmt: skip
    """방법마다 쓴 열네 자 `(글꼴, 14, 화소)`와, 출발에 따라 오차가 벌어진 폭입니다."""
    count, size = len(unseen), generator.latent_size
    letters = torch.arange(generator.classes)
    made = {"true": unseen, "mean": drawn(generator, torch.zeros(count, size))}
    for name in drawn_names(chosen):
        made[name] = drawn(generator, torch.randn(count, size, generator=random))
    begun = torch.randn(chosen["starts"], size, generator=random)
    apart = {}
    for given in chosen["given"]:
        made[f"near_{given}"] = learned[nearest(learned, unseen, letters[:given])]
        ends, best = found(generator, begun, letters[:given], unseen)
        made[f"found_{given}"] = drawn(generator, best)
        errors = [
            difference(drawn(generator, z), unseen, others).mean().item() for z in ends.unbind(1)
        ]
        apart[f"starts_{given}"] = max(errors) - min(errors)
    # 견줄 글자까지 모두 보고 고른 것: 바랄 수 있는 가장 좋은 값
    made["near_all"] = learned[nearest(learned, unseen, others)]
    made["found_all"] = drawn(generator, found(generator, begun[:1], letters, unseen)[1])
    return made, apart


def drawn_names(chosen: Mapping[str, Any]) -> list[str]:
    """무작위 잠재 벡터를 여러 번 뽑은 것들의 이름입니다."""
    return [f"random_{draw}" for draw in range(chosen["draws"])]


def faces(part: str) -> Tensor:
    """글꼴마다 열네 자를 나란히 둡니다. 모양 `(글꼴, 14, 화소)`."""
    data = hangul(part, jitter=False)
    return data.images.reshape(-1, data.classes, data.height * data.width)


@torch.no_grad()
def drawn(generator: Generator, z: Tensor) -> Tensor:
    """잠재 벡터마다 열네 자를 씁니다. 모양 `(N, 14, 화소)`."""
    labels = torch.arange(generator.classes).repeat(len(z))
    images: Tensor = generator(z.repeat_interleave(generator.classes, 0), labels)
    return images.reshape(len(z), generator.classes, -1)


def nearest(learned: Tensor, unseen: Tensor, letters: Tensor) -> Tensor:
    """이 글자들이 가장 닮은 배운 글꼴의 번호입니다. 모양 `(글꼴,)`."""
    apart = [difference(learned, each[None], letters) for each in unseen]
    return torch.stack(apart).argmin(1)


def difference(one: Tensor, other: Tensor, letters: Tensor) -> Tensor:
    """이 글자들의 화소 값의 차이를 제곱한 평균입니다. 글꼴마다 하나."""
    return (one[:, letters] - other[:, letters]).square().mean((1, 2))


def found(
    generator: Generator, begun: Tensor, letters: Tensor, unseen: Tensor
) -> tuple[Tensor, Tensor]:
    """글꼴마다 여러 출발에서 다다른 곳 `(글꼴, 출발, 길이)`와 손실이 가장 작은 곳입니다."""
    starts, count = len(begun), len(unseen)
    z = begun.repeat(count, 1)
    targets = unseen[:, letters].repeat_interleave(starts, 0)
    ends = search(generator, z, letters, targets)
    by_face = ends.z.reshape(count, starts, -1)
    return by_face, by_face[torch.arange(count), ends.loss.reshape(count, starts).argmin(1)]


def score(
    images: Tensor, unseen: Tensor, learned: Tensor, judge: Sequential, others: Tensor
) -> Scores:
    """글꼴마다 화소의 차이, 심판이 읽은 비율, 글씨체의 거리입니다. 모양 `(3, 글꼴)`."""
    side = round(images.shape[2] ** 0.5)
    seen = read(judge, images[:, others].reshape(-1, 1, side, side)).reshape(-1, len(others))
    right = (seen == others).double().mean(1)
    apart = (habits(images, others) - habits(unseen, others)) / habits(learned, others).std(0)
    return np.stack(
        [difference(images, unseen, others).numpy(), right.numpy(), np.abs(apart).mean((1, 2))]
    )


def habits(images: Tensor, letters: Tensor) -> Scores:
    """글자마다 굵기, 너비, 길이입니다. 자리는 데이터가 맞추어 두었습니다. `(글꼴, 글자, 3)`."""
    side = round(images.shape[2] ** 0.5)
    flat = images[:, letters].reshape(-1, side, side).double().numpy()
    return measured(flat)[:, :HABITS].reshape(len(images), len(letters), -1)


def chosen_faces(errors: Scores, ink: Scores) -> NDArray[np.int64]:
    """오차가 가운데인 글꼴, 가장 굵은 글꼴, 나머지 가운데 가장 크게 틀린 글꼴입니다."""
    order = errors.argsort()
    middle, heavy = int(order[len(order) // 2]), int(ink.argmax())
    worst = next(int(each) for each in order[::-1] if each not in (middle, heavy))
    return np.array([middle, heavy, worst])


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "inversion",
    "거꾸로 찾은 잠재 벡터",
    run,
    parameters={"given": [1, 2, 4], "starts": STARTS, "draws": 5},
    needs=("hangul", "judge"),
    files=("gan_docs/assets/hangul.npz",),
    cost=60,
)
