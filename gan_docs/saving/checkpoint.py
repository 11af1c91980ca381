"""체크포인트 파일: 텐서와 설정을 한 파일에 담습니다. 읽을 때 아무 코드도 실행하지 않습니다."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from safetensors import SafetensorError
from safetensors.torch import load as unpack
from safetensors.torch import save as pack
from torch import Tensor

from gan_docs.files import replace, sweep, sync
from gan_docs.saving.tensors import separated

NEWEST, PREVIOUS = "checkpoint.gan", "checkpoint-previous.gan"
MAGIC = b"gan_docs checkpoint 1 sha256 "
FIRST_LINE = len(MAGIC) + 64 + 1  # 이름, 16진수 64자, 줄바꿈
LARGEST_DOCUMENT = 2**20
LARGEST_FILE = 2**34
PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin")
PICKLE_STARTS = (b"\x80", b"PK\x03\x04")  # 피클과, 피클을 담은 zip


class Snapshot(NamedTuple):
    """체크포인트 하나입니다.

    Attributes:
        tensors: 이름마다의 텐서.
        document: 함께 적은 설정과 버전.
    """

    tensors: dict[str, Tensor]
    document: dict[str, Any]


# --8<-- [start:format]
def encode(snapshot: Snapshot) -> bytes:
    """첫 줄은 이름과 sha256, 둘째 줄은 JSON 설정, 나머지는 safetensors인 바이트로 적습니다.

    첫 줄의 sha256은 그 뒤의 모든 바이트를 덮습니다. 같은 상태는 같은 바이트가 됩니다.
    """
    text = json.dumps(snapshot.document, ensure_ascii=False, sort_keys=True)
    body = text.encode("utf-8") + b"\n" + pack(separated(snapshot.tensors))
    return MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def decode(content: bytes) -> Snapshot:
    """바이트를 확인하고 체크포인트로 풉니다.

    Raises:
        ValueError: 다른 파일이거나 한 바이트라도 바뀌었을 때.
    """
    if content.startswith(PICKLE_STARTS):
        raise ValueError("피클(.pt)은 열기만 해도 코드를 실행할 수 있어 읽지 않습니다")
    if not content.startswith(MAGIC):
        raise ValueError("gan_docs의 체크포인트가 아닙니다")
    first, body = content[:FIRST_LINE], content[FIRST_LINE:]
    if first != MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n":
        raise ValueError("손상되었습니다(sha256이 다름)")
    end = body.find(b"\n", 0, LARGEST_DOCUMENT)
    try:
        document = json.loads(body[: max(end, 0)])
        tensors = unpack(body[end + 1 :])
    except (SafetensorError, ValueError, KeyError, RecursionError) as error:
        raise ValueError(f"내용을 읽을 수 없습니다({type(error).__name__})") from error
    if not isinstance(document, dict):
        raise ValueError("설정이 사전이 아닙니다")
    return Snapshot(tensors, document)


# --8<-- [end:format]


# --8<-- [start:write]
def write(folder: Path, snapshot: Snapshot) -> Path:
    """체크포인트를 `folder`에 쓰고, 바로 앞의 온전한 것 하나를 남겨 둡니다.

    다른 이름으로 다 쓰고 디스크에 닿은 뒤에야 제자리로 옮깁니다. 어느 순간에 꺼져도
    온전한 체크포인트가 하나는 있습니다.

    Args:
        folder: 쓸 폴더. 없으면 만듭니다.
        snapshot: 쓸 체크포인트.

    Returns:
        쓴 파일.

    Raises:
        OSError: 쓸 수 없을 때. 앞선 체크포인트는 그대로 남습니다.
    """
    content = encode(snapshot)
    folder.mkdir(parents=True, exist_ok=True)
    newest = folder / NEWEST
    sweep(newest)

    def write_and_rotate(temporary: Path) -> None:
        temporary.write_bytes(content)
        sync(temporary)
        if problem(newest) is None:  # 상한 것이 온전한 앞의 것을 밀어내지 않도록
            os.replace(newest, folder / PREVIOUS)

    replace(newest, write_and_rotate)
    return newest


# --8<-- [end:write]


# --8<-- [start:read]
def read(folder: Path) -> tuple[Snapshot, list[str]]:
    """가장 새로운 온전한 체크포인트를 읽습니다.

    Args:
        folder: 체크포인트가 있는 폴더. 파일을 주면 그 파일만 봅니다.

    Returns:
        읽은 체크포인트와, 알릴 것. 새것이 상해 앞의 것을 골랐으면 한 줄이 있습니다.

    Raises:
        FileNotFoundError: 체크포인트가 하나도 없을 때.
        ValueError: 있는 것이 모두 상했을 때.
    """
    alone = folder.is_file() or folder.suffix.lower() in PICKLES
    problems = list[str]()
    for file in [folder] if alone else [folder / NEWEST, folder / PREVIOUS]:
        try:
            found = opened(file)
        except ValueError as error:
            problems.append(str(error))
        else:
            return found, [f"{each}. 그 앞의 체크포인트에서 이어 갑니다." for each in problems]
    if not alone and not exists(folder):
        raise FileNotFoundError(f"이어 할 체크포인트가 없습니다: {folder / NEWEST}")
    raise ValueError(f"읽을 수 있는 체크포인트가 없습니다: {'; '.join(problems)}")


# --8<-- [end:read]


def exists(folder: Path) -> bool:
    """이 폴더에 체크포인트가 있는지 봅니다. 상했는지는 보지 않습니다."""
    return any((folder / name).is_file() for name in (NEWEST, PREVIOUS))


def remove(folder: Path) -> None:
    """이 폴더의 체크포인트를 지웁니다."""
    for name in (NEWEST, PREVIOUS):
        (folder / name).unlink(missing_ok=True)


def opened(file: Path) -> Snapshot:
    """체크포인트 파일 하나를 확인하고 풉니다.

    Raises:
        ValueError: 읽지 못할 때. 파일의 이름과 이유를 적습니다.
    """
    if file.suffix.lower() in PICKLES:
        raise ValueError(f"{file}: 피클(.pt)은 열기만 해도 코드를 실행할 수 있어 읽지 않습니다")
    if not file.is_file():
        raise ValueError(f"{file}: 파일이 없습니다")
    if file.stat().st_size > LARGEST_FILE:
        size = file.stat().st_size
        raise ValueError(f"{file}: 체크포인트라기에는 너무 큽니다({size:,}바이트)")
    try:
        return decode(file.read_bytes())
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error


def problem(file: Path) -> str | None:
    """체크포인트 파일을 읽지 못할 이유입니다. 온전하면 `None`."""
    try:
        opened(file)
    except ValueError as error:
        return str(error)
    return None
