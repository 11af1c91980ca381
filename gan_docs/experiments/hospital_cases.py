"""병원의 환자들: 건강한 루프의 글에서 한 줄에서 세 줄을 바꾼 것과, 그것을 알아채는 확인 한 줄."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

FILE = "docs/examples/healthy.py"
PATH = Path(__file__).parents[2] / FILE

Changes = tuple[tuple[str, str], ...]  # 있던 글, 바꾼 글


class Check(NamedTuple):
    """루프에 끼울 확인 한 줄입니다.

    Attributes:
        line: 건강하면 참인 식.
        before: 이 글로 시작하는 줄의 바로 앞에 끼웁니다.
    """

    line: str
    before: str = "yield"


# --8<-- [start:cases]
SLOW = "generator_optimizer = torch.optim.Adam(generator.parameters(), **adam)"
FIRST = "fake = generator(torch.cat([z, condition], 1)).detach()"
SECOND = "fake = generator(torch.cat([z, condition], 1))\n        fake_logits"
NORM = "nn.BatchNorm1d(64"
OUTPUT = "        nn.Linear(64, 2),\n"
LOOP = "    for _ in range(steps):\n"
REAL = "        real, condition = real_points(BATCH_SIZE)\n"
NOISE = "        z = torch.randn(BATCH_SIZE, LATENT_SIZE)\n"
CASES: Mapping[str, Changes] = MappingProxyType({
    "slow": ((SLOW, SLOW.replace("**adam", '**adam | {"lr": 4e-6}')),),
    "tanh": ((OUTPUT, "        nn.Linear(64, 2), nn.Tanh(),\n"),),
    "collapse": (("4e-3, 0.1", "4e-3, 0.0"),),
    "graph": (("create_graph=True", "retain_graph=True"),),
    "hopping": (
        (LOOP, LOOP.replace("_", "step")),
        (
            "        discriminator_optimizer.step()",
            "        if step % 20 == 0:\n            discriminator_optimizer.step()",
        ),
    ),
    "zero_grad": (("        discriminator_optimizer.zero_grad()\n", ""),),
    "frozen": (
        (
            "        # 생성기 차례\n",
            "        # 생성기 차례\n        discriminator.requires_grad_(False)\n",
        ),
    ),
    "labels": (
        (
            "cross_entropy(real_logits, REAL) + cross_entropy(fake_logits, FAKE)",
            "cross_entropy(real_logits, FAKE) + cross_entropy(fake_logits, REAL)",
        ),
    ),
    "detach": (
        (FIRST, FIRST.removesuffix(".detach()")),
        (
            "        discriminator_optimizer.zero_grad()\n",
            "        discriminator_optimizer.zero_grad()\n"
            "        generator_optimizer.zero_grad()\n",
        ),
        (
            "        generator_optimizer.zero_grad()\n        generator_loss",
            "        generator_loss",
        ),
    ),
    "scale": (("torch.cat([real, condition], 1)", "torch.cat([real / 2, condition], 1)"),),
    "eval": (("    generator.eval()\n", ""),),
    "momentum": (
        (f"+ 1, 64), {NORM})", f"+ 1, 64), {NORM}, momentum=0.001)"),
        (f"nn.Linear(64, 64), {NORM})", f"nn.Linear(64, 64), {NORM}, momentum=0.001)"),
    ),
    "rate": (("4e-3, 0.1", "4e-1, 0.1"),),
    "sigmoid": (("        nn.Linear(64, 1),\n", "        nn.Linear(64, 1), nn.Sigmoid(),\n"),),
    "condition": (
        (
            "real, condition = real_points(BATCH_SIZE)",
            "real, condition = real_points(BATCH_SIZE)[0], real_points(BATCH_SIZE)[1]",
        ),
    ),
})  # fmt: skip
# 병원에 없던 환자: 연습에서 곡선만 보고 진단함
UNSEEN: Mapping[str, Changes] = MappingProxyType({
    "wrong_turn": ((SECOND, SECOND.replace("1))\n", "1)).detach()\n")),),
    "wrong_owner": (
        ("torch.optim.Adam(generator.parameters()", "torch.optim.Adam(discriminator.parameters()"),
    ),
    "no_zero": (("        generator_optimizer.zero_grad()\n", ""),),
})  # fmt: skip
# 곡선에 드러나지 않는 환자: 들어가는 것을 스텝마다 새로 뽑지 않음
SILENT: Mapping[str, Changes] = MappingProxyType({
    "same_noise": (
        (LOOP, NOISE.removeprefix("    ") + LOOP),
        (REAL + NOISE, REAL),
        ("        # 생성기 차례\n" + NOISE, "        # 생성기 차례\n"),
    ),
    "same_batch": (
        (LOOP, REAL.removeprefix("    ") + LOOP),
        ("        # 판별기 차례\n" + REAL, "        # 판별기 차례\n"),
    ),
})  # fmt: skip
# 출력의 활성화 둘: Tanh의 환자와 견줌
OUTPUTS: Mapping[str, Changes] = MappingProxyType({
    "output_sigmoid": ((OUTPUT, "        nn.Linear(64, 2), nn.Sigmoid(),\n"),),
    "output_relu": ((OUTPUT, "        nn.Linear(64, 2), nn.ReLU(),\n"),),
})  # fmt: skip
# 병처럼 보이지만 아닌 것
HARMLESS: Mapping[str, Changes] = MappingProxyType({
    "only_detach": ((FIRST, FIRST.removesuffix(".detach()")),),
    "two_backwards": (
        (
            "(discriminator_loss + penalty).backward()",
            "discriminator_loss.backward(retain_graph=True)\n        penalty.backward()",
        ),
    ),
})  # fmt: skip
# --8<-- [end:cases]

COUNT = 'state_dict()["state"][0]["step"]'
CHECKS: Mapping[str, Check] = MappingProxyType({
    "slow": Check(
        'generator_optimizer.param_groups[0]["lr"] >= discriminator_optimizer.param_groups[0]["lr"]'
    ),
    "tanh": Check("fake.abs().max() > 0.5 * real.abs().max()"),
    "collapse": Check("penalty > 0"),
    "graph": Check("penalty.requires_grad"),
    "hopping": Check(f"discriminator_optimizer.{COUNT} == generator_optimizer.{COUNT}"),
    "zero_grad": Check("discriminator[1].weight.grad is None", "(discriminator_loss"),
    "frozen": Check("discriminator[1].weight.requires_grad"),
    "labels": Check("real_logits.mean() > fake_logits.mean()"),
    "detach": Check("not fake.requires_grad", "pairs ="),
    "scale": Check("torch.equal(pairs[:, :2], real)"),
    "eval": Check("not generator.training", "points ="),
    "momentum": Check(
        "generator[0](torch.cat([z, condition], 1)).var() > 0.5 * generator[1].running_var.mean()"
    ),
    "rate": Check("discriminator[1].weight.abs().max() < 2"),
    "sigmoid": Check("fake_logits.min() < 0"),
    "condition": Check("torch.equal(real[:, 1:].sign(), condition)"),
    "wrong_turn": Check("fake.requires_grad"),
    "wrong_owner": Check('generator_optimizer.param_groups[0]["params"][0] is generator[0].weight'),
    "no_zero": Check("generator[0].weight.grad is None", "generator_loss.backward"),
})  # fmt: skip

INPUTS = "real[0, 0].item(), z[0, 0].item()"  # 스텝마다 달라야 하는 두 수


def source(changes: Changes = ()) -> str:
    """건강한 루프의 글에서 바꿀 것을 바꿉니다. 바꿀 글은 꼭 한 번 나와야 합니다.

    Raises:
        ValueError: 바꿀 글이 없거나 여럿일 때.
    """
    text = PATH.read_text("utf-8")
    for old, new in changes:
        if text.count(old) != 1:
            raise ValueError(f"한 번 나와야 하는 글이 {text.count(old)}번 나옵니다: {old}")
        text = text.replace(old, new)
    return text


def checked(text: str, check: Check) -> str:
    """글에 확인을 끼웁니다. 확인의 값은 `found`에 차례로 쌓입니다."""
    rows = text.splitlines(keepends=True)
    for place, row in reversed(list(enumerate(rows))):
        if row.lstrip().startswith(check.before):
            indent = row[: len(row) - len(row.lstrip())]
            rows.insert(place, f"{indent}found.append(bool({check.line}))\n")
    return "".join(rows)


def program(text: str, **given: Any) -> SimpleNamespace:
    """글을 모듈처럼 읽습니다. 맨 아래의 실행하는 부분은 돌지 않습니다."""
    names: dict[str, Any] = {"__name__": "patient", **given}
    exec(compile(text, FILE, "exec"), names)
    return SimpleNamespace(**names)
