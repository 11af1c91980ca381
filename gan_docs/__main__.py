"""명령줄: `train`은 학습해 저장하고, `sample`은 저장한 생성기로 이미지를 만듭니다."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from gan_docs.gan import GAN

NAMES = ("hangul", "digits", "ring", "grid", "mnist", "fashion_mnist")
LOSSES = ("minimax", "non-saturating", "relativistic")
OLDEST_TORCH = (2, 4)
LARGEST_SEED = 2**63 - 1


class Parser(argparse.ArgumentParser):
    """틀린 인자를 한국어 한 줄로 알립니다."""

    def error(self, message: str) -> NoReturn:
        """무엇이 틀렸는지 알리고 2로 끝냅니다."""
        known = {
            "the following arguments are required: ": "빠진 인자: ",
            "unrecognized arguments: ": "모르는 인자: ",
            "expected one argument": "값이 하나 있어야 합니다",
            "invalid choice: ": "고를 수 없는 값 ",
            "choose from": "고를 수 있는 값:",
            "invalid int value: ": "정수가 아닌 값 ",
            "invalid float value: ": "수가 아닌 값 ",
            "argument ": "인자 ",
        }
        for english, korean in known.items():
            message = message.replace(english, korean)
        self.exit(2, f"오류: {message}\n")


def build_parser() -> Parser:
    """인자를 정의합니다."""
    parser = Parser(prog="python -m gan_docs", description="적대적 생성 신경망을 학습하고 씁니다.")
    commands = parser.add_subparsers(dest="command", required=True, title="명령")
    train = commands.add_parser("train", help="학습하고 저장합니다")
    train.add_argument("--data", required=True, help=f"{', '.join(NAMES)} 또는 이미지 폴더")
    train.add_argument("--out", required=True, type=Path, help="저장할 폴더")
    train.add_argument("--steps", type=int, default=3000, help="걸음 수 (기본값 3000)")
    train.add_argument("--seed", type=int, default=0, help="난수의 시드 (기본값 0)")
    train.add_argument("--batch-size", type=int, default=64, help="한 걸음에 볼 수 (기본값 64)")
    train.add_argument("--loss", choices=LOSSES, default="relativistic", help="손실")
    train.add_argument("--unconditional", action="store_true", help="종류를 알려 주지 않습니다")
    train.add_argument("--threads", type=int, default=1, help="스레드 수 (기본값 1)")
    train.add_argument("--overwrite", action="store_true", help="앞선 결과를 바꿉니다")
    sample = commands.add_parser("sample", help="이미지를 만듭니다")
    sample.add_argument("--from", dest="run", required=True, type=Path, help="학습한 폴더")
    sample.add_argument("--out", required=True, type=Path, help=".png 또는 .npz 파일")
    sample.add_argument("--count", type=int, default=64, help="만들 수 (기본값 64)")
    sample.add_argument("--seed", type=int, default=0, help="난수의 시드 (기본값 0)")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """명령을 실행하고 종료 코드를 반환합니다.

    Args:
        arguments: 명령줄의 인자. 생략하면 `sys.argv`를 읽습니다.
    """
    chosen = build_parser().parse_args(arguments)
    try:
        check_torch()
        if chosen.command == "train":
            train(chosen)
        else:
            sample(chosen)
    except KeyboardInterrupt:
        print("멈추었습니다.", file=sys.stderr)
        return 130
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        reason = str(error) if error.errno is None else f"읽거나 쓸 수 없습니다{place}"
        print(f"오류: {reason}".replace("\n", " "), file=sys.stderr)
        return 1
    except (ArithmeticError, TypeError, ValueError) as error:
        print(f"오류: {error}".replace("\n", " "), file=sys.stderr)
        return 1
    return 0


def train(chosen: argparse.Namespace) -> None:
    """데이터와 저장할 자리를 먼저 확인하고 학습합니다."""
    from gan_docs.checks import whole_number

    whole_number("--steps", chosen.steps, least=1)
    whole_number("--batch-size", chosen.batch_size, least=2)
    check_seed(chosen.seed)
    whole_number("--threads", chosen.threads, least=1)
    prepare_folder(chosen.out, chosen.overwrite)
    import torch

    from gan_docs.losses import LOSSES as LOSS_TABLE
    from gan_docs.trainer import Trainer

    torch.set_num_threads(chosen.threads)
    torch.manual_seed(chosen.seed)
    data = read_data(chosen.data)
    trainer = Trainer(
        make_gan(data, chosen.unconditional),
        data,
        steps=chosen.steps,
        loss=LOSS_TABLE[chosen.loss],
        batch_size=chosen.batch_size,
        seed=chosen.seed,
    )
    try:
        trainer.train()
    except KeyboardInterrupt:
        if trainer.history:
            trainer.save(chosen.out, {"threads": chosen.threads})
            print(f"{len(trainer.history)}걸음까지 {chosen.out}에 저장했습니다.", file=sys.stderr)
        raise
    trainer.save(chosen.out, {"threads": chosen.threads})
    print(f"{chosen.out}에 저장했습니다.")


def sample(chosen: argparse.Namespace) -> None:
    """저장한 생성기로 만들어 PNG나 npz로 씁니다."""
    from gan_docs.checks import whole_number

    whole_number("--count", chosen.count, least=1)
    check_seed(chosen.seed)
    if chosen.out.suffix not in (".png", ".npz"):
        raise ValueError(f"--out은 .png 또는 .npz로 끝나야 합니다: 받은 값 {chosen.out}")
    if not chosen.out.parent.is_dir():
        raise ValueError(f"--out의 폴더가 없습니다: {chosen.out.parent}")
    check_writable(chosen.out.parent)
    import numpy as np

    from gan_docs.checkpoint import load_generator
    from gan_docs.files import replace
    from gan_docs.sampling import sample_images

    generator, _ = load_generator(chosen.run)
    images, labels = sample_images(generator, chosen.count, seed=chosen.seed)
    if chosen.out.suffix == ".npz":
        arrays: dict[str, Any] = {"images": images.numpy()}
        arrays |= {} if labels is None else {"labels": labels.numpy()}
        replace(chosen.out, lambda path: np.savez_compressed(path, **arrays))
    else:
        replace(chosen.out, lambda path: picture(images.numpy(), path))
    print(f"{chosen.out}에 {chosen.count}개를 저장했습니다.")


def picture(images: Any, path: Path) -> None:
    """이미지는 벽으로, 평면의 점은 산점도로 흰 바탕에 그려 저장합니다."""
    from gan_docs import drawing
    from gan_docs.palette import LIGHT, style

    if images.ndim == 4:
        from PIL import Image

        columns = max(1, round(len(images) ** 0.5))
        drawn = Image.fromarray(drawing.wall(images, columns))
        Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn).convert("RGB").save(
            path
        )
        return
    with style(LIGHT):
        figure = drawing.new_figure(5, 5)
        drawing.draw_points(figure.subplots(), images, images[:0], LIGHT)
        figure.savefig(path, dpi=150, facecolor="white")


def read_data(name: str) -> Any:
    """이름이면 그 자료를, 있는 폴더면 그 안의 이미지를 읽습니다."""
    import difflib

    from gan_docs import data

    if name in NAMES:
        return data.load(name)
    if Path(name).exists():
        return data.folder(name)
    close = difflib.get_close_matches(name, NAMES, n=1)
    hint = f" 혹시 {close[0]}인가요?" if close else ""
    wanted = ", ".join(NAMES)
    raise ValueError(f"자료는 {wanted} 또는 이미지 폴더여야 합니다: 받은 값 {name!r}.{hint}")


def make_gan(data: Any, unconditional: bool) -> GAN:
    """자료의 모양에 맞는 적대 모델을 만듭니다."""
    from gan_docs.data import MixtureData
    from gan_docs.discriminator import Discriminator
    from gan_docs.gan import GAN
    from gan_docs.generator import Generator
    from gan_docs.points import PointDiscriminator, PointGenerator

    if isinstance(data, MixtureData):
        return GAN(PointDiscriminator(), PointGenerator())
    shape = (data.width, data.height, data.channels)
    classes = 0 if unconditional else len(data.class_names)
    return GAN(
        Discriminator(*shape, latent_size=128, classes=classes),
        Generator(*shape, latent_size=64, classes=classes),
    )


def prepare_folder(folder: Path, overwrite: bool) -> None:
    """저장할 폴더를 만들고 쓸 수 있는지 확인합니다.

    Raises:
        ValueError: 쓸 수 없거나, 앞선 결과가 있는데 바꾸라는 말이 없을 때.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"폴더를 만들 수 없습니다: {folder}") from error
    check_writable(folder)
    if (folder / "weights.safetensors").exists() and not overwrite:
        raise ValueError(f"{folder}에 앞선 결과가 있습니다. 바꾸려면 --overwrite를 붙이세요")


def check_writable(folder: Path) -> None:
    """폴더에 쓸 수 있는지 일을 시작하기 전에 확인합니다.

    Raises:
        ValueError: 쓸 수 없을 때.
    """
    import tempfile

    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise ValueError(f"폴더에 쓸 수 없습니다: {folder}") from error


def check_seed(seed: int) -> None:
    """시드가 난수 발생기가 받는 범위인지 확인합니다.

    Raises:
        ValueError: 음수이거나 너무 클 때.
    """
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError(f"--seed는 0 이상 {LARGEST_SEED} 이하여야 합니다: 받은 값 {seed}")


def check_torch() -> None:
    """Torch를 읽기 전에 판을 확인합니다.

    Raises:
        ValueError: 없거나 낡았을 때.
    """
    from importlib.metadata import PackageNotFoundError, version

    wanted = ".".join(map(str, OLDEST_TORCH))
    try:
        found = version("torch")
    except PackageNotFoundError:
        raise ValueError(f"torch {wanted} 이상이 필요합니다: 설치되어 있지 않습니다") from None
    if tuple(int(part) for part in found.split("+")[0].split(".")[:2]) < OLDEST_TORCH:
        raise ValueError(f"torch {wanted} 이상이 필요합니다: 설치된 판 {found}")


if __name__ == "__main__":
    sys.exit(main())
