"""이미지가 적을 때의 실험: 처음 보는 것은 배운 적이 없고, 베낌은 베낀 만큼 셉니다."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import Tensor

from gan_docs import data
from gan_docs.data.containers import to_bytes
from gan_docs.experiments import emoji, few
from gan_docs.judging.judge import part, train_judge

PARAMETERS = few.EXPERIMENT.parameters


def shared(one: Tensor, other: Tensor) -> int:
    both = [set(map(bytes, each.flatten(1).numpy())) for each in (one, other)]
    return len(both[0] & both[1])


def test_what_is_unseen_was_never_learned_and_a_thousand_are_all_different(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    still = SimpleNamespace(apply=lambda images, random: images)
    monkeypatch.setattr(few, "Jitter", lambda: still)
    taught, unseen = few.pictures(PARAMETERS)
    assert shared(taught.images, unseen.images) == 0
    assert shared(taught.images[:1000], taught.images) == 1000
    assert len(taught.images) >= max(PARAMETERS["sizes"])
    again, _ = few.pictures({**PARAMETERS, "split_seed": 1})  # 심은 흠: 다르게 나눈 것과 견줌
    assert shared(again.images, unseen.images) > 0


def test_copies_are_counted_as_memorised_and_fresh_ones_are_not() -> None:
    taught, unseen = few.pictures(PARAMETERS)
    judge = train_judge(taught, steps=2)
    learned = part(taught, torch.arange(50))
    fresh, labels = taught.images[200:300], taught.labels[200:300]  # type: ignore[index]
    half = torch.cat([learned.images, fresh[50:]])
    found = [few.measure(made, labels, learned, unseen, judge, 1.0) for made in (fresh, half)]
    assert found[0]["closer"] < 0.05
    assert found[1]["closer"] == pytest.approx(0.5, abs=0.05)
    assert found[1]["ratio"] < 0.6 * found[0]["ratio"]


def test_an_expression_is_the_same_in_every_design() -> None:
    faces = data.emoji()
    taught = emoji.by_expression(faces)
    assert taught.labels is not None and faces.labels is not None
    for kind in (0, 50, taught.classes - 1):
        assert faces.labels[taught.labels == kind].tolist() == list(range(faces.classes))


def test_the_nearest_face_is_the_one_that_was_copied() -> None:
    known = data.emoji().at(slice(None))
    made = (known[[7, 200, 3]] + 0.02).clamp(-1, 1)
    found = emoji.shown(made, known, 3)
    assert np.array_equal(found["nearest"], to_bytes(known[[7, 200, 3]]))
