"""패키지에 함께 든 배열을 읽습니다. 없거나 깨졌으면 무엇을 할지 알립니다."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def shipped(path: Path, *names: str) -> dict[str, NDArray[Any]]:
    """npz에서 이름마다의 배열을 읽습니다.

    Raises:
        FileNotFoundError: 파일이 없을 때.
        ValueError: 파일이 깨졌거나 그런 배열이 없을 때.
    """
    if not path.is_file():
        raise FileNotFoundError(f"데이터 파일이 없습니다: {path}. gan_docs를 다시 설치하세요")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return {name: archive[name] for name in names}
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"데이터 파일이 깨졌습니다: {path}. gan_docs를 다시 설치하세요") from error
