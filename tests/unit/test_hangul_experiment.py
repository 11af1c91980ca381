"""한글 실험이 남긴 가중치로 다시 만든 생성기가, 함께 남긴 표본을 그대로 만듭니다."""

import pytest

from gan_docs import Generator
from gan_docs.data.containers import to_bytes
from gan_docs.experiments.experiment import Result
from gan_docs.experiments.explorer import restored
from gan_docs.experiments.hangul import EXPERIMENT
from gan_docs.sampling import sample_images


@pytest.fixture(scope="module")
def result(one_thread: None) -> Result:
    """두 스텝만 배운 결과입니다."""
    chosen = dict(EXPERIMENT.parameters) | {"watched": [1], "samples": 28}
    experiment = type(EXPERIMENT)(EXPERIMENT.name, "", EXPERIMENT.run, steps=2, parameters=chosen)
    return experiment.run(experiment, lambda step: None, {})


def agreement(result: Result) -> float:
    """다시 만든 생성기의 표본이 남긴 표본과 같은 화소의 비율입니다."""
    samples, _ = sample_images(restored(result), 28, seed=EXPERIMENT.seed)
    return float((to_bytes(samples).numpy() == result.arrays["samples"]).mean())


@pytest.mark.slow
def test_the_weights_that_are_kept_draw_the_samples_that_are_kept(result: Result) -> None:
    assert agreement(result) == 1


@pytest.mark.slow
def test_weights_without_their_statistics_are_seen(result: Result) -> None:
    """배치 정규화의 통계는 학습하는 동안이 아니라 마칠 때 평균 생성기로 다시 잽니다."""
    untouched = Generator().state_dict()
    stale = {
        name: untouched[name[10:]].numpy() if "running" in name else array
        for name, array in result.arrays.items()
    }
    assert agreement(result._replace(arrays=stale)) < 0.9
