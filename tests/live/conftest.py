"""파이썬의 답입니다: 브라우저의 셈이 같아야 할 수와, 사이트가 담은 배열입니다."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import relu, softplus

from gan_docs.experiments import plane
from gan_docs.losses import LOSSES
from gan_docs.metrics import mode_statistics
from gan_docs.site.make import live, live_plane

REPEATS = 60  # 처음 매개변수의 흩어짐을 재는 신경망의 수


def statistics() -> list[dict[str, Any]]:
    """점과 봉우리, 그리고 파이썬이 센 값입니다."""
    random = np.random.default_rng(0)
    corners = [[0, 0], [8, 0], [0, 8], [8, 8]]
    spread = np.repeat(np.array(corners), [37, 1, 2, 0], axis=0)  # 40점의 균등한 몫의 1/10은 1점
    cases: list[tuple[str, Any, Any, float]] = [
        ("한 봉우리에 모두", random.normal(0, 0.1, (50, 2)), corners, 0.1),
        ("빈 봉우리와 꼭 10분의 1", spread, corners, 0.5),
        ("10분의 1에 하나 모자람", np.repeat(corners, [40, 1, 0, 0], axis=0), corners, 0.5),
        # 축과 3 : 4 : 5에서 셈이 꼭 떨어지는 3σ
        ("꼭 3σ", [[3.75, 0], [2.25, 3], [-3, -2.25], [0, 3.7501], [3, 3]], [[0, 0]], 1.25),
        ("두 봉우리의 한가운데", [[1, 0], [1, 0], [0, 5]], [[0, 0], [2, 0]], 0.5),
        ("모두 먼 곳", random.normal(100, 1, (30, 2)), corners, 0.5),
        ("점 하나", [[0, 8]], corners, 0.5),
        ("봉우리 하나", random.normal(0, 1, (200, 2)), [[0, 0]], 0.5),
    ]
    for name, data in plane.stages().items():
        centers, generator = data.centers, torch.Generator().manual_seed(1)
        points = data.sample(500, generator)[0]
        cases += [
            (f"{name}에서 뽑은 점", points, centers, data.sigma),
            (f"{name}에서 번진 점", 1.1 * points, centers, data.sigma),
            (f"{name}의 앞쪽만", points[points[:, 0] > 0.3], centers, data.sigma),
            (f"{name}과 상관없는 점", random.normal(0, 0.7, (300, 2)), centers, data.sigma),
        ]
    for case in range(12):
        modes = random.uniform(-2, 2, (int(random.integers(1, 30)), 2))
        points = random.normal(0, 1.2, (int(random.integers(1, 400)), 2))
        cases.append((f"아무렇게나 {case}", points, modes, float(random.uniform(0.02, 0.6))))
    return [case_of(*case) for case in cases]


def case_of(name: str, points: Any, centers: Any, sigma: float) -> dict[str, Any]:
    rounded = np.asarray(points, np.float32)  # 브라우저가 받는 점
    places = np.asarray(centers, dtype=float)
    found = mode_statistics(rounded, places, sigma)
    answer = {
        "modes": found.modes,
        "strictModes": found.strict_modes,
        "highQuality": found.high_quality,
        "reverseKl": found.reverse_kl,
    }
    return {
        "name": name,
        "points": rounded.ravel().tolist(),
        "centers": places.tolist(),
        "sigma": sigma,
        "answer": answer,
    }


def initial() -> dict[str, Any]:
    """PyTorch가 뽑은 처음 매개변수의 모양과 표준 편차입니다."""
    torch.manual_seed(0)
    makers = {"discriminator": plane.make_discriminator, "generator": plane.make_generator}
    found = {}
    for name, make in makers.items():
        networks: list[nn.Module] = [make() for _ in range(REPEATS)]
        each = zip(*(network.parameters() for network in networks), strict=True)
        values = [torch.stack([one.detach() for one in many]) for many in each]
        found[name] = {
            "shapes": [list(value.shape[1:]) for value in values],
            "total": sum(value[0].numel() for value in values),
            "deviations": [float(value.std(correction=0)) for value in values],
        }
    return found


def packed(place: Path) -> dict[str, Any]:
    """사이트가 배열을 담는 함수로 담은 파일입니다."""
    random = np.random.default_rng(2)
    arrays = {
        "before.generator": random.normal(size=7).astype(np.float32),
        "real": random.integers(-4096, 4096, (3, 5, 1)).astype(
            np.int16
        ),  # 30바이트: 2바이트를 채움
        "counts": random.integers(0, 65536, (1, 3)).astype(np.uint16),
        "frames": random.integers(0, 256, (2, 3)).astype(np.uint8),
        "losses": random.normal(size=(2, 2)).astype(np.float32),
        "scale": np.asarray(0.5, np.float32),
    }
    asset = live.pack_arrays(place, "things.bin", arrays)
    return {
        "packed": base64.b64encode((place / asset["file"]).read_bytes()).decode(),
        "asset": asset,
        "arrays": {
            name: {
                "type": array.dtype.name,
                "shape": list(array.shape),
                "values": array.ravel().tolist(),
            }
            for name, array in arrays.items()
        },
    }


# 식과, 따로 적은 같은 셈. 연산마다 적어도 한 번은 나온다
WRITTEN: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "a + 2 * b - 3": lambda a, b: a + 2 * b - 3,
    "a - b - 1 - a": lambda a, b: -b - 1,
    "8 / 4 / 2 * a": lambda a, b: a,
    "a ÷ (b × b + 1)": lambda a, b: a / (b * b + 1),
    "-a^2": lambda a, b: -(a * a),
    "2^-1 * a": lambda a, b: a / 2,
    "2^a^2": lambda a, b: 2.0 ** (a * a),
    "(1.5 + sigmoid(a))^b": lambda a, b: (1.5 + a.sigmoid()) ** b,
    "square(a)^0.5 + .5e1 * b": lambda a, b: a.abs() + 5 * b,
    "a**3 – A·B": lambda a, b: a**3 - a * b,
    "exp(-a) + exp(b / 3)": lambda a, b: (-a).exp() + (b / 3).exp(),
    "-log(sigmoid(a)) - log(1 - sigmoid(b))": lambda a, b: (
        -a.sigmoid().log() - (1 - b.sigmoid()).log()
    ),
    "log(1 + exp(-a)) + log(1 + exp(b))": lambda a, b: softplus(-a) + softplus(b),
    "sigmoid(a) * sigmoid(-b)": lambda a, b: a.sigmoid() * (-b).sigmoid(),
    "max(0, 1 - a) + max(-1, b)": lambda a, b: (
        torch.maximum(torch.zeros(()), 1 - a) + torch.maximum(b, -torch.ones(()))
    ),
    "max(a, b) * relu(b)": lambda a, b: torch.maximum(a, b) * relu(b),
    "square(a - max(b, 0.25)) / 2": lambda a, b: (a - b.clamp(min=0.25)).square() / 2,
    "softplus(30 * a) + softplus(-30 * b)": lambda a, b: softplus(30 * a) + softplus(-30 * b),
}


def slopes() -> list[dict[str, Any]]:
    """식마다 torch가 셈한 값과 자동 미분의 기울기입니다. 이 패키지의 손실은 그 함수를 부릅니다."""
    random = torch.Generator().manual_seed(4)
    logits = 2 * torch.randn(2, 40, generator=random, dtype=torch.float64)
    # 꺾이는 자리와 같은 값도
    corners = torch.tensor([[0.0, 1, -1, 0], [0, -1, -1, 1]], dtype=torch.float64)
    logits = torch.cat([logits, corners], 1)
    formulas = live_plane.settings()["losses"]
    own = {
        formulas[name]["formulas"][player]: getattr(loss, player)
        for name, loss in LOSSES.items()
        for player in ("discriminator", "generator")
    }
    cases = {**WRITTEN, **{text: by_sample(loss) for text, loss in own.items()}}
    return [
        {"text": text, "a": logits[0].tolist(), "b": logits[1].tolist(), **answer(call, logits)}
        for text, call in cases.items()
    ]


def by_sample(loss: Callable[[Tensor, Tensor], Tensor]) -> Callable[[Tensor, Tensor], Tensor]:
    """평균을 내는 손실을, 표본마다 부르는 손실로 바꿉니다."""
    return lambda a, b: torch.stack(
        [loss(one[None], other[None]) for one, other in zip(a, b, strict=True)]
    )


def answer(call: Callable[[Tensor, Tensor], Tensor], logits: Tensor) -> dict[str, Any]:
    """값과 두 기울기입니다. 식에 없는 로짓의 기울기는 0입니다."""
    a, b = (each.clone().requires_grad_() for each in logits)
    value = call(a, b)
    found = torch.autograd.grad(value.sum(), (a, b), materialize_grads=True)
    return {
        "value": value.tolist(),
        "real": found[0].tolist(),
        "fake": found[1].tolist(),
    }


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """파이썬의 답을 적은 파일입니다."""
    place = tmp_path_factory.mktemp("live")
    squares = [(21, 2.0), (40, 1.5), (2, 1.0), (3, 0.7)]
    settings, functions = live_plane.settings(), live_plane.functions()
    answers = {
        "statistics": statistics(),
        "squares": [
            {"side": side, "half": half, "points": plane.square(side, half).ravel().tolist()}
            for side, half in squares
        ],
        "initial": initial(),
        "repeats": REPEATS,
        "slopes": slopes(),
        "packed": packed(place),
        "plane": settings,
        "models": {name: live.shapes(functions[name])["inputs"] for name in functions},
    }
    file = place / "known.json"
    file.write_text(json.dumps(answers), "utf-8")
    return file
