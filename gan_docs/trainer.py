"""학습: 한 스텝, 되풀이, 평균 생성기, 저장."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.optim import Adam
from torch.optim.swa_utils import update_bn
from tqdm import tqdm

from gan_docs import turns
from gan_docs.augmentation import Augment, change, check_augment, draw_changes
from gan_docs.checks import packs, whole_number
from gan_docs.data import Batch, Data
from gan_docs.gan import GAN, pack_neighbours
from gan_docs.losses import R1_AND_R2, RELATIVISTIC, AdversarialLoss, Judge, Penalty
from gan_docs.machines.devices import in_precision, usable_device, usable_precision
from gan_docs.sampling import sample_images
from gan_docs.saving import checkpoint, state, weights
from gan_docs.saving.state import Step


class Trainer:
    """적대 모델을 정해진 스텝 수만큼 학습합니다.

    Args:
        gan: 학습할 적대 모델. 고른 장치로 옮깁니다.
        data: `sample(count, generator)`로 진짜를 내놓는 데이터.
        steps: 계획한 스텝 수. 학습률과 벌점의 일정이 이 수를 따릅니다.
        loss: 두 참가자의 손실.
        penalty: 판별기의 기울기에 매기는 벌점. `gan_docs.losses`의 `PENALTIES` 가운데 하나이며
            세기는 `with_strength`로 바꿉니다. 끄려면 `None`.
        batch_size: 한 스텝에 보는 진짜의 수.
        learning_rate: Adam의 학습률. 절반 지점부터 코사인을 따라 0으로 줄어듭니다.
        betas: Adam의 두 계수.
        averaging: 평균 생성기가 지난 가중치를 간직하는 비율.
        augment: 판별기가 볼 진짜와 가짜를 바꾸는 법. 이미지에만 씁니다. 바꾸지 않으려면 `None`.
        seed: 잠재 벡터와 데이터 순서의 시드.
        device: 계산할 장치. "cpu", "cuda", "cuda:1". 난수는 언제나 CPU에서 뽑습니다.
        precision: 신경망을 계산할 자료형. "float32" 또는 "bfloat16".

    Raises:
        TypeError: 스텝 수나 배치 크기가 정수가 아니거나, 벌점이 `Penalty`가 아닐 때.
        ValueError: 범위를 벗어난 값이 있거나, 데이터와 모델의 모양이 다르거나, 없는 장치일 때.

    Source:
        상대론적 손실과 두 벌점은 Huang et al. (2024), arXiv:2501.05441.
    """

    def __init__(
        self,
        gan: GAN,
        data: Data,
        *,
        steps: int = 3000,
        loss: AdversarialLoss = RELATIVISTIC,
        penalty: Penalty | None = R1_AND_R2,
        batch_size: int = 64,
        learning_rate: float = 2e-3,
        betas: tuple[float, float] = turns.BETAS,
        averaging: float = 0.999,
        augment: Augment | None = None,
        seed: int = 0,
        device: str | torch.device = "cpu",
        precision: str = "float32",
    ) -> None:
        self.device: torch.device = usable_device(device)
        self.precision = usable_precision(precision, self.device)
        self.data, self.loss, self.penalty = data, loss, penalty
        self.steps = whole_number("steps", steps, least=1)
        self.batch_size = whole_number("batch_size", batch_size, least=2)
        self.seed = whole_number("seed", seed, least=0)
        packs(batch_size, gan.pack)
        turns.check_settings(learning_rate, penalty, averaging)
        self.learning_rate, self.averaging = learning_rate, averaging
        self.history: list[Step] = []
        self.random: torch.Generator = torch.Generator().manual_seed(seed)
        check_data(gan, data)
        check_augment(augment, data)
        self.augment = augment
        self.gan: GAN = in_precision(gan.to(self.device), self.precision)
        self.discriminator_optimizer: Adam = turns.fused_adam(
            gan.discriminator.parameters(), learning_rate, betas
        )
        self.generator_optimizer: Adam = turns.fused_adam(
            gan.generator.parameters(), learning_rate, betas
        )
        self.average: torch.nn.Module = copy.deepcopy(gan.generator).requires_grad_(False)
        self.average_count: int = 0

    # --8<-- [start:step]
    def step(self) -> Step:
        """판별기를 한 번, 이어서 생성기를 한 번 고칩니다.

        Returns:
            이 스텝의 기록.

        Raises:
            FloatingPointError: 손실이 유한한 수가 아니게 되었을 때.
        """
        done = len(self.history) / self.steps
        optimizers = self.discriminator_optimizer, self.generator_optimizer
        turns.set_learning_rate(optimizers, self.learning_rate, done)
        # --8<-- [start:calling]
        real, labels = self.real_batch()
        fake = self.gan.generate(self.latent_vectors(self.batch_size), labels)
        first, second = turns.step(
            *optimizers,
            self.judge_with(labels),
            pack_neighbours(real, self.gan.pack),
            pack_neighbours(fake, self.gan.pack),
            self.loss,
            self.penalty_term(done),
        )
        self.update_average()
        # --8<-- [end:calling]
        return self.record(
            first.loss, second.loss, first.penalty, first.real_logits, first.fake_logits
        )

    # --8<-- [end:step]

    # --8<-- [start:train]
    def train(
        self,
        steps: int | None = None,
        *,
        on_step: Callable[[Trainer], None] | None = None,
        progress: bool = True,
    ) -> list[Step]:
        """계획한 스텝만큼 학습하고 기록을 반환합니다.

        Args:
            steps: 이번에 나아갈 스텝 수. 생략하면 계획의 끝까지 갑니다.
            on_step: 스텝마다 부를 함수. 이 학습기를 받습니다.
            progress: 남은 시간과 손실을 보여 주는 막대를 그릴지.

        Returns:
            처음부터 지금까지의 기록.

        Raises:
            ValueError: 계획한 스텝 수를 넘어설 때.
            FloatingPointError: 손실이 유한한 수가 아니게 되었을 때.
        """
        left = self.steps - len(self.history)
        count = left if steps is None else whole_number("steps", steps, least=1)
        if count > left:
            raise ValueError(
                f"계획한 {self.steps}스텝에서 {left}스텝이 남았습니다: 받은 값 {count}"
            )
        self.gan.train()
        with tqdm(total=count, unit="스텝", disable=not progress) as bar:
            for _ in range(count):
                record = self.step()
                self.history.append(record)
                bar.set_postfix_str(
                    f"D {record.discriminator_loss:.3f} · G {record.generator_loss:.3f}",
                    refresh=False,
                )
                bar.update()
                if on_step is not None:
                    on_step(self)
        return self.history

    # --8<-- [end:train]

    # --8<-- [start:sample]
    def sample(
        self, count: int, *, labels: Tensor | None = None, seed: int = 0, averaged: bool = True
    ) -> tuple[Tensor, Tensor | None]:
        """평균 생성기로 이미지를 만듭니다.

        Args:
            count: 만들 이미지의 수.
            labels: 만들 종류. 모양 `(count,)`. 생략하면 종류를 차례로 돌아가며 만듭니다.
            seed: 잠재 벡터의 시드. 같은 시드는 같은 잠재 벡터를 뽑습니다.
            averaged: 거짓이면 평균이 아닌 지금의 생성기를 씁니다.

        Returns:
            값이 [-1, 1]인 이미지 `(count, C, H, W)`와 종류 `(count,)`. 조건이 없으면 종류는 `None`.
        """
        generator = self.finished_generator() if averaged else self.gan.generator
        return sample_images(generator, count, labels=labels, seed=seed)

    # --8<-- [end:sample]

    def real_batch(self) -> Batch:
        """진짜 한 묶음을 뽑습니다. 조건이 없는 모델에는 이름표를 주지 않습니다."""
        images, labels = self.data.sample(self.batch_size, self.random)
        if labels is None or not self.gan.classes:
            return images.to(self.device), None
        return images.to(self.device), labels.to(self.device)

    def latent_vectors(self, count: int) -> Tensor:
        """표준 정규분포에서 잠재 벡터 `(count, latent_size)`를 뽑습니다."""
        z = torch.randn(count, self.gan.latent_size, generator=self.random)
        return z.to(self.device)

    def judge_with(self, labels: Tensor | None) -> Judge:
        """이름표를 아는 판별기입니다. 진짜 뒤에 가짜를 이으면 이름표도 되풀이해 붙입니다."""
        if labels is None:
            return self.judge
        twice = labels.repeat(2)
        return lambda images: self.judge(images, labels if len(images) == len(labels) else twice)

    def judge(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """증강이 있으면 바꾸어 판정합니다. 벌점의 기울기는 바꾸기 전의 화소에 대한 것입니다."""
        changed = change(images, self.augment, self.gan.pack, self.augmenting_numbers)
        return self.gan.judge(changed, labels)

    def augmenting_numbers(self) -> Tensor:
        """이미지 한 배치를 바꿀 난수를 뽑습니다."""
        return draw_changes(self.batch_size, self.random)

    def penalty_term(self, done: float) -> turns.PenaltyTerm | None:
        """계획의 `done`(0–1)만큼 왔을 때의 벌점입니다. 섞는 비율은 여기에서 뽑습니다."""
        if self.penalty is None:
            return None
        strength = turns.penalty_strength(self.penalty, done)
        count = self.batch_size // self.gan.pack
        share = self.mixing_shares(count) if self.penalty.between else None
        return turns.PenaltyTerm(self.penalty, strength, share)

    def mixing_shares(self, count: int) -> Tensor:
        """진짜를 섞는 비율 `count`개를 0과 1 사이의 균등 분포에서 뽑습니다."""
        return torch.rand(count, generator=self.random).to(self.device)

    # --8<-- [start:average]
    def update_average(self) -> None:
        """평균 생성기의 가중치를 지금의 가중치 쪽으로 조금 옮깁니다."""
        averaged: list[Tensor] = list(self.average.parameters())
        current: list[Tensor] = list(self.gan.generator.parameters())
        turns.follow(averaged, current, self.averaging, self.average_count)
        self.average_count += 1

    def finished_generator(self, batches: int = 20) -> torch.nn.Module:
        """배치 통계를 다시 잰 평균 생성기를 반환합니다. 학습의 난수는 쓰지 않습니다.

        Args:
            batches: 통계를 잴 배치의 수. 배치마다 잠재 벡터 256개를 씁니다.
        """
        generator = copy.deepcopy(self.average)  # 통계를 재도 학습의 상태는 그대로
        conditional: Any = generator
        random = torch.Generator().manual_seed(self.seed)
        inputs = []
        for _ in range(batches):
            z = torch.randn(256, self.gan.latent_size, generator=random)
            if self.gan.classes:
                labels = torch.arange(256) % self.gan.classes
                z = conditional.join(z, labels)
            inputs.append(z.to(self.device))
        update_bn(inputs, getattr(generator, "network", generator))
        return generator.eval()

    # --8<-- [end:average]

    def record(
        self,
        discriminator_loss: Tensor,
        generator_loss: Tensor,
        penalty: Tensor,
        real_logits: Tensor,
        fake_logits: Tensor,
    ) -> Step:
        """한 스텝의 값을 기록으로 만들고 유한한지 확인합니다."""
        step = len(self.history) + 1
        values = (
            discriminator_loss,
            generator_loss,
            penalty,
            real_logits.mean(),
            fake_logits.mean(),
        )
        record = Step(step, *torch.stack(values).tolist())
        if not all(map(math.isfinite, record)):
            raise FloatingPointError(
                f"{step}스텝에서 손실이 유한하지 않습니다(배치 {self.batch_size}개, 시드 "
                f"{self.seed}). 학습률을 낮추거나 벌점을 키워 보세요: {record}"
            )
        return record

    def save(self, folder: str | Path, extra: dict[str, Any] | None = None) -> Path:
        """쓸 것(평균 생성기와 판별기, 설정, 기록)과 이어 할 것(체크포인트)을 저장합니다.

        Args:
            folder: 저장할 폴더. 없으면 만듭니다.
            extra: 설정에 함께 적을 값. JSON으로 적을 수 있어야 합니다.

        Returns:
            저장한 폴더.

        Raises:
            FloatingPointError: 가중치가 유한하지 않을 때. 앞서 저장한 파일은 그대로 남습니다.
            OSError: 폴더에 쓸 수 없을 때. 앞서 저장한 파일은 그대로 남습니다.
            TypeError: 다시 만드는 방법을 모르는 신경망일 때.
        """
        whole = state.collect(self)
        settings = {
            "data": self.data.name,
            "class_names": list(self.data.class_names),
            "loss": self.loss.name,
            "seed": self.seed,
            "step": len(self.history),
            **(extra or {}),
        }
        history = [step._asdict() for step in self.history]
        discriminator = self.gan.discriminator
        weights.save(Path(folder), self.finished_generator(), discriminator, settings, history)
        checkpoint.write(Path(folder), whole)
        return Path(folder)

    # --8<-- [start:resume]
    def save_checkpoint(self, folder: str | Path) -> Path:
        """이어 하는 데 필요한 모든 것을 `folder`에 저장합니다. 학습은 그대로입니다.

        바로 앞의 체크포인트 하나를 남겨 둡니다.

        Args:
            folder: 저장할 폴더. 없으면 만듭니다.

        Returns:
            저장한 파일.

        Raises:
            FloatingPointError: 유한하지 않은 값이 있을 때. 앞선 체크포인트는 그대로 남습니다.
            OSError: 폴더에 쓸 수 없을 때. 앞선 체크포인트는 그대로 남습니다.
            TypeError: 다시 만드는 방법을 모르는 신경망일 때.
        """
        return checkpoint.write(Path(folder), state.collect(self))

    def resume(self, folder: str | Path) -> list[str]:
        """체크포인트를 저장한 스텝으로 돌아갑니다. 그 뒤는 멈추지 않은 학습과 비트까지 같습니다.

        Args:
            folder: `save`나 `save_checkpoint`가 저장한 폴더, 또는 체크포인트 파일.

        Returns:
            알릴 것. 앞의 체크포인트를 골랐거나 torch의 버전이 다르면 한 줄씩.

        Raises:
            FileNotFoundError: 체크포인트가 없을 때.
            ValueError: 설정이 다르거나, 파일이 모두 상했거나, 다른 프로그램의 것일 때.
        """
        found, notes = checkpoint.read(Path(folder))
        return notes + state.restore(self, found)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """이어 하려면 같아야 하는 설정입니다."""
        return state.settings(self)

    # --8<-- [end:resume]


def check_data(gan: GAN, data: Data) -> None:
    """데이터 하나를 뽑아 판별기에 맞는지 확인합니다. 학습의 난수는 쓰지 않습니다.

    Raises:
        ValueError: 이미지의 모양이나 종류의 수가 모델과 다를 때.
    """
    classes = len(data.class_names) if gan.classes else 0
    if gan.classes != classes:
        raise ValueError(f"모델의 classes는 {gan.classes}인데 데이터의 종류는 {classes}개입니다")
    images, _ = data.sample(2 * gan.pack, torch.Generator().manual_seed(0))
    images = pack_neighbours(images, gan.pack)
    wanted = getattr(gan.discriminator, "shape", tuple(images.shape[1:]))
    if tuple(images.shape[1:]) != tuple(wanted):
        raise ValueError(
            f"데이터의 모양 {tuple(images.shape[1:])}이(가) "
            f"모델의 모양 {tuple(wanted)}과(와) 다릅니다"
        )
