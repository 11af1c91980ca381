"""100줄 GAN을 쪽에 실린 파일 그대로 돌리고, 만든 숫자를 분류기로 셉니다."""

from __future__ import annotations

import runpy
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from gan_docs.experiments.experiment import Experiment, Report, Result

FILE = "docs/examples/gan100.py"


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """학습한 뒤 1,000자를 만들어, 진짜 숫자로 배운 분류기가 읽은 숫자를 셉니다."""
    from sklearn.datasets import load_digits
    from sklearn.svm import SVC

    path = Path(__file__).parents[2] / FILE
    script = runpy.run_path(str(path))
    generator = script["train"](experiment.steps, experiment.seed, report)
    samples = script["sample"](generator, experiment.parameters["samples"], experiment.seed)
    real = script["real_digits"]().numpy()
    reader = SVC(gamma="scale", C=10).fit(real, load_digits().target)
    counts = np.bincount(reader.predict(samples.flatten(1).numpy()), minlength=10)
    numbers = {
        "lines": len(path.read_text("utf-8").splitlines()),
        "samples": len(samples),
        "classes": int((counts > 0).sum()),
        "smallest_class": float(counts.min() / counts.sum()),
    }
    shown = script["enlarge"](samples[:100]).numpy()
    return Result(numbers, {"shown": shown, "counts": counts})


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "gan100",
    "100줄 GAN",
    run,
    steps=7500,
    parameters={"samples": 1000},
    files=(FILE,),
)
