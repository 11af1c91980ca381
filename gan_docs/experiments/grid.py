"""발표된 표와 같은 격자를 시드 다섯으로 배웁니다."""

from __future__ import annotations

import dataclasses

from gan_docs.experiments import ring

# --8<-- [start:run]
# 고리와 같은 코드에서 데이터와 스텝 수만 바꿈
EXPERIMENT = dataclasses.replace(
    ring.EXPERIMENT,
    name="grid",
    title="격자, 시드 다섯",
    steps=14_000,
    parameters={**ring.EXPERIMENT.parameters, "data": "grid"},
    cost=130,
)
# --8<-- [end:run]
