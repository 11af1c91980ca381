"""여러분의 이미지 폴더를 읽고, 무엇을 읽고 무엇을 건너뛰었는지 알립니다."""

from __future__ import annotations

import os
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

import numpy as np
import torch
from torch import Tensor

from gan_docs.checks import image_shape
from gan_docs.data.containers import ImageData

if TYPE_CHECKING:
    from PIL import Image

IMAGE_SUFFIXES = (
    ".bmp", ".gif", ".jfif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"
)  # fmt: skip
# 운영 체제와 저장 장치가 만들어 둔 것. 점이나 밑줄 둘로 시작하는 것도 같음
SYSTEM = (
    "#recycle", "#snapshot", "$recycle.bin", "@eadir", "@recently-snapshot", "@recycle", "@tmp",
    "desktop.ini", "found.000", "icon\r", "lost+found", "network trash folder", "recycler",
    "system volume information", "temporary items", "thumbs.db",
)  # fmt: skip
PATIENCE = 1.0  # 읽기가 이보다 오래 걸리면 진행 막대를 보임, 단위 초


class Contents(NamedTuple):
    """폴더에서 찾은 것입니다.

    Attributes:
        groups: 종류의 이름과 그 이미지 파일. 하위 폴더가 둘보다 적으면 하나뿐입니다.
        skipped: 읽지 않은 파일의 수. 확장자마다 세고, 더 깊은 폴더는 `"하위 폴더"`, 열리지 않는
            이미지의 링크는 `"끊긴 링크"`로 셉니다.
    """

    groups: dict[str, list[Path]]
    skipped: Counter[str]


def folder(
    path: str | os.PathLike[str], width: int = 28, height: int = 28, channels: int = 1
) -> ImageData:
    """여러분의 이미지 폴더를 읽습니다. 하위 폴더가 둘 이상이면 그 이름이 종류가 됩니다.

    이미지는 비율을 지켜 가운데를 자르고 크기를 맞춥니다. 비치는 곳은 흰 바탕에 얹습니다.
    몇 장을 읽고 무엇을 건너뛰었는지 한 줄로 알립니다.

    Args:
        path: 이미지가 든 폴더. 확장자는 `IMAGE_SUFFIXES` 가운데 하나.
        width: 가로 화소 수. 8 이상 256 이하.
        height: 세로 화소 수. 8 이상 256 이하.
        channels: 1(흑백) 또는 3(색).

    Returns:
        이름순의 이미지. 모양 `(N, channels, height, width)`, uint8로 담습니다. 뽑으면 검정이 -1,
        흰색이 +1입니다. 흑백 사진을 `sample_grid`로 그릴 때는 `ink=False`를 줍니다.

    Raises:
        FileNotFoundError: 폴더가 없을 때.
        NotADirectoryError: 폴더가 아닐 때.
        TypeError: 크기나 채널이 정수가 아닐 때.
        ValueError: 크기가 맞지 않거나, 이미지가 없거나, 읽을 수 없는 이미지가 있거나, 폴더의 이름이
            UTF-8이 아닐 때.
    """
    image_shape(width, height, channels)
    root = located(Path(path))
    readable(str(root.resolve()))
    found = contents(root)
    files = [file for group in found.groups.values() for file in group]
    images = read_images(files, width, height, channels)
    name = composed(root.resolve().name)
    print(told(found, name, tuple(images.shape[1:])))
    if len(found.groups) == 1:
        return ImageData(name, images, None, ())
    counts = torch.tensor([len(files) for files in found.groups.values()])
    labels = torch.arange(len(counts)).repeat_interleave(counts)
    return ImageData(name, images, labels, tuple(found.groups))


def composed(name: str) -> str:
    """자모로 나뉜 이름(맥에서 압축한 파일)을 음절로 모읍니다."""
    return normalize("NFC", name)


def readable(name: str) -> str:
    """모델과 함께 적어 둘 수 있는 이름인지 확인하고 그대로 돌려줍니다.

    Raises:
        ValueError: UTF-8이 아닐 때(윈도우의 한글 이름을 다른 체제에서 푼 것).
    """
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"폴더의 이름이 UTF-8이 아닙니다. 이름을 바꾸세요: {name!r}") from error
    return name


def as_written(path: Path) -> Path:
    """자모로 나뉘었든 음절로 모았든, 디스크에 있는 이름으로 바꿉니다. 없으면 그대로입니다."""
    place = Path(path.anchor)
    for part in path.relative_to(path.anchor).parts:
        if not (place / part).exists() and place.is_dir():
            same = [each for each in os.listdir(place) if composed(each) == composed(part)]
            part = same[0] if same else part
        place /= part
    return place


def located(path: Path) -> Path:
    """이미지 폴더를 찾습니다.

    Raises:
        FileNotFoundError: 폴더가 없을 때.
        NotADirectoryError: 폴더가 아닐 때.
    """
    place = as_written(path)
    if not place.exists():
        raise FileNotFoundError(f"이미지 폴더가 없습니다: {path}")
    if not place.is_dir():
        raise NotADirectoryError(f"이미지 폴더가 아니라 파일입니다: {path}")
    return place


def contents(root: Path) -> Contents:
    """폴더에서 종류와 이미지를 찾고, 읽지 않을 것을 셉니다.

    Raises:
        ValueError: 이미지가 없거나, 이미지와 하위 폴더가 섞였거나, 종류의 이름이 겹치거나 UTF-8이
            아닐 때.
    """
    skipped: Counter[str] = Counter()
    loose = image_files(root, skipped)
    folders = [child for child in sorted(root.iterdir(), key=by_name) if usable(child)]
    folders = [child for child in folders if child.is_dir()]
    if folders and loose:
        raise ValueError(f"{root}에 이미지와 하위 폴더가 섞여 있습니다: 한쪽만 두세요")
    skipped.pop("하위 폴더", None)
    groups: dict[str, list[Path]] = {}
    for place in folders or [root]:
        name = readable(composed(place.name))
        if name in groups:
            raise ValueError(f"{root}에 이름이 같은 종류가 둘입니다: {name}. 하나로 합치세요")
        groups[name] = image_files(place, skipped) if folders else loose
        if not groups[name]:
            seen = f"(건너뛴 것: {listed(skipped)})" if skipped else ""
            wanted = f"{', '.join(IMAGE_SUFFIXES)} 파일을 두세요"
            if skipped["하위 폴더"]:
                wanted += ". 더 깊은 폴더에 있으면 그 바로 위의 폴더를 고르세요"
            raise ValueError(f"{place}에 이미지가 없습니다{seen}: {wanted}")
    return Contents(groups, skipped)


def by_name(path: Path) -> str:
    """어느 기계에서 읽어도 같은 차례입니다."""
    return composed(path.name)


def usable(path: Path) -> bool:
    """운영 체제와 도구가 만들어 둔 것(`.DS_Store`, `__MACOSX`, `@eaDir`)이 아닌지 봅니다."""
    return not path.name.startswith((".", "__")) and path.name.lower() not in SYSTEM


def image_files(folder: Path, skipped: Counter[str]) -> list[Path]:
    """폴더 바로 아래의 이미지 파일을 이름순으로 돌려주고, 나머지를 `skipped`에 셉니다."""
    found = []
    for path in sorted(folder.iterdir(), key=by_name):
        if not usable(path):
            continue
        suffix = path.suffix.lower()
        if path.is_dir():
            skipped["하위 폴더"] += 1
        elif suffix not in IMAGE_SUFFIXES:
            skipped[suffix or "확장자 없음"] += 1
        elif path.is_file():
            found.append(path)
        else:
            skipped["끊긴 링크"] += 1
    return found


def told(found: Contents, name: str, shape: tuple[int, ...]) -> str:
    """무엇을 읽고 무엇을 건너뛰었는지 한 줄로 적습니다."""
    channels, height, width = shape
    count = sum(map(len, found.groups.values()))
    kinds = f" {len(found.groups)}종류를" if len(found.groups) > 1 else "을"
    colour = "흑백으로" if channels == 1 else "컬러로"
    skipped = f" 건너뛴 것: {listed(found.skipped)}." if found.skipped else ""
    return f"{name}: 이미지 {count:,}장{kinds} {width}×{height} {colour} 읽었습니다.{skipped}"


def listed(skipped: Counter[str]) -> str:
    """건너뛴 것의 이름과 수입니다."""
    return ", ".join(f"{name} {count}개" for name, count in sorted(skipped.items()))


def read_images(files: list[Path], width: int, height: int, channels: int) -> Tensor:
    """파일을 차례로 읽어 `(N, channels, height, width)`, uint8로 모읍니다."""
    from tqdm import tqdm

    images = torch.empty(len(files), channels, height, width, dtype=torch.uint8)
    for number, file in enumerate(tqdm(files, unit="장", desc="읽기", delay=PATIENCE)):
        images[number] = read_image(file, width, height, channels)
    return images


def read_image(path: Path, width: int, height: int, channels: int) -> Tensor:
    """이미지 하나를 `(channels, height, width)`, uint8로 읽습니다.

    라이브러리의 경고는 파일의 이름과 함께 한국어 한 줄로 알립니다.

    Raises:
        ValueError: 읽을 수 없거나 너무 큰 파일일 때, 화소를 0–255로 옮길 수 없을 때.
    """
    from PIL import Image, ImageOps

    mode = "L" if channels == 1 else "RGB"
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            with Image.open(path) as opened:
                opened.draft(None, (2 * max(width, height),) * 2)  # 큰 JPEG은 줄여서 펼침
                shrunk = opened.width * opened.height
                opened.load()
                ImageOps.exif_transpose(opened, in_place=True)
                image = on_paper(opened, path)
                image = image if image.mode == mode else image.convert(mode)
        except PixelError:
            raise
        except Image.DecompressionBombError as error:
            most = 2 * (Image.MAX_IMAGE_PIXELS or 0)  # Pillow가 거절하는 화소의 수
            raise ValueError(
                f"이미지가 너무 큽니다. 화소가 {most:,}개를 넘지 않게 줄여서 두세요: {path}"
            ) from error
        except (OSError, ValueError, SyntaxError) as error:
            raise ValueError(f"이미지를 읽을 수 없습니다: {path}") from error
    if note := heard_of(heard, shrunk):
        print(f"{path}: {note}", file=sys.stderr)
    fitted = ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.array(fitted)).reshape(height, width, channels).permute(2, 0, 1)


def heard_of(heard: Sequence[warnings.WarningMessage], pixels: int) -> str:
    """라이브러리의 경고를 한국어로 옮깁니다. 알릴 것이 없으면 비어 있습니다.

    Args:
        heard: 파일 하나를 읽으며 받은 경고.
        pixels: 줄여서 펼친 화소의 수. 크다는 경고는 이것도 클 때만 옮깁니다.
    """
    from PIL import Image

    large = [each for each in heard if issubclass(each.category, Image.DecompressionBombWarning)]
    if len(large) < len(heard):
        return "흠이 있는 곳을 건너뛰고 읽었습니다"
    if large and pixels > (Image.MAX_IMAGE_PIXELS or 0):
        return f"화소가 {pixels:,}개라 메모리를 많이 씁니다"
    return ""


class PixelError(ValueError):
    """화소의 자료형을 0–255로 옮길 수 없습니다."""


def on_paper(image: Image.Image, path: Path) -> Image.Image:
    """비치는 곳을 흰 바탕에 얹은 0–255의 흑백 또는 컬러로 옮깁니다.

    Raises:
        PixelError: 화소의 범위를 자료형으로 알 수 없을 때.
    """
    from PIL import Image

    if image.mode in ("L", "RGB") and "transparency" not in image.info:
        return image  # 흔한 사진: 바탕을 따로 펼치지 않음
    whole = eight_bits(image, path)
    paper = Image.new("RGBA", whole.size, "white")
    paper.alpha_composite(whole)
    return paper


def eight_bits(image: Image.Image, path: Path) -> Image.Image:
    """화소를 0–255의 RGBA로 옮깁니다. 16비트는 위 8비트를 씁니다.

    Raises:
        PixelError: 화소의 범위를 자료형으로 알 수 없을 때(실수, 32비트와 부호 있는 정수).
    """
    from PIL import Image

    if image.mode in ("F", "I"):
        raise PixelError(
            f"화소가 8비트나 16비트의 0 이상 정수여야 합니다. 8비트로 바꾸어 두세요: {path}"
        )
    if not image.mode.startswith("I;16"):
        return image.convert("RGBA")
    values = np.asarray(image)
    clear = image.info.get("transparency")
    grey = (values >> 8).astype(np.uint8)
    opaque = np.where(values == clear, 0, 255) if clear is not None else np.full_like(grey, 255)
    return Image.fromarray(np.dstack([grey, grey, grey, opaque.astype(np.uint8)]))
