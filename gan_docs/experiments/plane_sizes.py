"""너비와 깊이가 다른 두 신경망의 한 차례를 ONNX로 내보냅니다: 브라우저에서 크기를 고릅니다.

크기마다 모든 손실을 내보내지는 않습니다. 손실 대신 로짓마다의 기울기를 받는 한 차례로, 식으로
적을 수 있는 손실을 모두 배웁니다.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from torch import Tensor

from gan_docs import export
from gan_docs.experiments import own_loss
from gan_docs.experiments.experiment import Experiment, Report, Result
from gan_docs.experiments.plane import (
    DEPTH,
    HIDDEN_SIZE,
    MEASURED,
    make_discriminator,
    make_generator,
)
from gan_docs.experiments.turns import exported
from gan_docs.export import Function, Given, to_onnx
from gan_docs.points import PointDiscriminator, PointGenerator

Size = tuple[int, int]  # 은닉층의 너비와 수

# --8<-- [start:sizes]
WIDTHS, DEPTHS = (16, 64, 128), (1, 2, 3)
DEFAULT: Size = (HIDDEN_SIZE, DEPTH)  # 손실마다 따로 내보낸 크기
SIZES: tuple[Size, ...] = tuple(product(WIDTHS, DEPTHS))
POINTS = "points"  # 점만 만드는 모델


def pair(size: Size) -> tuple[PointDiscriminator, PointGenerator]:
    """그 크기의 두 신경망입니다. 나머지는 기본 크기의 것과 같습니다."""
    return (
        PointDiscriminator(*size, **make_discriminator.keywords),
        PointGenerator(*size, **make_generator.keywords),
    )


# --8<-- [end:sizes]


def label(size: Size) -> str:
    """파일의 이름과 목록에 적을 크기입니다."""
    return "x".join(map(str, size))


def named(name: str, size: Size) -> str:
    """그 크기의 모델의 이름입니다."""
    return name if size == DEFAULT else f"{name}-{label(size)}"


def names(size: Size, penalty: str) -> dict[str, str]:
    """크기와 벌점을 고르고 기울기를 건넬 때 쓰는 모델의 이름입니다."""
    return {who: named(name, size) for who, name in own_loss.names(penalty).items()}


def functions_of(size: Size) -> dict[str, Function]:
    """한 크기의 모든 함수입니다."""
    networks = pair(size)
    found = {**own_loss.functions(networks), POINTS: export.points(networks[1], MEASURED)}
    return {named(name, size): function for name, function in found.items()}


def functions() -> dict[str, Function]:
    """기본 크기가 아닌 모든 크기의 함수입니다. 기본 크기는 다른 실험이 내보냅니다."""
    others = (functions_of(size) for size in SIZES if size != DEFAULT)
    return {name: function for found in others for name, function in found.items()}


# --8<-- [start:together]
def together(functions: Mapping[str, Function]) -> Function:
    """여러 함수를 하나로 잇습니다. 입력과 출력의 이름 앞에 함수의 이름을 붙입니다.

    내보낼 때마다 연산의 표를 새로 만드는 데 1초 남짓 듭니다. 이으면 한 번만 만듭니다.
    """

    def call(given: Given) -> tuple[Tensor, ...]:
        made: tuple[Tensor, ...] = ()
        for name, function in functions.items():
            made += function.call({key: given[f"{name}.{key}"] for key in function.inputs})
        return made

    return Function(
        call,
        {
            f"{name}.{key}": value.clone()  # 같은 텐서를 두 입력에 쓰면 추적이 하나로 봄
            for name, each in functions.items()
            for key, value in each.inputs.items()
        },
        tuple(f"{name}.{key}" for name, each in functions.items() for key in each.outputs),
    )


def apart(content: bytes, functions: Mapping[str, Function]) -> dict[str, bytes]:
    """이어서 내보낸 것을 함수마다 나누고, 이름 앞에 붙인 것을 뗍니다."""
    import onnx
    from onnx.utils import Extractor

    whole = Extractor(onnx.load_from_string(content))
    parts: dict[str, bytes] = {}
    for name, function in functions.items():
        inputs = [f"{name}.{key}" for key in function.inputs]
        outputs = [f"{name}.{key}" for key in function.outputs]
        model = whole.extract_model(inputs, outputs)
        shorter = {long: long.removeprefix(f"{name}.") for long in (*inputs, *outputs)}
        for node in model.graph.node:
            node.input[:] = [shorter.get(each, each) for each in node.input]
            node.output[:] = [shorter.get(each, each) for each in node.output]
        for value in (*model.graph.input, *model.graph.output):
            value.name = shorter[value.name]
        onnx.checker.check_model(model, full_check=True)
        parts[name] = model.SerializeToString()
    return parts


# --8<-- [end:together]


def weights(size: Size) -> int:
    """두 신경망의 매개변수를 더한 수입니다."""
    return sum(each.numel() for network in pair(size) for each in network.parameters())


def run(experiment: Experiment, report: Report, needs: Mapping[str, Result]) -> Result:
    """크기마다 한 번에 추적해, 나눈 파일의 내용을 남깁니다."""
    made: dict[str, bytes] = {}
    for size in SIZES:
        if size != DEFAULT:
            functions = functions_of(size)
            made |= apart(to_onnx(together(functions)), functions)
    counts = {size: weights(size) for size in SIZES}
    return exported(
        made,
        sizes=len(SIZES),
        weights=counts[DEFAULT],
        least_weights=min(counts.values()),
        most_weights=max(counts.values()),
    )


EXPERIMENT = Experiment(
    "plane_sizes",
    "크기가 다른 신경망의 한 차례",
    run,
    tools=("onnx", "onnxscript"),
    cost=75,
)
