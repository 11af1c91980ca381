"""가중치와 설정을 safetensors로 저장하고 불러옵니다. 불러올 때 아무 코드도 실행하지 않습니다."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, overload

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from gan_docs.discriminator import Discriminator
from gan_docs.files import replace, sweep
from gan_docs.generator import Generator
from gan_docs.points import PointDiscriminator, PointGenerator
from gan_docs.saving.tensors import load_plain, plain_state, separated, shapes, uncompiled

Maker = Callable[[], nn.Module]

WEIGHTS = "weights.safetensors"
HISTORY = "history.json"
OWN = "own"  # 여러분이 만든 신경망
DAMAGED = "모델 파일이 손상되었거나 다른 프로그램의 것입니다"


def describe(network: nn.Module) -> dict[str, Any]:
    """신경망을 다시 만들 때 필요한 값을 모읍니다. 이 패키지의 것이 아니면 이름만 적습니다."""
    network = uncompiled(network)
    made = arguments(network)
    if made is not None:
        known = {key: value for key, value in made.items() if key != "kind"}
        with torch.device("meta"):  # 모양만 보므로 값은 만들지 않음
            fresh = type(network)(**known)
        if shapes(fresh.state_dict()) == shapes(plain_state(network)):  # 층을 바꾸지 않았으면
            return made
    return {"kind": OWN, "class": type(network).__name__, "classes": getattr(network, "classes", 0)}


def arguments(network: nn.Module) -> dict[str, Any] | None:
    """이 패키지의 신경망을 만든 인자입니다. 물려받은 클래스를 포함해 다른 것이면 `None`."""
    kind = type(network)
    if isinstance(network, Generator | Discriminator) and kind in (Generator, Discriminator):
        channels, height, width = network.shape
        return {
            "kind": "image",
            "width": width,
            "height": height,
            "channels": channels,
            "latent_size": network.latent_size,
            "classes": network.classes,
        }
    if isinstance(network, PointGenerator) and kind is PointGenerator:
        return {
            "kind": "point",
            "hidden_size": network.hidden_size,
            "depth": network.depth,
            "start": network.start,
            "gain": network.gain,
        }
    if isinstance(network, PointDiscriminator) and kind is PointDiscriminator:
        return {
            "kind": "point",
            "hidden_size": network.hidden_size,
            "depth": network.depth,
            "pack": network.pack,
            "gain": network.gain,
            "waves": network.waves,
            "frequency": network.frequency,
        }
    return None


def save(
    folder: Path,
    generator: nn.Module,
    discriminator: nn.Module,
    settings: dict[str, Any],
    history: list[dict[str, float]],
) -> Path:
    """두 신경망의 가중치, 설정, 기록을 저장합니다.

    Args:
        folder: 저장할 폴더. 없으면 만듭니다.
        generator: 저장할 생성기.
        discriminator: 저장할 판별기.
        settings: 함께 적을 값. JSON으로 적을 수 있어야 합니다.
        history: 스텝마다의 기록.

    Returns:
        저장한 폴더.

    Raises:
        OSError: 폴더에 쓸 수 없을 때. 앞서 저장한 파일은 그대로 남습니다.
        TypeError: 텐서가 아닌 상태를 지닌 층이 있을 때.
    """
    parts = {"generator": generator, "discriminator": discriminator}
    document = {**settings, **{name: describe(part) for name, part in parts.items()}}
    weights = separated(
        {
            f"{name}.{key}": tensor
            for name, part in parts.items()
            for key, tensor in plain_state(part).items()
        }
    )
    text = json.dumps(document, ensure_ascii=False)
    metadata = {"gan_docs": text, "sha256": checksum(weights, text)}
    lines = json.dumps(history)
    folder.mkdir(parents=True, exist_ok=True)
    for name in (WEIGHTS, HISTORY):
        sweep(folder / name)
    replace(folder / WEIGHTS, lambda path: save_file(weights, path, metadata))
    replace(folder / HISTORY, lambda path: path.write_text(lines, encoding="utf-8"))
    return folder


def checksum(weights: Mapping[str, Tensor], text: str) -> str:
    """가중치와 설정을 모두 읽어 sha256으로 줄입니다. 한 바이트만 달라도 값이 다릅니다."""
    total = hashlib.sha256(text.encode("utf-8"))
    for key in sorted(weights):
        tensor = weights[key]
        total.update(f"{key} {tensor.dtype} {tuple(tensor.shape)}".encode())
        total.update(tensor.contiguous().numpy().tobytes())
    return total.hexdigest()


@overload
def load_generator(
    folder: str | Path, make_generator: None = None
) -> tuple[Generator | PointGenerator, dict[str, Any]]: ...


@overload
def load_generator(
    folder: str | Path, make_generator: Maker
) -> tuple[nn.Module, dict[str, Any]]: ...


def load_generator(
    folder: str | Path, make_generator: Maker | None = None
) -> tuple[nn.Module, dict[str, Any]]:
    """저장한 생성기와 설정을 불러옵니다.

    Args:
        folder: `Trainer.save`가 만든 폴더.
        make_generator: 학습할 때와 같은 생성기를 새로 만드는 함수. 인자 없이 부릅니다.
            여러분이 만든 신경망이면 줍니다. 이 패키지의 신경망이면 생략합니다.

    Returns:
        평가 상태의 생성기와, 저장할 때 적은 설정.

    Raises:
        FileNotFoundError: 저장한 파일이 없을 때.
        TypeError: 여러분이 만든 신경망인데 `make_generator`가 없거나, 신경망을 만들지 않을 때.
        ValueError: 파일이 손상되었거나, 만든 신경망이 저장한 것과 다를 때.
    """
    makers = {"image": Generator, "point": PointGenerator}
    return load(Path(folder), "generator", makers, make_generator)


@overload
def load_discriminator(
    folder: str | Path, make_discriminator: None = None
) -> tuple[Discriminator | PointDiscriminator, dict[str, Any]]: ...


@overload
def load_discriminator(
    folder: str | Path, make_discriminator: Maker
) -> tuple[nn.Module, dict[str, Any]]: ...


def load_discriminator(
    folder: str | Path, make_discriminator: Maker | None = None
) -> tuple[nn.Module, dict[str, Any]]:
    """저장한 판별기와 설정을 불러옵니다.

    Args:
        folder: `Trainer.save`가 만든 폴더.
        make_discriminator: 학습할 때와 같은 판별기를 새로 만드는 함수. 인자 없이 부릅니다.
            여러분이 만든 신경망이면 줍니다. 이 패키지의 신경망이면 생략합니다.

    Returns:
        평가 상태의 판별기와, 저장할 때 적은 설정.

    Raises:
        FileNotFoundError: 저장한 파일이 없을 때.
        TypeError: 여러분이 만든 신경망인데 `make_discriminator`가 없거나, 신경망을 만들지 않을 때.
        ValueError: 파일이 손상되었거나, 만든 신경망이 저장한 것과 다를 때.
    """
    makers = {"image": Discriminator, "point": PointDiscriminator}
    return load(Path(folder), "discriminator", makers, make_discriminator)


def load(
    folder: Path, part: str, makers: Mapping[str, Callable[..., nn.Module]], make: Maker | None
) -> tuple[nn.Module, dict[str, Any]]:
    """두 신경망 가운데 하나를 다시 만들어 저장한 가중치를 넣습니다."""
    weights, settings = opened(folder / WEIGHTS, part)
    try:
        given = dict(settings[part])
        kind = given.pop("kind")
        own = kind == OWN
        network = makers[kind](**given) if not own and make is None else None
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{DAMAGED}: {folder / WEIGHTS}") from error
    if make is not None:
        network = make()
        if not isinstance(network, nn.Module):
            raise TypeError(
                f"make_{part}는 신경망(nn.Module)을 만드는 함수여야 합니다: 만든 것 {network!r}"
            )
    if network is None:
        raise TypeError(
            f"여러분이 만든 신경망 {given.get('class')}을(를) 저장한 것이라, 그것을 만드는 함수가 "
            f"있어야 불러올 수 있습니다: load_{part}(폴더, make_{part}=만드는 함수)"
        )
    for tensor in weights.values():
        if tensor.is_floating_point():
            network.to(tensor.dtype)  # 배정밀도로 배운 것은 배정밀도로
            break
    try:
        load_plain(network, weights)
    except RuntimeError as error:
        if make is None:
            raise ValueError(f"{DAMAGED}: {folder / WEIGHTS}") from error
        raise ValueError(
            f"make_{part}이(가) 만든 신경망이 저장한 것과 다릅니다: "
            f"{unlike(weights, plain_state(network))}"
        ) from error
    return network.eval(), settings


def opened(path: Path, part: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """저장한 파일을 확인하고, 한 신경망의 가중치와 설정을 꺼냅니다.

    Raises:
        FileNotFoundError: 저장한 파일이 없을 때.
        ValueError: 파일이 손상되었거나 이 패키지가 만든 것이 아닐 때.
    """
    if not path.is_file():
        raise FileNotFoundError(f"저장한 모델이 없습니다: {path}")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            stored = {key: file.get_tensor(key) for key in file.keys()}
        if checksum(stored, metadata["gan_docs"]) != metadata["sha256"]:
            raise KeyError("sha256")
        settings = json.loads(metadata["gan_docs"])
    except (SafetensorError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{DAMAGED}: {path}") from error
    prefix = f"{part}."
    return {
        key.removeprefix(prefix): tensor for key, tensor in stored.items() if key.startswith(prefix)
    }, settings


def unlike(stored: Mapping[str, Tensor], made: Mapping[str, Tensor]) -> str:
    """저장한 가중치와 만든 신경망이 처음으로 다른 곳을 적습니다."""
    before, now = shapes(stored), shapes(made)
    name = next(each for each in [*before, *now] if before.get(each) != now.get(each))
    told = [str(tuple(each[name])) if name in each else "없음" for each in (before, now)]
    return f"{name}이(가) 저장한 것에는 {told[0]}, 만든 것에는 {told[1]}"
