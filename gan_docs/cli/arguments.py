"""명령줄이 받은 값을 일을 시작하기 전에 확인합니다."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from gan_docs import data
from gan_docs.checks import LARGEST_SEED, LARGEST_SIDE, whole_number
from gan_docs.data.folders import as_written, readable
from gan_docs.saving import checkpoint
from gan_docs.saving.weights import WEIGHTS

ROOM = 2**23  # 가장 작은 모델과 체크포인트를 쓸 자리, 단위 바이트
MOST = {  # 이보다 크면 메모리나 스레드가 모자라 멈춤
    "--batch-size": 10_000,
    "--checkpoint-every": 100_000_000,
    "--count": 100_000,
    "--height": LARGEST_SIDE,
    "--judge-steps": 1_000_000,
    "--patience": 86_400,
    "--seed": LARGEST_SEED,
    "--steps": 100_000_000,
    "--threads": 256,
    "--width": LARGEST_SIDE,
}


def check_number(name: str, value: int, *, least: int) -> None:
    """`least`부터 이 인자의 가장 큰 값까지인지 확인합니다.

    Raises:
        ValueError: 범위를 벗어날 때.
    """
    whole_number(name, value, least=least, most=MOST[name])


def check_file(file: Path, *suffixes: str) -> None:
    """끝의 이름이 맞고 그 자리에 쓸 수 있는지 확인합니다.

    Raises:
        ValueError: 이름이 다르거나, 폴더가 없거나, 쓸 수 없을 때.
    """
    if file.suffix not in suffixes:
        wanted = " 또는 ".join(suffixes)
        raise ValueError(f"--out은 {wanted} 파일이어야 합니다: 받은 값 {file}")
    if not file.parent.is_dir():
        raise ValueError(f"--out의 폴더가 없습니다: {file.parent}")
    if file.is_dir():
        raise ValueError(f"--out은 파일이어야 합니다. 같은 이름의 폴더가 있습니다: {file}")
    check_writable(file.parent)


def check_writable(folder: Path, room: int = 0) -> None:
    """폴더에 쓸 수 있는지, 적어도 `room`바이트가 남았는지 확인합니다.

    Raises:
        OSError: 자리가 모자랄 때.
        ValueError: 쓸 수 없을 때.
    """
    try:
        file = tempfile.TemporaryFile(dir=folder)
    except OSError as error:
        raise ValueError(f"폴더에 쓸 수 없습니다: {folder}") from error
    with file:
        file.write(bytes(room))


def check_folder(folder: Path, overwrite: bool, resume: bool) -> None:
    """저장할 폴더를 만들고 쓸 수 있는지, 아무것도 만들지 않고 확인합니다.

    Raises:
        OSError: 디스크가 가득 찼을 때.
        ValueError: 쓸 수 없거나, 이름이 UTF-8이 아니거나, 앞선 결과가 있는데 바꾸라거나 이어 하라는
            말이 없을 때.
    """
    readable(str(folder))
    if overwrite and resume:
        raise ValueError("--resume(이어 하기)과 --overwrite(바꾸기)는 함께 쓸 수 없습니다")
    standing = next(place for place in (folder, *folder.parents) if os.path.lexists(place))
    if standing == folder and folder.is_dir():
        check_writable(folder, ROOM)
    else:
        try:
            check_writable(standing, ROOM)
        except ValueError as error:
            raise ValueError(f"폴더를 만들 수 없습니다: {folder}") from error
    if ((folder / WEIGHTS).exists() or checkpoint.exists(folder)) and not (overwrite or resume):
        raise ValueError(
            f"{folder}에 앞선 결과가 있습니다. "
            "이어 하려면 --resume을, 바꾸려면 --overwrite를 붙이세요"
        )


def check_apart(out: Path, name: str) -> None:
    """저장할 폴더가 배울 이미지의 폴더 안에 있지 않은지 확인합니다.

    Raises:
        ValueError: 안에 있을 때. 다음 학습이 결과를 이미지의 종류로 읽게 됩니다.
    """
    real, images = (Path(os.path.realpath(as_written(each))) for each in (out, Path(name)))
    if name not in data.DATASETS and real.is_relative_to(images):
        raise ValueError(f"--out은 --data의 폴더 밖에 두어야 합니다: 받은 값 {out}")
