"""같은 데이터를 이름표 없이 배웁니다: 무엇을 쓸지 고를 수 없는 한글 GAN."""

from __future__ import annotations

import dataclasses

from gan_docs.experiments import hangul

# --8<-- [start:run]
# 조건 하나만 끄고 나머지는 조건부 학습 그대로
EXPERIMENT = dataclasses.replace(
    hangul.EXPERIMENT,
    name="hangul_unconditional",
    title="조건 없는 한글 GAN",
    parameters={**hangul.EXPERIMENT.parameters, "conditional": False, "watched": []},
)
# --8<-- [end:run]
