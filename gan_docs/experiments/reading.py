"""심판이 두 한글 GAN의 글자를 읽고, 진짜와 견주어 모든 지표를 셉니다."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from gan_docs.data import SYLLABLES, hangul
from gan_docs.data.containers import from_bytes
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.judge import restored
from gan_docs.judging.evaluation import evaluate_images, pair_up
from gan_docs.judging.judge import read


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """두 생성기와 진짜를 같은 지표로 잽니다. 진짜의 값이 바랄 수 있는 가장 좋은 값입니다."""
    chosen, data, held_out = experiment.parameters, hangul(), hangul("held_out")
    judge = restored(needs["judge"], (1, 28, 28), data.classes)
    made = from_bytes(needs["hangul"].arrays["samples"])
    labels = torch.from_numpy(needs["hangul"].arrays["labels"])
    random = torch.Generator().manual_seed(chosen["real_seed"])
    sets: dict[str, tuple[Tensor, Tensor | None]] = {
        "conditional": (made, labels),
        "unconditional": (from_bytes(needs["hangul_unconditional"].arrays["samples"]), None),
        "real": data.sample(len(made), random),
        "held_out": held_out.sample(len(made), random),
    }
    numbers: dict[str, Any] = {"samples": len(made)}
    for name, (images, ordered) in sets.items():
        for measure, value in evaluate_images(images, ordered, judge, data, held_out).items():
            numbers[f"{name}_{measure}"] = value
    right = (read(judge, made) == labels).double()
    by_syllable = torch.stack([right[labels == label].mean() for label in range(len(SYLLABLES))])
    numbers["worst_agreement"] = by_syllable.min().item()
    numbers["worst_syllable"] = SYLLABLES[int(by_syllable.argmin())]
    first = made[: chosen["shown"]]
    hero = from_bytes(needs["hangul"].arrays["frames"][-1, : len(SYLLABLES)])
    seen, letters = read(judge, first), read(judge, hero)
    numbers["shown"], numbers["shown_read"] = len(first), int((seen == labels[: len(first)]).sum())
    numbers["shown_misread"] = numbers["shown"] - numbers["shown_read"]
    numbers["hero_read"] = int((letters == torch.arange(len(SYLLABLES))).sum())
    pairs = pair_up(made, judge, data, held_out)
    few = slice(chosen["neighbours"])
    usual = pair_up(made[few], judge, data, held_out)
    numbers["closest_ratio"] = float(pairs.ratio[0])
    return Result(
        numbers,
        {
            "by_syllable": by_syllable.numpy(),
            "shown": first.numpy(),
            "shown_labels": labels[: len(first)].numpy(),
            "shown_read": seen.numpy(),
            "hero_read": letters.numpy(),
            "usual": torch.stack([usual.made, usual.learned]).numpy(),
            "usual_ratio": usual.ratio,
            "pairs": torch.stack([pairs.made[few], pairs.learned[few]]).numpy(),
            "pair_ratio": pairs.ratio[few],
        },
    )


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "reading",
    "심판이 읽은 글자",
    run,
    parameters={"real_seed": 1, "neighbours": 14, "shown": 112},
    needs=("hangul", "hangul_unconditional", "judge"),
    files=("gan_docs/assets/hangul.npz",),
    cost=25,
)
