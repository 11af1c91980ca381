"""ganhacks의 루프: 기본 루프와 요령마다, 이 책의 층을 쓰지 않고 따로 적은 스텝과 같습니다."""

import copy

import pytest
import torch
from torch import Tensor, nn

from gan_docs.data import ring
from gan_docs.experiments.hack_layers import BatchNorm, Dice, Dropout, SpectralLinear
from gan_docs.experiments.hack_loop import BASE, TRICKS, Loop, Size, Trick

SIZE = Size(latent=2, hidden=8, data=2, batch=16)
DATA = ring(radius=0.8, sigma=0.02)


def loop(trick: Trick, *seeds: int) -> Loop:
    return Loop(trick, DATA, SIZE, 3e-3, seeds or (0,))


def plain(network: nn.Sequential) -> nn.Sequential:
    """첫 시드의 가중치를 PyTorch의 층에 옮깁니다."""
    layers: list[nn.Module] = []
    for layer in network:
        if hasattr(layer, "weight"):
            _, inputs, outputs = layer.weight.shape
            made = nn.Linear(inputs, outputs)
            made.weight.data, made.bias.data = layer.weight[0].T.clone(), layer.bias[0, 0].clone()
            layers.append(made)
        elif isinstance(layer, BatchNorm):
            layers.append(nn.BatchNorm1d(layer.scale.shape[1]))
        else:
            layers.append(copy.deepcopy(layer))
    return nn.Sequential(*layers)


def expected(trick: Trick, steps: int) -> Tensor:
    """튜토리얼처럼 적은 루프로 학습한 생성기의 모든 가중치입니다."""
    mine = loop(trick)
    judge, maker = plain(mine.discriminator), plain(mine.generator)
    rates = (3e-3 * trick.faster, 3e-3)
    first, second = (
        torch.optim.Adam(network.parameters(), rate, betas=(trick.memory, 0.999))
        for network, rate in zip((judge, maker), rates, strict=True)
    )
    bce = nn.BCEWithLogitsLoss()
    for _ in range(steps):
        for _ in range(trick.judging):
            real, z = mine.reals.real(DATA, SIZE.batch)[0], mine.draw(SIZE.batch)[0]
            fake = maker(z)
            if trick.apart:
                yes, no = judge(real), judge(fake.detach())
            else:
                yes, no = judge(torch.cat([real, fake.detach()])).chunk(2)
            first.zero_grad()
            (bce(yes, 0 * yes + trick.real_label) + bce(no, 0 * no)).backward()
            if not trick.together:
                first.step()
        kept = [parameter.grad.clone() for parameter in judge.parameters()]
        for _ in range(trick.making):
            z = mine.draw(SIZE.batch)[0] if trick.fresh else z
            answer = judge(maker(z))
            second.zero_grad()
            bce(answer, 0 * answer + 1).backward()
            second.step()
        if trick.together:
            for parameter, gradient in zip(judge.parameters(), kept, strict=True):
                parameter.grad = gradient
            first.step()
    return torch.cat([parameter.detach().flatten() for parameter in maker.parameters()])


def learned(trick: Trick, steps: int) -> Tensor:
    mine = loop(trick)
    mine.train(steps)
    return torch.cat([each.detach().flatten() for each in plain(mine.generator).parameters()])


SIMPLE = [
    name for name, trick in TRICKS.items()
    if not (trick.flipped or trick.spectral or trick.noise or trick.dropout)
]  # fmt: skip


@pytest.mark.parametrize("name", SIMPLE)
def test_a_trick_is_the_plain_loop_with_one_change(name: str) -> None:
    trick = TRICKS[name]
    wanted = expected(trick, steps=3)
    torch.testing.assert_close(learned(trick, steps=3), wanted, atol=2e-5, rtol=1e-4)
    if name not in (BASE, "apart"):  # 배치 정규화가 없으면 따로 넣어도 식이 같음
        assert not torch.allclose(wanted, expected(Trick(), steps=3), atol=2e-5)


@pytest.mark.parametrize("name", TRICKS)
def test_a_seed_learns_alone_what_it_learns_beside_another(name: str) -> None:
    together, alone = loop(TRICKS[name], 3, 4), loop(TRICKS[name], 4)
    for each in (together, alone):
        each.train(3)
    torch.testing.assert_close(together.sample(8)[1], alone.sample(8)[0], atol=1e-5, rtol=1e-4)


def test_every_trick_starts_from_the_same_weights_and_sees_the_same_real() -> None:
    first, *others = (loop(trick, 0, 1) for trick in TRICKS.values())
    real = first.reals.real(DATA, 5)
    for other in others:
        assert torch.equal(linear(first.discriminator), linear(other.discriminator))
        assert torch.equal(linear(first.generator), linear(other.generator))
        assert torch.equal(real, other.reals.real(DATA, 5))


def linear(network: nn.Sequential) -> Tensor:
    return torch.cat([one.weight.flatten() for one in network if hasattr(one, "weight")])


def test_every_trick_changes_the_base_and_says_so_once() -> None:
    assert TRICKS[BASE] == Trick()
    assert len(set(TRICKS.values())) == len(TRICKS)
    changed = {
        name: sum(getattr(trick, one) != getattr(Trick(), one) for one in vars(trick))
        for name, trick in TRICKS.items()
    }
    assert {name for name, count in changed.items() if count != 1} == {BASE, "batch_norm_apart"}


def test_a_spectral_layer_has_a_largest_singular_value_of_one() -> None:
    layer = SpectralLinear(6, 5, Dice([0, 1]))
    for _ in range(100):
        used = layer.used()
    torch.testing.assert_close(torch.linalg.matrix_norm(used, 2), torch.ones(2))


def test_dropout_turns_off_its_share_and_keeps_the_mean() -> None:
    made = Dropout(0.5, Dice([0, 1]))(torch.ones(2, 400, 50))
    assert set(made.unique().tolist()) == {0.0, 2.0}
    assert made.mean((1, 2)).tolist() == pytest.approx([1, 1], abs=0.03)


def test_a_share_of_the_labels_is_flipped() -> None:
    labels = loop(Trick(flipped=0.05), 0, 1).labels(torch.zeros(2, 20_000, 1), 1.0)
    assert (labels == 0).double().mean((1, 2)).tolist() == pytest.approx([0.05, 0.05], abs=0.01)


def test_the_noise_falls_to_nothing() -> None:
    seen: list[float] = []
    noisy = loop(Trick(noise=0.3))
    noisy.train(4, lambda step: seen.append(noisy.noise))
    assert seen == pytest.approx([0.3, 0.225, 0.15, 0.075])
    one, two = noisy.look(torch.zeros(1, 2, 2))[0]
    assert not torch.equal(one, two)
