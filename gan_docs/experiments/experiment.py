"""실험 하나의 꼴: 무엇을 받아 무엇을 내놓는지."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from numpy.typing import NDArray

Number = int | float | str
Report = Callable[[int], None]


class Result(NamedTuple):
    """실험의 결과: 페이지가 인용할 수와, 그림이 그릴 배열입니다."""

    numbers: Mapping[str, Number]
    arrays: dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Experiment:
    """빌드가 돌릴 실험 하나입니다.

    Attributes:
        name: 파일의 이름과 같은 이름.
        title: 페이지에 적을 이름.
        run: `(experiment, report, needs)`를 받아 결과를 냅니다. `report(스텝)`은 진행을 알립니다.
        seed: 난수의 시드.
        steps: 학습의 스텝 수. 학습하지 않으면 0.
        parameters: 결과를 바꾸는 그 밖의 값. JSON으로 적을 수 있어야 합니다.
        needs: 먼저 끝나야 하는 실험의 이름.
        files: 결과를 바꾸는 파일. 저장소의 뿌리에서 본 자리.
        tools: 결과를 바꾸는, 모두가 쓰지는 않는 패키지의 이름.
        alone: 시간을 재는 실험이라 다른 실험과 나란히 돌리지 않을지.
        cost: 어림한 CPU 초. 긴 것부터 시작해 코어들이 함께 끝나게 합니다.
    """

    name: str
    title: str
    run: Callable[[Experiment, Report, Mapping[str, Result]], Result]
    seed: int = 0
    steps: int = 0
    parameters: Mapping[str, Any] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    alone: bool = False
    cost: float = 0.0
