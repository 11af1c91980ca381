"""신경망의 크기: 이름은 겹치지 않고, 이어서 내보낸 함수는 저마다의 모델로 나뉩니다."""

from __future__ import annotations

import onnxruntime
import pytest
import torch
from torch import Tensor

from gan_docs.experiments import own_loss, plane, plane_sizes
from gan_docs.experiments.plane_sizes import DEFAULT, SIZES
from gan_docs.export import Function, Given, flat, to_onnx


def test_the_default_size_is_the_pair_of_the_stage() -> None:
    networks = plane.make_discriminator(), plane.make_generator()
    assert [repr(each) for each in plane_sizes.pair(DEFAULT)] == [repr(each) for each in networks]
    assert DEFAULT in SIZES
    for penalty in plane.PENALTIES:
        assert plane_sizes.names(DEFAULT, penalty) == own_loss.names(penalty)


def test_each_size_has_functions_of_its_own_with_its_shapes() -> None:
    found = plane_sizes.functions()
    assert len(found) == sum(
        len(plane_sizes.functions_of(size)) for size in SIZES if size != DEFAULT
    )
    assert not found.keys() & own_loss.functions().keys()
    lengths = set()
    for size in SIZES:
        for penalty in plane.PENALTIES:
            for who, network in zip(
                ("discriminator", "generator"), plane_sizes.pair(size), strict=True
            ):
                function = plane_sizes.functions_of(size)[plane_sizes.names(size, penalty)[who]]
                assert function.inputs["parameters"].shape == flat(network).shape
                lengths.add((who, *flat(network).shape))
    assert len(lengths) == 2 * len(SIZES)


@pytest.mark.slow
def test_functions_traced_together_come_apart() -> None:
    shared = torch.arange(3.0)  # 두 함수가 한 텐서를 입력의 보기로 써도 남의 입력을 읽지 않음

    def double(given: Given) -> tuple[Tensor, ...]:
        return (2 * given["x"] + given["y"],)

    def both(given: Given) -> tuple[Tensor, ...]:
        return given["x"].exp(), given["y"] - given["x"]

    inputs = {"x": shared, "y": shared}
    functions = {
        "double": Function(double, inputs, ("made",)),
        "both": Function(both, inputs, ("made", "rest")),
    }
    parts = plane_sizes.apart(to_onnx(plane_sizes.together(functions)), functions)
    given = {"x": torch.tensor([1.0, -2, 0.5]), "y": torch.tensor([4.0, 0, 3])}
    for name, function in functions.items():
        model = onnxruntime.InferenceSession(parts[name])
        found = model.run(list(function.outputs), {key: one.numpy() for key, one in given.items()})
        for one, wanted in zip(found, function.call(given), strict=True):
            assert torch.allclose(torch.as_tensor(one), wanted)
