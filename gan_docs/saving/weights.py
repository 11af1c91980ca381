"""가중치와 설정을 safetensors로 저장하고 불러옵니다. 불러올 때 아무 코드도 실행하지 않습니다."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from gan_docs.discriminator import Discriminator
from gan_docs.files import replace, sweep
from gan_docs.generator import Generator
from gan_docs.points import PointDiscriminator, PointGenerator

WEIGHTS = "weights.safetensors"
HISTORY = "history.json"


def describe(network: nn.Module) -> dict[str, Any]:
    """신경망을 다시 만들 때 필요한 값을 모읍니다.

    Raises:
        TypeError: 이 패키지의 신경망이 아니어서 다시 만드는 방법을 모를 때.
    """
    if isinstance(network, Generator | Discriminator):
        channels, height, width = network.shape
        return {
            "kind": "image",
            "width": width,
            "height": height,
            "channels": channels,
            "latent_size": network.latent_size,
            "classes": network.classes,
        }
    if isinstance(network, PointGenerator):
        return {
            "kind": "point",
            "hidden_size": network.hidden_size,
            "depth": network.depth,
            "start": network.start,
            "gain": network.gain,
        }
    if isinstance(network, PointDiscriminator):
        return {
            "kind": "point",
            "hidden_size": network.hidden_size,
            "depth": network.depth,
            "pack": network.pack,
            "gain": network.gain,
            "waves": network.waves,
            "frequency": network.frequency,
        }
    raise TypeError(f"저장할 수 있는 신경망이 아닙니다: 받은 값 {type(network).__name__}")


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
        TypeError: 다시 만드는 방법을 모르는 신경망일 때.
    """
    parts = {"generator": generator, "discriminator": discriminator}
    document = {**settings, **{name: describe(part) for name, part in parts.items()}}
    weights = {
        f"{name}.{key}": tensor.detach().cpu().contiguous()
        for name, part in parts.items()
        for key, tensor in part.state_dict().items()
    }
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


def load_generator(folder: str | Path) -> tuple[Generator | PointGenerator, dict[str, Any]]:
    """저장한 생성기와 설정을 불러옵니다.

    Args:
        folder: `Trainer.save`가 만든 폴더.

    Returns:
        평가 상태의 생성기와, 저장할 때 적은 설정.

    Raises:
        FileNotFoundError: 저장한 파일이 없을 때.
        ValueError: 파일이 손상되었거나 이 패키지가 만든 것이 아닐 때.
    """
    path = Path(folder) / WEIGHTS
    if not path.is_file():
        raise FileNotFoundError(f"저장한 모델이 없습니다: {path}")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            stored = {key: file.get_tensor(key) for key in file.keys()}
        if checksum(stored, metadata["gan_docs"]) != metadata["sha256"]:
            raise KeyError("sha256")
        settings = json.loads(metadata["gan_docs"])
        prefix = "generator."
        weights = {
            key.removeprefix(prefix): tensor
            for key, tensor in stored.items()
            if key.startswith(prefix)
        }
        made = dict(settings["generator"])
        make = {"image": Generator, "point": PointGenerator}[made.pop("kind")]
        generator: Generator | PointGenerator = make(**made)
        generator.load_state_dict(weights)
    except (SafetensorError, KeyError, TypeError, RuntimeError, json.JSONDecodeError) as error:
        raise ValueError(f"모델 파일이 손상되었거나 다른 프로그램의 것입니다: {path}") from error
    return generator.eval(), settings
