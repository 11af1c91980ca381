"""한 자 쓰면 열네 자: 브라우저가 글씨체를 거꾸로 찾을 때 쓰는 모델과 설정입니다."""

from __future__ import annotations

from typing import Any

from gan_docs.data import SYLLABLES
from gan_docs.experiments import hangul
from gan_docs.experiments.experiment import Result
from gan_docs.experiments.explorer import restored
from gan_docs.export import EPSILON
from gan_docs.inversion import ASKED, PRIOR, RATE, STARTS, STEPS, WEIGHT, step

MODEL = "hand"


def shapes(found: Result) -> dict[str, Any]:
    """한 스텝의 입력의 모양과 출력의 이름입니다. 0은 부를 때 정하는 글자의 수입니다."""
    function = step(restored(found))
    inputs = {
        name: [0 if name in ASKED and not axis else side for axis, side in enumerate(value.shape)]
        for name, value in function.inputs.items()
        if not name.startswith(WEIGHT)
    }
    return {"inputs": inputs, "outputs": list(function.outputs)}


def settings(found: Result) -> dict[str, Any]:
    """찾는 조건과, 글자마다 맞출 긴 변입니다."""
    return {
        "syllables": list(SYLLABLES),
        "classes": len(SYLLABLES),
        "latent_size": hangul.EXPERIMENT.parameters["latent_size"],
        "starts": STARTS,
        "steps": STEPS,
        "rate": RATE,
        "prior": PRIOR,
        "epsilon": EPSILON,
        "longest": found.arrays["longest"].tolist(),
    }
