"""여러 프로세스가 배치를 나누어 학습합니다. 한 프로세스가 전체 배치로 학습한 것과 같습니다."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gan_docs.data import Batch, Data
from gan_docs.data.datasets import Source
from gan_docs.gan import GAN
from gan_docs.machines.devices import in_precision
from gan_docs.machines.sharing import SharedGAN
from gan_docs.machines.team import Team
from gan_docs.saving import checkpoint, state
from gan_docs.saving.state import Step
from gan_docs.trainer import Trainer


# --8<-- [start:trainer]
class SharedTrainer(Trainer):
    """배치를 프로세스의 수로 나누어 배우는 학습기입니다.

    모든 프로세스가 같은 시드로 전체 배치를 뽑아 제 몫만 씁니다. 그래서 난수의 상태도, 고친
    가중치도 모든 프로세스에서 같습니다.

    Args:
        gan: 학습할 적대 모델. 모든 프로세스에서 같은 시드로 만듭니다.
        data: `sample(count, generator)`로 진짜를 내놓는 데이터, `Dataset`, `DataLoader`.
        team: 함께 배우는 프로세스들.
        chosen: `Trainer`가 받는 그 밖의 값. `batch_size`는 모두가 나눌 전체 배치의 크기입니다.

    Raises:
        ValueError: 배치를 프로세스의 수로 똑같이 나눌 수 없을 때.

    Source:
        기울기의 평균은 Li et al. (2020), PyTorch Distributed. arXiv:2006.15704
    """

    def __init__(self, gan: GAN, data: Data | Source, team: Team, **chosen: Any) -> None:
        super().__init__(gan, data, **chosen)
        if self.batch_size % (team.size * gan.pack):
            packed = f"와 pack {gan.pack}의 곱" if gan.pack > 1 else ""
            raise ValueError(
                f"batch_size는 프로세스의 수 {team.size}{packed}의 배수여야 합니다: "
                f"받은 값 {self.batch_size}"
            )
        self.team = team
        self.gan = in_precision(SharedGAN(gan, team), self.precision)

    def real_batch(self) -> Batch:
        """전체 배치를 뽑아 제 몫만 냅니다."""
        images, labels = super().real_batch()
        return self.team.share(images), None if labels is None else self.team.share(labels)

    def latent_vectors(self, count: int) -> Tensor:
        """잠재 벡터 `count`개를 뽑아 제 몫만 냅니다."""
        return self.team.share(super().latent_vectors(count))

    def mixing_shares(self, count: int) -> Tensor:
        """섞는 비율 `count`개를 뽑아 제 몫만 냅니다."""
        return self.team.share(super().mixing_shares(count))

    def augmenting_numbers(self) -> Tensor:
        """전체 배치를 바꿀 난수를 뽑아 제 몫만 냅니다."""
        return self.team.share(super().augmenting_numbers())

    def record(self, *values: Tensor) -> Step:
        """모든 프로세스의 평균을 기록합니다. 유한하지 않으면 모두가 같은 스텝에서 멈춥니다."""
        means = torch.stack([value.detach().mean() for value in values])
        return super().record(*self.team.mean(means).unbind())

    def save(self, folder: str | Path, extra: dict[str, Any] | None = None) -> Path:
        """순위 0만 저장합니다."""
        if self.team.rank == 0:
            return super().save(folder, extra)
        state.collect(self)  # 유한하지 않으면 모두가 함께 멈춤
        return Path(folder)

    def save_checkpoint(self, folder: str | Path) -> Path:
        """순위 0만 저장합니다."""
        if self.team.rank == 0:
            return super().save_checkpoint(folder)
        state.collect(self)
        return Path(folder)

    def resume(self, folder: str | Path) -> list[str]:
        """순위 0이 읽어 모두에게 나누어 줍니다. 저장할 때와 프로세스의 수가 달라도 됩니다."""
        content, notes = b"", list[str]()
        if self.team.rank == 0:
            found, notes = checkpoint.read(Path(folder))
            content = checkpoint.encode(found)
        return notes + state.restore(self, checkpoint.decode(self.team.told(content)))


# --8<-- [end:trainer]
