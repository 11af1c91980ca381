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
from tqdm import tqdm

from gan_docs import averaging as of_average
from gan_docs import choices, turns
from gan_docs.augmentation import Augment, change, check_augment, draw_changes
from gan_docs.checks import LARGEST_SEED, number, packs, whole_number
from gan_docs.data import Batch, Data
from gan_docs.data.datasets import Source
from gan_docs.gan import GAN, pack_neighbours
from gan_docs.losses import R1_AND_R2, RELATIVISTIC, AdversarialLoss, Judge, Penalty
from gan_docs.machines.devices import in_precision, usable_device, usable_precision
from gan_docs.sampling import sample_images
from gan_docs.saving import checkpoint, state, weights
from gan_docs.saving.state import Step
from gan_docs.saving.tensors import plain_state, uncompiled


class Trainer:
    """적대 모델을 정해진 스텝 수만큼 학습합니다.

    Args:
        gan: 학습할 적대 모델. 고른 장치로 옮깁니다. 두 신경망은 여러분이 만든 것이어도 됩니다.
        data: `sample(count, generator)`로 진짜를 내놓는 데이터. torch의 `Dataset`이나
            `DataLoader`를 주면 `gan_docs.data.from_dataset`으로 감쌉니다.
        steps: 계획한 스텝 수. 학습률과 벌점의 일정이 이 수를 따릅니다.
        loss: 두 참가자의 손실, 또는 `gan_docs.losses`의 `LOSSES`에 적은 이름.
        penalty: 판별기의 기울기에 매기는 벌점, 또는 `PENALTIES`에 적은 이름. 세기는
            `with_strength`로 바꿉니다. 끄려면 `None`.
        batch_size: 한 차례에 보는 진짜의 수.
        learning_rate: Adam의 학습률. 절반 지점부터 코사인을 따라 0으로 줄어듭니다.
        generator_learning_rate: 생성기의 학습률을 따로 고르면 씁니다. 일정은 같습니다.
        discriminator_steps: 생성기를 한 번 고치는 동안 판별기를 고치는 횟수. 차례마다 진짜와
            가짜를 새로 봅니다.
        betas: Adam의 두 계수.
        averaging: 평균 생성기가 지난 가중치를 간직하는 비율.
        augment: 판별기가 볼 진짜와 가짜를 바꾸는 법. 이미지에만 씁니다. 바꾸지 않으려면 `None`.
        seed: 잠재 벡터와 데이터 순서의 시드.
        device: 계산할 장치. "cpu", "cuda", "cuda:1", "mps". 난수는 언제나 CPU에서 뽑습니다.
        precision: 신경망을 계산할 자료형. "float32" 또는 "bfloat16".

    Raises:
        TypeError: 정수여야 할 것이 정수가 아니거나, 데이터, 손실, 벌점이 위의 것이 아니거나,
            신경망에 텐서가 아닌 상태가 있을 때.
        ValueError: 범위를 벗어난 값이 있거나, 데이터와 모델의 모양이 다르거나, 없는 장치이거나,
            배울 가중치가 없거나, 손실이 기울기가 흐르는 수 하나가 아니거나, 컴파일한 판별기에
            벌점을 매길 때.

    Source:
        상대론적 손실과 두 벌점은 Huang et al. (2024), arXiv:2501.05441.
    """

    def __init__(
        self,
        gan: GAN,
        data: Data | Source,
        *,
        steps: int = 3000,
        loss: AdversarialLoss | str = RELATIVISTIC,
        penalty: Penalty | str | None = R1_AND_R2,
        batch_size: int = 64,
        learning_rate: float = 2e-3,
        generator_learning_rate: float | None = None,
        discriminator_steps: int = 1,
        betas: tuple[float, float] = turns.BETAS,
        averaging: float = 0.999,
        augment: Augment | None = None,
        seed: int = 0,
        device: str | torch.device = "cpu",
        precision: str = "float32",
    ) -> None:
        self.device: torch.device = usable_device(device)
        self.precision = usable_precision(precision, self.device)
        self.loss, self.penalty = choices.chosen_loss(loss), choices.chosen_penalty(penalty)
        self.steps = whole_number("steps", steps, least=1)
        self.batch_size = whole_number("batch_size", batch_size, least=2)
        self.seed = whole_number("seed", seed, least=0, most=LARGEST_SEED)
        self.discriminator_steps = whole_number("discriminator_steps", discriminator_steps, least=1)
        self.learning_rate = number("learning_rate", learning_rate, above=0)
        own = generator_learning_rate
        if own is not None:
            own = number("generator_learning_rate", own, above=0)
        self.generator_own_rate = own
        self.averaging = number("averaging", averaging, least=0, below=1)
        betas = choices.two_betas(betas)
        packs(self.batch_size, gan.pack)
        choices.check_penalised(gan.discriminator, self.penalty)
        self.dtype: torch.dtype = choices.dtype_of(gan, self.device)
        choices.check_loss(self.loss, self.device, self.dtype)
        for network in (gan.discriminator, gan.generator):
            plain_state(network)  # 저장하지 못할 것을 배우지 않도록
        self.data: Data = choices.chosen_data(data)
        choices.check_data(gan, self.data)
        check_augment(augment, self.data)
        self.augment = augment
        self.history: list[Step] = []
        self.random: torch.Generator = torch.Generator().manual_seed(self.seed)
        self.gan: GAN = in_precision(gan.to(self.device), self.precision)
        self.discriminator_optimizer: Adam = turns.fused_adam(
            gan.discriminator.parameters(), self.learning_rate, betas
        )
        self.generator_optimizer: Adam = turns.fused_adam(
            gan.generator.parameters(), self.generator_learning_rate, betas
        )
        self.average: torch.nn.Module = copy.deepcopy(uncompiled(gan.generator))
        self.average.requires_grad_(False)
        self.average_count: int = 0

    @property
    def generator_learning_rate(self) -> float:
        """생성기의 학습률입니다. 따로 고르지 않았으면 `learning_rate`를 따릅니다."""
        return self.learning_rate if self.generator_own_rate is None else self.generator_own_rate

    # --8<-- [start:step]
    def step(self) -> Step:
        """한 스텝: 판별기를 고치고 이어서 생성기를 고친 뒤, 기록에 더합니다.

        학습률과 벌점의 세기는 계획에서 지금까지 온 만큼 옮깁니다.

        Returns:
            이 스텝의 기록.

        Raises:
            FloatingPointError: 손실이 유한한 수가 아니게 되었을 때.
            ValueError: 계획한 스텝을 이미 다 배웠을 때.
        """
        self.check_left(1)
        self.gan.train()
        done = len(self.history) / self.steps
        optimizers = self.discriminator_optimizer, self.generator_optimizer
        rates = self.learning_rate, self.generator_learning_rate
        for optimizer, rate in zip(optimizers, rates, strict=True):
            turns.set_learning_rate([optimizer], rate, done)
        for _ in range(self.discriminator_steps - 1):
            self.discriminator_turn(done)
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
        record = self.record(
            first.loss, second.loss, first.penalty, first.real_logits, first.fake_logits
        )
        self.history.append(record)
        return record

    # --8<-- [end:step]

    def discriminator_turn(self, done: float) -> None:
        """생성기는 두고 판별기만 한 번 더 고칩니다. 진짜와 잠재 벡터를 새로 뽑습니다."""
        real, labels = self.real_batch()
        with torch.no_grad():
            fake = self.gan.generate(self.latent_vectors(self.batch_size), labels)
        turn = turns.discriminator_turn(
            self.judge_with(labels),
            pack_neighbours(real, self.gan.pack),
            pack_neighbours(fake, self.gan.pack),
            self.loss,
            self.penalty_term(done),
        )
        turns.descend(self.discriminator_optimizer, turn.loss + turn.penalty)

    def check_left(self, count: int) -> None:
        """계획에 `count`스텝이 남았는지 확인합니다."""
        left = self.steps - len(self.history)
        if count > left:
            raise ValueError(
                f"계획한 {self.steps}스텝에서 {left}스텝이 남았습니다: 받은 값 {count}. "
                "더 배우려면 extend로 계획을 늘리세요"
            )

    def extend(self, steps: int) -> None:
        """계획을 `steps`스텝 늘립니다. 다 배운 뒤에 더 배우려면 먼저 부릅니다.

        일정은 처음부터 늘어난 계획이었던 것처럼 이어집니다. 그래서 끝에서 0이던 학습률은 다시
        올라갑니다. 두 배로 늘리면 처음의 학습률에서 시작해 다시 0으로 줄어듭니다.

        Args:
            steps: 더할 스텝 수.

        Raises:
            TypeError: 정수가 아닐 때.
            ValueError: 1보다 작을 때.
        """
        self.steps += whole_number("steps", steps, least=1)
        vars(self).pop("settings", None)  # 세어 둔 설정은 지난 계획의 것

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
            ValueError: 계획한 스텝 수를 넘어설 때. 더 배우려면 먼저 `extend`를 부릅니다.
            FloatingPointError: 손실이 유한한 수가 아니게 되었을 때.
        """
        left = self.steps - len(self.history)
        count = left if steps is None else whole_number("steps", steps, least=1)
        self.check_left(count)
        with tqdm(total=count, unit="스텝", disable=not progress) as bar:
            for _ in range(count):
                record = self.step()
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
        images = images.to(self.device, self.dtype)
        if labels is None or not self.gan.classes:
            return images, None
        return images, labels.to(self.device)

    def latent_vectors(self, count: int) -> Tensor:
        """표준 정규분포에서 잠재 벡터 `(count, latent_size)`를 뽑습니다."""
        z = torch.randn(count, self.gan.latent_size, generator=self.random)
        return z.to(self.device, self.dtype)

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
        """진짜를 섞는 비율 `count`개를 0과 1 사이의 균등분포에서 뽑습니다."""
        return torch.rand(count, generator=self.random).to(self.device, self.dtype)

    # --8<-- [start:average]
    def update_average(self) -> None:
        """평균 생성기의 가중치를 지금의 가중치 쪽으로 조금 옮깁니다."""
        current = uncompiled(self.gan.generator)
        averaged, now = list(self.average.parameters()), list(current.parameters())
        of_average.follow(averaged, now, self.averaging, self.average_count)
        of_average.carry(self.average, current)
        self.average_count += 1

    def finished_generator(self, batches: int = 20) -> torch.nn.Module:
        """배치 통계를 다시 잰 평균 생성기를 반환합니다. 학습의 난수는 쓰지 않습니다.

        Args:
            batches: 통계를 잴 배치의 수. 배치마다 잠재 벡터 256개를 씁니다.
        """
        generator = copy.deepcopy(self.average)  # 통계를 재도 학습의 상태는 그대로
        random = torch.Generator().manual_seed(self.seed)
        inputs = []
        for _ in range(batches):
            z = torch.randn(256, self.gan.latent_size, generator=random)
            given = [z.to(self.device, self.dtype)]
            if self.gan.classes:
                given.append((torch.arange(256) % self.gan.classes).to(self.device))
            inputs.append(tuple(given))
        return of_average.measure_statistics(generator, inputs)

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
            TypeError: 텐서가 아닌 상태를 지닌 층이나, Adam과 다른 것을 기억하는 최적화기가 있을 때.
        """
        whole = state.collect(self)
        settings = {
            "data": self.data.name,
            "class_names": list(self.data.class_names),
            "loss": self.loss.name,
            "augment": self.settings["augment"],
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
            TypeError: 텐서가 아닌 상태를 지닌 층이나, Adam과 다른 것을 기억하는 최적화기가 있을 때.
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
