"""무엇으로 학습했는지 적어 두고, 잴 때 같은 것인지 확인합니다."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gan_docs import data
from gan_docs.data import Data, ImageData, MixtureData
from gan_docs.data.folders import as_written
from gan_docs.hint import closest

SHAPE = ("width", "height", "channels")
EVALUATION = "evaluation.json"  # 학습한 폴더 안의, 모델을 잰 값


def read(name: str, shape: Mapping[str, int]) -> ImageData | MixtureData:
    """이름이면 그 데이터를, 있는 폴더면 그 안의 이미지를 읽습니다.

    Args:
        name: `DATASETS`의 이름 또는 이미지 폴더.
        shape: `SHAPE` 가운데 고른 것. 고르지 않으면 데이터의 기본값.

    Raises:
        ValueError: 아는 이름도 있는 폴더도 아닐 때, 그 데이터의 크기를 고를 수 없을 때.
    """
    if name in data.DATASETS:
        make = data.DATASETS[name]
        if fixed := shape.keys() - inspect.signature(make).parameters.keys():
            asked = ", ".join(f"--{each}" for each in SHAPE if each in fixed)
            raise ValueError(f"{name} 데이터에는 쓸 수 없습니다: {asked}. 값이 정해져 있습니다")
        return make(**shape)
    if as_written(Path(name)).exists():
        return data.folder(name, **shape)
    wanted = ", ".join(data.DATASETS)
    hint = closest(name, data.DATASETS)
    raise ValueError(f"데이터는 {wanted} 또는 이미지 폴더여야 합니다: 받은 값 {name!r}{hint}")


def described(name: str, read: Data) -> dict[str, Any]:
    """나중에 같은 데이터를 다시 읽고 확인할 때 쓸 것입니다. JSON으로 적을 수 있습니다."""
    told: dict[str, Any] = {"kind": "name", "name": name, "sha256": read.digest()}
    if isinstance(read, ImageData):
        told |= {each: getattr(read, each) for each in SHAPE} | {"count": len(read.images)}
    if name not in data.DATASETS:
        told |= {"kind": "folder", "path": str(as_written(Path(name)).resolve())}
    return told


def read_again(settings: Mapping[str, Any], shape: Mapping[str, int]) -> ImageData | MixtureData:
    """학습한 데이터를 다시 읽고, 그때의 것과 같은지 확인합니다.

    Args:
        settings: 모델과 함께 저장한 설정.
        shape: 생성기가 만드는 이미지의 크기. 데이터를 적어 두지 않은 설정에 씁니다.

    Raises:
        ValueError: 학습기가 저장한 설정이 아니거나, 폴더가 없어졌거나, 내용이 달라졌을 때.
    """
    if missing := {"data", "class_names", "step"} - settings.keys():
        raise ValueError(f"모델의 설정에 없는 값이 있습니다: {', '.join(sorted(missing))}")
    name, source = dataset(settings), settings.get("source")
    if not isinstance(source, Mapping):
        return read_named(settings["data"], shape)
    size = {each: source[each] for each in SHAPE if each in source}
    if name is not None:
        read = read_named(name, size)
    elif as_written(Path(source["path"])).is_dir():
        read = data.folder(source["path"], **size)
    else:
        raise ValueError(
            f"학습한 이미지 폴더가 없습니다: {source['path']}. 그 자리에 되돌려 놓으세요"
        )
    if read.digest() != source["sha256"]:
        now = f", 지금 {len(read.images)}장" if isinstance(read, ImageData) else ""
        then = f": 그때 {source['count']}장{now}" if "count" in source else ""
        raise ValueError(f"학습한 뒤에 데이터가 달라져 잴 수 없습니다{then}: {read.name}")
    return read


def dataset(settings: Mapping[str, Any]) -> str | None:
    """학습한 데이터의 `DATASETS`의 이름입니다. 이미지 폴더로 배웠으면 `None`."""
    source = settings.get("source")
    if not isinstance(source, Mapping):  # `Trainer.save`로 저장해 이름만 남은 것
        return str(settings["data"])
    return source["name"] if source["kind"] == "name" else None


def photographs(settings: Mapping[str, Any]) -> bool:
    """여러분의 이미지로 배웠는지 봅니다. `Trainer.save`로 저장한 것은 이름으로 가립니다."""
    name = dataset(settings)
    return name is None or name.partition("-")[0] not in data.DATASETS  # 나눔은 hangul-all처럼 적힘


def read_named(name: str, shape: Mapping[str, int]) -> ImageData | MixtureData:
    """이름으로 데이터를 부릅니다. 고를 수 있는 크기만 고릅니다.

    Raises:
        ValueError: 그런 이름의 데이터가 없을 때.
    """
    if name not in data.DATASETS:
        raise ValueError(
            f"학습한 데이터를 찾을 수 없습니다: {name}. 이미지 폴더로 배운 것은 명령줄의 "
            "train으로 학습해야 잴 수 있습니다"
        )
    make = data.DATASETS[name]
    known = inspect.signature(make).parameters
    return make(**{each: value for each, value in shape.items() if each in known})
