"""잰 시간: 같은 코드를 다시 돌려도 같을 수 없는, 빌드의 하나뿐인 데이터.

가중치와 그림은 같은 기계에서 다시 만들면 한 바이트도 다르지 않지만, 걸린 시간은 잴 때마다 다릅니다.
그래서 빌드의 기록 `build.json`에 잰 것을 모두 적고, 그 기록을 환경 변수 `GAN_DOCS_MEASURED`로 주면
시간은 다시 재지 않고 그것을 씁니다. 나머지는 모두 새로 만듭니다.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_docs.experiments.experiment import Number, Result

VARIABLE = "GAN_DOCS_MEASURED"
UNIT = "seconds"  # 이름에 이 낱말이 든 수는 잰 것


class MeasuredError(ValueError):
    """받은 기록의 시간을 쓸 수 없습니다."""


@cache
def _read(file: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        document = json.loads(file.read_text("utf-8"))
        return {made["name"]: made for made in document["experiments"]}
    except (OSError, ValueError, KeyError, TypeError):
        raise MeasuredError(
            f"{VARIABLE}는 빌드가 적은 build.json이어야 합니다: 받은 값 {file}"
        ) from None


def inherited(name: str, key: str) -> Mapping[str, Any] | None:
    """실험 하나의 잰 것입니다. 환경 변수가 없어 물려받지 않는 빌드면 `None`.

    Raises:
        MeasuredError: 기록에 이 실험이 없거나 키가 다를 때.
    """
    chosen = os.environ.get(VARIABLE)
    if not chosen:
        return None
    known = _read(Path(chosen))
    if known.get(name, {}).get("key") != key:
        raise MeasuredError(
            f"{VARIABLE}의 기록에 실험 {name}의 키 {key[:8]}이(가) 없습니다. "
            "같은 코드와 같은 버전으로 빌드한 build.json을 주세요"
        )
    return known[name]


def whole(made: Mapping[str, Any]) -> Result:
    """시간만 재는 실험의 결과를 기록에서 그대로 꺼냅니다."""
    arrays = {
        name: np.array(array["values"], array["type"]) for name, array in made["arrays"].items()
    }
    return Result(made["numbers"], arrays)


def settled(numbers: Mapping[str, Number], made: Mapping[str, Any]) -> dict[str, Number]:
    """잰 수만 기록의 것으로 바꾼 수입니다."""
    return {name: made["numbers"][name] if UNIT in name else n for name, n in numbers.items()}


def written(arrays: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """시간만 재는 실험의 배열을 기록에 적을 꼴로 바꿉니다."""
    return {
        name: {"type": array.dtype.name, "values": array.tolist()} for name, array in arrays.items()
    }
