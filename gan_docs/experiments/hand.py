"""한 자 쓰면 열네 자: 거꾸로 찾는 한 스텝을 내보내고, 쓴 글자를 놓을 자리를 잽니다."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from gan_docs.data import hangul
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.explorer import restored
from gan_docs.inversion import step_to_onnx


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """파일의 내용과, 글자마다 배운 글자의 긴 변의 중앙값을 남깁니다."""
    content = step_to_onnx(restored(needs["hangul"]))
    data = hangul(jitter=False)
    longest = sides(data.images).reshape(-1, data.classes)
    return Result(
        {"bytes": len(content), "kilobytes": len(content) / 1000},
        {"onnx": np.frombuffer(content, np.uint8), "longest": np.median(longest, axis=0)},
    )


def sides(images: Tensor) -> NDArray[np.float64]:
    """잉크를 꼭 두르는 네모의 긴 변입니다. 단위 화소, 모양 `(N,)`.

    이미지는 [-1, 1]이고 모양은 `(N, 1, H, W)`입니다. 0보다 크면 잉크로 봅니다.
    """
    inked = (images[:, 0] > 0).numpy()
    spans = []
    for axis in (1, 2):
        filled = np.asarray(inked.any(axis))
        first, last = filled.argmax(1), filled[:, ::-1].argmax(1)
        spans.append(filled.shape[1] - first - last)
    longest: NDArray[np.float64] = np.max(spans, axis=0).astype(float)
    return longest


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "hand",
    "브라우저로 내보낸 거꾸로 찾기",
    run,
    needs=("hangul",),
    files=("gan_docs/assets/hangul.npz",),
    tools=("onnx", "onnxscript"),
    cost=20,
)
