"""명령줄의 명령: 학습해 저장하고, 저장한 것으로 만듭니다."""

from __future__ import annotations

import argparse
import io
import math
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from gan_docs import losses
from gan_docs.augmentation import STRENGTHS, Augment
from gan_docs.checks import number
from gan_docs.cli import learned
from gan_docs.cli.arguments import check_apart, check_file, check_folder, check_number
from gan_docs.data import ImageData, MixtureData
from gan_docs.discriminator import Discriminator
from gan_docs.drawing import pictures
from gan_docs.drawing.palette import LIGHT, style
from gan_docs.files import replace
from gan_docs.gan import GAN
from gan_docs.generator import Generator
from gan_docs.machines.devices import usable_device, usable_precision
from gan_docs.machines.interruption import Stopped, heard_signals
from gan_docs.machines.team import Team, joined
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.sampling import sample_images
from gan_docs.saving import checkpoint, state
from gan_docs.saving.weights import load_generator
from gan_docs.shared_trainer import SharedTrainer
from gan_docs.trainer import Trainer

MOST_DRAWN = 2**28  # PNG 한 장에 그릴 화소의 수: 메모리를 6 GB까지


def train(chosen: argparse.Namespace) -> None:
    """데이터와 저장할 자리를 먼저 확인하고 학습합니다. `torchrun`이 불렀으면 나누어 배웁니다."""
    check_number("--steps", chosen.steps, least=1)
    check_number("--batch-size", chosen.batch_size, least=2)
    check_number("--seed", chosen.seed, least=0)
    check_number("--threads", chosen.threads, least=1)
    check_number("--checkpoint-every", chosen.checkpoint_every, least=1)
    check_number("--patience", chosen.patience, least=1)
    for name in ("width", "height"):
        if getattr(chosen, name) is not None:
            check_number(f"--{name}", getattr(chosen, name), least=8)
    number("--penalty-scale", chosen.penalty_scale, above=0)
    device = local(chosen.device)
    usable_precision(chosen.precision, device)
    with joined(chosen.patience, device) as team:
        learn(chosen, team, device)


def local(device: str) -> torch.device:
    """이 프로세스가 쓸 장치입니다. `torchrun`이 부른 프로세스는 대마다 GPU를 하나씩 나누어 씁니다.

    Raises:
        ValueError: 그 장치가 없을 때.
    """
    number = os.environ.get("LOCAL_RANK")
    numbered = device == "cuda" and number is not None
    return usable_device(f"cuda:{number}" if numbered else device)


def learn(chosen: argparse.Namespace, team: Team, device: torch.device) -> None:
    """저장할 자리를 확인하고, 처음부터 또는 이어서 학습합니다. 폴더는 저장할 때 만듭니다."""
    if team.rank == 0:
        check_folder(chosen.out, chosen.overwrite, chosen.resume)
        check_apart(chosen.out, chosen.data)
    torch.set_num_threads(chosen.threads)
    torch.manual_seed(chosen.seed)
    planned = team.most(planned_steps(chosen) if team.rank == 0 else 0)
    trainer = make_trainer(chosen, team, device, planned)
    begin(trainer, chosen, team)
    with heard_signals(insist=team.size == 1) as heard:
        finish(trainer, chosen, team, heard)


def planned_steps(chosen: argparse.Namespace) -> int:
    """학습기를 만들 때의 스텝 수입니다. 이어 하며 늘렸으면 체크포인트가 계획한 만큼입니다."""
    if not chosen.resume:
        return int(chosen.steps)
    try:
        found, _ = checkpoint.read(chosen.out)
    except (FileNotFoundError, ValueError):
        return int(chosen.steps)  # 까닭은 이어 할 때 알림
    return min(int(chosen.steps), state.planned_steps(found) or chosen.steps)


def make_trainer(
    chosen: argparse.Namespace, team: Team, device: torch.device, steps: int
) -> Trainer:
    """고른 손실과 벌점으로 `steps`스텝을 계획한 학습기를 만듭니다."""
    shape = {each: getattr(chosen, each) for each in learned.SHAPE}
    with once(team):
        data = learned.read(chosen.data, {each: size for each, size in shape.items() if size})
    make = Trainer if team.size == 1 else partial(SharedTrainer, team=team)
    return make(
        make_gan(data, chosen.unconditional),
        data,
        steps=steps,
        loss=losses.LOSSES[chosen.loss],
        penalty=chosen_penalty(chosen.penalty, chosen.penalty_scale),
        batch_size=chosen.batch_size,
        augment=chosen_augment(chosen.augment),
        seed=chosen.seed,
        device=device,
        precision=chosen.precision,
    )


def chosen_penalty(name: str, scale: float) -> losses.Penalty | None:
    """고른 벌점의 처음과 나중의 세기에 `scale`을 곱합니다. `"none"`이면 `None`."""
    penalty = losses.PENALTIES.get(name)
    return penalty and penalty.with_strength(*(scale * each for each in penalty.strength))


def chosen_augment(names: list[str] | None) -> Augment | None:
    """고른 것만 하는 증강입니다. 이름이 없으면 기본값, 고르지 않았으면 `None`."""
    if not names:
        return None if names is None else Augment()
    return Augment(**{each: STRENGTHS[each] if each in names else 0.0 for each in STRENGTHS})


def begin(trainer: Trainer, chosen: argparse.Namespace, team: Team) -> None:
    """이어 하라면 체크포인트로 돌아가 계획을 늘리고, 바꾸라면 앞선 체크포인트를 지웁니다."""
    if not chosen.resume:
        if team.rank == 0:
            checkpoint.remove(chosen.out)
        return
    if not team.most(team.rank == 0 and checkpoint.exists(chosen.out)):
        tell(team, f"{chosen.out}에 체크포인트가 없어 처음부터 시작합니다.")
        return
    for note in trainer.resume(chosen.out):
        tell(team, note)
    tell(team, f"{len(trainer.history)}스텝에서 이어 갑니다.")
    if more := chosen.steps - trainer.steps:
        trainer.extend(more)
        tell(team, f"계획을 {more}스텝 늘려 {trainer.steps}스텝까지 학습합니다.")


def finish(trainer: Trainer, chosen: argparse.Namespace, team: Team, heard: Sequence[int]) -> None:
    """끝까지, 또는 멈추라는 신호를 받을 때까지 학습하고 저장합니다."""
    source = learned.described(chosen.data, trainer.data)
    extra = {"threads": chosen.threads, "source": source}

    def watch(trainer: Trainer) -> None:
        if number := team.most(heard[0] if heard else 0):  # 모두가 같은 스텝에서 멈춤
            raise Stopped(number)
        step = len(trainer.history)
        if step % chosen.checkpoint_every == 0 and step < trainer.steps:
            trainer.save_checkpoint(chosen.out)

    try:
        trainer.train(on_step=watch, progress=team.rank == 0)
    except FloatingPointError as error:
        raise FloatingPointError(f"{error}. {kept(chosen.out)}") from error
    except Stopped:
        save(trainer, chosen.out, extra, team)
        steps = len(trainer.history)
        tell(team, f"{steps}스텝까지 {chosen.out}에 저장했습니다. 이어 하려면 --resume을 붙이세요.")
        raise
    save(trainer, chosen.out, extra, team)
    if team.rank == 0:
        print(f"{chosen.out}에 저장했습니다.")


def save(trainer: Trainer, folder: Path, extra: dict[str, Any], team: Team) -> None:
    """저장하고, 앞선 모델을 잰 값은 지웁니다."""
    trainer.save(folder, extra)
    if team.rank == 0 and (stale := folder / learned.EVALUATION).exists():
        stale.unlink()
        tell(team, f"앞선 모델을 잰 {stale}을(를) 지웠습니다.")


@contextmanager
def once(team: Team) -> Iterator[None]:
    """모두가 같은 것을 읽는 동안 순위 0만 알립니다."""
    if team.rank == 0:
        yield
        return
    unheard = io.StringIO()
    with redirect_stdout(unheard), redirect_stderr(unheard):
        yield


def tell(team: Team, text: str) -> None:
    """순위 0만 알립니다."""
    if team.rank == 0:
        print(text, file=sys.stderr)


def kept(folder: Path) -> str:
    """학습이 무너졌을 때 돌아갈 수 있는 체크포인트를 알립니다."""
    if not checkpoint.exists(folder):
        return "저장한 체크포인트는 없습니다"
    return f"그 전의 체크포인트는 {folder}에 그대로 있습니다"


def make_gan(data: ImageData | MixtureData, unconditional: bool) -> GAN:
    """데이터의 모양에 맞는 적대 모델을 만듭니다."""
    if isinstance(data, MixtureData):
        return GAN(PointDiscriminator(), PointGenerator())
    shape = (data.width, data.height, data.channels)
    classes = 0 if unconditional else len(data.class_names)
    return GAN(
        Discriminator(*shape, latent_size=128, classes=classes),
        Generator(*shape, latent_size=64, classes=classes),
    )


def sample(chosen: argparse.Namespace) -> None:
    """저장한 생성기로 만들어 PNG나 npz로 씁니다."""
    check_number("--count", chosen.count, least=1)
    check_number("--seed", chosen.seed, least=0)
    check_file(chosen.out, ".png", ".npz")
    generator, settings = load_generator(chosen.run)
    most = MOST_DRAWN // math.prod(generator.shape)
    if chosen.out.suffix == ".png" and chosen.count > most:
        raise ValueError(
            f"PNG 한 장에는 이 크기의 이미지를 {most:,}장까지 그립니다. --count를 줄이거나 --out을 "
            f".npz로 적으세요: 받은 값 {chosen.count}"
        )
    images, labels = sample_images(generator, chosen.count, seed=chosen.seed)
    photos = learned.photographs(settings)
    if chosen.out.suffix == ".npz":
        arrays: dict[str, Any] = {"images": images.numpy()}
        arrays |= {} if labels is None else {"labels": labels.numpy()}
        replace(chosen.out, lambda path: np.savez_compressed(path, **arrays))
    else:
        replace(chosen.out, lambda path: picture(images.numpy(), path, photos))
    print(f"{chosen.out}에 {chosen.count}개를 저장했습니다.")


def picture(images: Any, path: Path, photos: bool) -> None:
    """이미지는 벽으로, 평면의 점은 산점도로 흰 바탕에 그려 저장합니다.

    글자는 +1이 잉크지만, 여러분의 폴더에서 배운 이미지(`photos`)는 +1이 흰색입니다.
    """
    if images.ndim == 4:
        columns = max(1, round(len(images) ** 0.5))
        drawn = Image.fromarray(pictures.wall(images, columns, ink=not photos))
        paper = Image.new("RGBA", drawn.size, "white")
        Image.alpha_composite(paper, drawn).convert("RGB").save(path)
        return
    with style(LIGHT):
        figure = pictures.new_figure(5, 5)
        pictures.draw_points(figure.subplots(), images, images[:0], LIGHT)
        figure.savefig(path, dpi=150, facecolor="white")
