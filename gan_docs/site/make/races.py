"""브라우저에서 같은 스텝을 실행하는 방법들의 빠르기 표입니다."""

from __future__ import annotations

from collections.abc import Callable

from gan_docs.experiments.browser_race import RIVALS
from gan_docs.experiments.gan100_live import NAMES
from gan_docs.site.make import results
from gan_docs.site.make.record import table

RUNNERS = {
    "onnxruntime": "이 책 (onnxruntime-web)",
    "tensorflow_wasm": "TensorFlow.js, wasm",
    "tensorflow_tuned": "TensorFlow.js, 고친 기울기",
    "tensorflow_cpu": "TensorFlow.js, cpu",
}


def browser_speed() -> str:
    """평면의 스텝입니다. 끝 칸은 이 책보다 몇 배 느린지입니다."""
    steps, times = measured("browser_speed")
    rows = [[RUNNERS[name], steps[name], times.get(name, "–")] for name in steps]
    return table(("방법", "초당 스텝", "느린 정도"), rows)


def digit_speed() -> str:
    """100줄 GAN의 스텝입니다. 너비마다 초당 스텝을, 그 아래에 이 책이 몇 배 빠른지를 적습니다."""
    widths = results.load("gan100_live").numbers
    columns = []
    for width in NAMES:
        steps, times = measured("digit_speed", f"{width}_")
        columns.append(
            {
                name: f"{speed}<br><small>{times[name]}</small>" if name in times else speed
                for name, speed in steps.items()
            }
        )
    rows = [[RUNNERS[name], *[column[name] for column in columns]] for name in columns[0]]
    return table(("너비", *[f"{widths[width]}" for width in NAMES]), rows)


def measured(experiment: str, prefix: str = "") -> tuple[dict[str, str], dict[str, str]]:
    """겨룬 참가자마다의 초당 스텝과, 상대마다 이 책의 스텝이 몇 배 빠른지입니다."""
    numbers = results.load(experiment).numbers
    steps, times = {}, {}
    for name in RUNNERS:
        if (key := f"{prefix}{name}_steps") in numbers:
            speed = float(numbers[key])
            steps[name] = f"{speed:.{int(speed < 10)}f}"
        if (key := f"{prefix}ratio_{name.removeprefix(RIVALS)}") in numbers:
            times[name] = f"{numbers[key]:.1f}배"
    return steps, times


TABLES: dict[str, Callable[[], str]] = {
    "browser_speed": browser_speed,
    "digit_speed": digit_speed,
}
