"""여러분의 이미지 폴더를 읽습니다."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from gan_docs.checks import image_shape
from gan_docs.data.containers import ImageData

IMAGE_SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")


def folder(
    path: str | os.PathLike[str], width: int = 28, height: int = 28, channels: int = 1
) -> ImageData:
    """여러분의 이미지 폴더를 읽습니다. 하위 폴더가 둘 이상이면 그 이름이 종류가 됩니다.

    이미지는 비율을 지켜 가운데를 자르고 크기를 맞춥니다. 비치는 곳은 흰 바탕에 얹습니다.

    Args:
        path: PNG, JPEG, WebP, BMP, GIF, TIFF가 든 폴더.
        width: 가로 화소 수. 8 이상.
        height: 세로 화소 수. 8 이상.
        channels: 1(흑백) 또는 3(색).

    Returns:
        이름순의 이미지. 모양 `(N, channels, height, width)`. 검정이 -1, 흰색이 +1.

    Raises:
        FileNotFoundError: 폴더가 없을 때.
        NotADirectoryError: 폴더가 아닐 때.
        TypeError: 크기나 채널이 정수가 아닐 때.
        ValueError: 크기가 맞지 않거나, 이미지가 없거나, 읽을 수 없는 이미지가 있을 때.
    """
    image_shape(width, height, channels)
    root = Path(path)
    if not root.exists():
        raise FileNotFoundError(f"이미지 폴더가 없습니다: {root}")
    if not root.is_dir():
        raise NotADirectoryError(f"이미지 폴더가 아니라 파일입니다: {root}")
    groups = [child for child in sorted(root.iterdir()) if child.is_dir() and visible(child)]
    loose = image_files(root)
    if groups and loose:
        raise ValueError(f"{root}에 이미지와 하위 폴더가 섞여 있습니다: 한쪽만 두세요")
    groups = groups or [root]
    files = [image_files(group) for group in groups]
    for group, found in zip(groups, files, strict=True):
        if not found:
            raise ValueError(
                f"{group}에 이미지가 없습니다: {', '.join(IMAGE_SUFFIXES)} 파일을 두세요"
            )
    images = torch.stack(
        [read_image(file, width, height, channels) for found in files for file in found]
    )
    if len(groups) == 1:
        return ImageData(root.resolve().name, images, None, ())
    labels = torch.arange(len(groups)).repeat_interleave(torch.tensor([len(f) for f in files]))
    names = tuple(group.name for group in groups)
    return ImageData(root.resolve().name, images, labels, names)


def visible(path: Path) -> bool:
    """운영 체제와 도구가 숨겨 둔 파일(`.DS_Store`, `__MACOSX`)이 아닌지 봅니다."""
    return not path.name.startswith((".", "__"))


def image_files(folder: Path) -> list[Path]:
    """폴더 바로 아래의 이미지 파일을 이름순으로 돌려줍니다."""
    return [
        file
        for file in sorted(folder.iterdir())
        if file.is_file() and visible(file) and file.suffix.lower() in IMAGE_SUFFIXES
    ]


def read_image(path: Path, width: int, height: int, channels: int) -> Tensor:
    """이미지 하나를 `(channels, height, width)`, [-1, 1]로 읽습니다.

    Raises:
        ValueError: 읽을 수 없는 파일일 때.
    """
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as opened:
            image: Image.Image = ImageOps.exif_transpose(opened)
            if image.mode.startswith("I"):  # 16비트 흑백: 위 8비트만
                image = Image.fromarray((np.asarray(image) >> 8).clip(0, 255).astype(np.uint8))
            image = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"이미지를 읽을 수 없습니다: {path}") from error
    paper = Image.new("RGBA", image.size, "white")
    merged = Image.alpha_composite(paper, image).convert("L" if channels == 1 else "RGB")
    fitted = ImageOps.fit(merged, (width, height), Image.Resampling.LANCZOS)
    pixels = torch.from_numpy(np.array(fitted, dtype=np.float32)).reshape(height, width, channels)
    return pixels.permute(2, 0, 1) / 127.5 - 1
