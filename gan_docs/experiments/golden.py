"""본보기 스텝: PyTorch로 실행한 스텝을 적어, 브라우저에서 똑같이 재현되는지 견줍니다."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gan_docs.data import Batch
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.plane import (
    BATCH_SIZE,
    make_discriminator,
    make_generator,
    stages,
)
from gan_docs.export import flat
from gan_docs.gan import GAN
from gan_docs.losses import LOSSES, PENALTIES
from gan_docs.trainer import Trainer

# --8<-- [start:run]
# 바서슈타인은 기울기를 1로 끌어당기는 벌점과, 나머지는 두 점에서 재는 벌점과 짝을 이룸
PENALTY = {name: "toward-one" if name == "wasserstein" else "r1-and-r2" for name in LOSSES}
SCALE = 4096  # 입력을 이 수로 나눈 정수로 적어, 브라우저도 똑같은 수를 받음


class RoundedTrainer(Trainer):
    """뽑은 수를 `SCALE`분의 1로 반올림하고 적어 두는 학습기입니다. 스텝은 그대로입니다."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.taken: dict[str, list[NDArray[np.int16]]] = {"real": [], "z": [], "share": []}
        super().__init__(*arguments, **options)

    def rounded(self, name: str, values: Tensor) -> Tensor:
        """반올림한 값을 적고 돌려줍니다."""
        whole = (values * SCALE).round()
        self.taken[name].append(whole.numpy().astype(np.int16))
        return whole / SCALE

    def real_batch(self) -> Batch:
        """반올림한 진짜입니다."""
        return self.rounded("real", super().real_batch()[0]), None

    def latent_vectors(self, count: int) -> Tensor:
        """반올림한 잠재 벡터입니다."""
        return self.rounded("z", super().latent_vectors(count))

    def mixing_shares(self, count: int) -> Tensor:
        """반올림한 섞는 비율입니다. 진짜와 잠재 벡터의 차례를 바꾸지 않게 따로 뽑습니다."""
        own = torch.Generator().manual_seed(len(self.history))
        return self.rounded("share", torch.rand(count, generator=own))


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """손실마다 몸을 푼 뒤, 적어 둔 수로 여느 학습기의 스텝을 실행합니다."""
    chosen = experiment.parameters
    arrays: dict[str, NDArray[Any]] = {}
    for turn, name in enumerate(LOSSES):
        torch.manual_seed(experiment.seed)
        gan = GAN(make_discriminator(), make_generator())
        trainer = RoundedTrainer(
            gan,
            stages()[chosen["data"]],
            steps=10 * (chosen["warm_up"] + chosen["steps_each"]),  # 일정이 움직이지 않게
            loss=LOSSES[name],
            penalty=PENALTIES[chosen["penalties"][name]].with_strength(chosen["strength"]),
            batch_size=BATCH_SIZE,
            learning_rate=chosen["warm_up_rate"],
            seed=experiment.seed,
        )
        trainer.train(chosen["warm_up"], progress=False)
        before = state(trainer)
        trainer.random.manual_seed(experiment.seed)  # 손실이 달라도 같은 수를 뽑도록
        trainer.taken = {name: [] for name in trainer.taken}
        trainer.learning_rate = chosen["learning_rate"]
        history = trainer.train(chosen["steps_each"], progress=False)[chosen["warm_up"] :]
        report((turn + 1) * (chosen["warm_up"] + chosen["steps_each"]))
        after = state(trainer)
        arrays |= {key: np.stack(rows) for key, rows in trainer.taken.items() if rows}
        arrays |= {f"{name}.before.{key}": value for key, value in before.items()}
        arrays |= {f"{name}.after.{key}": after[key] for key in ("discriminator", "generator")}
        arrays[f"{name}.losses"] = np.array(
            [(step.discriminator_loss, step.penalty, step.generator_loss) for step in history],
            np.float32,
        )
    return Result({"losses": len(LOSSES), "scale": SCALE, **numbers(chosen)}, arrays)


def state(trainer: Trainer) -> dict[str, NDArray[np.float32]]:
    """매개변수와 Adam의 분산, 판별기의 푸리에 특징입니다. β₁이 0이라 평균은 쓰이지 않습니다."""
    optimizers = {
        "discriminator": trainer.discriminator_optimizer,
        "generator": trainer.generator_optimizer,
    }
    found = {"directions": trainer.gan.discriminator.get_buffer("directions").numpy().copy()}
    for name, optimizer in optimizers.items():
        moments = [optimizer.state[each]["exp_avg_sq"].flatten() for each in parameters(optimizer)]
        found[name] = flat(getattr(trainer.gan, name)).numpy()
        found[f"{name}.variance"] = torch.cat(moments).numpy().copy()
    return found


def parameters(optimizer: torch.optim.Optimizer) -> list[Tensor]:
    """최적화기가 고치는 매개변수입니다."""
    chosen: list[Tensor] = optimizer.param_groups[0]["params"]
    return chosen


def numbers(chosen: Mapping[str, Any]) -> dict[str, float]:
    """페이지가 인용할 설정입니다."""
    return {key: chosen[key] for key in ("steps_each", "warm_up", "strength", "learning_rate")}


# --8<-- [end:run]

WARM_UP, STEPS_EACH = 300, 50
EXPERIMENT = Experiment(
    "golden",
    "본보기 스텝",
    run,
    steps=len(LOSSES) * (WARM_UP + STEPS_EACH),
    parameters={
        "data": "ring",
        "penalties": PENALTY,
        "strength": 0.1,
        "warm_up": WARM_UP,
        "warm_up_rate": 1e-3,
        "steps_each": STEPS_EACH,
        # 꺾인 활성화는 반올림 하나로 기울기가 뛰므로, 뛰어도 작게
        "learning_rate": 2e-5,
    },
    cost=12,
)
