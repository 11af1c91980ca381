"""브라우저가 받을 파일을 묶고, 브라우저가 확인할 크기와 sha256을 적습니다."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_docs.export import Function


def pack(place: Path, name: str, content: bytes) -> dict[str, Any]:
    """내용을 묶어 두고, 브라우저가 확인할 것을 돌려줍니다."""
    packed = gzip.compress(content, mtime=0)
    digest = hashlib.sha256(packed).hexdigest()
    stem, dot, suffix = name.partition(".")
    file = f"{stem}-{digest[:8]}{dot}{suffix}.gz"
    (place / file).write_bytes(packed)
    return {"file": file, "bytes": len(packed), "unpacked": len(content), "sha256": digest}


def pack_arrays(place: Path, name: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """배열들을 한 파일에 이어 담고, 저마다의 자리와 모양과 자료형을 적습니다."""
    layout, parts, start = {}, [], 0
    for key, array in arrays.items():
        content = np.ascontiguousarray(array).tobytes()
        content += b"\0" * (-len(content) % 4)  # 브라우저는 네 바이트에 맞춘 자리에서만 읽음
        layout[key] = {"type": array.dtype.name, "shape": list(array.shape), "start": start}
        parts.append(content)
        start += len(content)
    return {**pack(place, name, b"".join(parts)), "layout": layout}


def shapes(function: Function) -> dict[str, Any]:
    """내보낸 함수의 입력의 모양과 출력의 이름입니다."""
    inputs = {key: list(value.shape) for key, value in function.inputs.items()}
    return {"inputs": inputs, "outputs": list(function.outputs)}
