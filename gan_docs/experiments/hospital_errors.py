"""PyTorch가 말하는 오류를 건강한 루프를 바꾸어 일으키고, 고친 루프가 도는지 봅니다."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from types import MappingProxyType, SimpleNamespace
from typing import NamedTuple

import torch

from gan_docs.experiments.experiment import Experiment, Number, Report, Result
from gan_docs.experiments.hospital_cases import FILE, FIRST, SECOND, Changes, program, source

STEPS = 40


class Fault(NamedTuple):
    """오류를 내는 루프와 고친 루프입니다. 둘 다 건강한 루프에서 바꾼 것입니다."""

    sick: Changes
    cured: Changes = ()


# --8<-- [start:errors]
SLOPES = (
    "        (slopes,) = torch.autograd.grad(real_logits.sum(), pairs, create_graph=True)\n"
    "        penalty = PENALTY * slopes.square().sum(1).mean()\n"
)
STEP = "(discriminator_loss + penalty).backward()"
DRAW = "        z = torch.randn(BATCH_SIZE, LATENT_SIZE)\n        "
TARGETS = "REAL, FAKE = torch.ones(BATCH_SIZE, 1), torch.zeros(BATCH_SIZE, 1)"
NOT_DETACHED = (FIRST, FIRST.removesuffix(".detach()"))
NO_PENALTY = (
    ("torch.cat([real, condition], 1).requires_grad_()", "torch.cat([real, condition], 1)"),
    (SLOPES, "        penalty = 0\n"),
)
FROZEN = (
    "        # 생성기 차례\n",
    "        # 생성기 차례\n        discriminator.requires_grad_(False)\n",
)
MELTED = ("        yield", "        discriminator.requires_grad_(True)\n        yield")
NOT_FUSED = ('"fused": True', '"foreach": True')
OLD_LOGITS = (
    NOT_DETACHED,
    (STEP, STEP.replace("()", "(retain_graph=True)")),
    (f"{DRAW}{SECOND} = discriminator(torch.cat([fake, condition], 1))\n", ""),
)
SATURATED = "-torch.log(1 - torch.sigmoid(fake_logits)).mean()"
FAST = ("4e-3, 0.1", "4e-1, 0.0")
ERRORS: Mapping[str, Fault] = MappingProxyType({
    "second": Fault((NOT_DETACHED, (DRAW + SECOND, "        fake_logits"))),
    "inplace": Fault((*OLD_LOGITS, NOT_FUSED)),
    "grad": Fault((*NO_PENALTY, FROZEN), (*NO_PENALTY, FROZEN, MELTED)),
    "device": Fault(((TARGETS, TARGETS.replace("1)", '1, device="meta")')),)),
    "shape": Fault(((FIRST, "fake = generator(z).detach()"),)),
    "load": Fault((("128, 4, 4e-3", "128, 8, 4e-3"),)),
    "target": Fault(((TARGETS, TARGETS.replace(", 1)", ")")),)),
    "dtype": Fault((("0.15 * torch.randn(count, 2)", "0.15 * torch.randn(count, 2).double()"),)),
    "single": Fault((("    generator.eval()\n", ""),)),
    "memory": Fault((("= 128, 4", "= 1 << 50, 4"),), (("= 128, 4", "= 64, 4"),)),
    "nan": Fault(
        (("cross_entropy(fake_logits, FAKE)\n", f"{SATURATED}\n"), FAST),
        (FAST,),
    ),
})  # fmt: skip
# --8<-- [end:errors]


# --8<-- [start:run]
def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """오류마다 찍힌 글과, 고친 루프가 끝까지 돈 스텝의 수를 남깁니다."""
    numbers: dict[str, Number] = {}
    kept = program(source()).networks()[0].state_dict()
    for name, (sick, cured) in ERRORS.items():
        numbers[f"{name}_message"], numbers[f"{name}_steps"] = tried(sick, kept)
        numbers[f"{name}_cured_message"], numbers[f"{name}_cured_steps"] = tried(cured, kept)
    # 글의 오류가 나야 하는데 조용히 지나가는 루프
    numbers["fused_message"], numbers["fused_steps"] = tried(OLD_LOGITS, kept)
    return Result(numbers, {})


def tried(
    changes: Changes, kept: Mapping[str, torch.Tensor], wanted: int = STEPS
) -> tuple[str, int]:
    """바꾼 루프를 학습하고, 점 하나를 만들고, 저장한 가중치를 읽습니다. 오류의 글과 스텝 수."""
    steps = 0
    try:
        case: SimpleNamespace = program(source(changes))
        torch.manual_seed(0)
        networks = case.networks()
        for losses in case.train(*networks, wanted):
            if math.isnan(losses[0]):
                return anomaly(case), steps
            steps += 1
        case.sample(networks[0], 1, 1.0)
        networks[0].load_state_dict(kept)
    except (RuntimeError, ValueError) as error:
        return f"{type(error).__name__}: {error}", steps
    return "", steps


def anomaly(case: SimpleNamespace) -> str:
    """NaN을 처음 낸 연산을 찾아 오류로 알리게 합니다."""
    torch.manual_seed(0)
    with warnings.catch_warnings(), torch.autograd.set_detect_anomaly(True):
        warnings.simplefilter("ignore")  # 앞선 계산의 자취를 길게 찍는 경고
        try:
            for _ in case.train(*case.networks(), STEPS):
                pass
        except RuntimeError as error:
            return f"{type(error).__name__}: {error}"
    return ""


# --8<-- [end:run]

EXPERIMENT = Experiment(
    "hospital_errors", "PyTorch의 오류", run, parameters={"steps": STEPS}, files=(FILE,), cost=5
)
