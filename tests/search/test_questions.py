"""물음의 제목으로도, 막힌 독자가 칠 말과 오류 메시지로도 앞의 세 결과에서 그 답을 찾습니다."""

import json
import re
from pathlib import Path

import pytest
from test_korean_search import ROOT, node

PAGE = "questions/"
INDEX = "search/search_index.json"
SCRIPT = "assets/javascripts/lunr/min/lunr.ko.min.js"
FIRST = 3  # 앞의 몇 결과
HEADING = re.compile(r"^### (?P<question>.+?) \{ #(?P<name>[\w-]+) \}$", re.MULTILINE)
QUESTIONS = {
    found["name"]: found["question"]
    for found in HEADING.finditer((ROOT / "docs/questions.md").read_text("utf-8"))
}
TYPED = {
    "two-networks": ["왜 신경망이 두 개 필요한가", "진짜 이미지와 직접 비교 MSE"],
    "why-noise": ["random noise를 왜 넣나", "생성기에 난수를 넣는 이유"],
    "normal-or-uniform": ["z 정규분포 균등분포", "normal uniform z"],
    "fresh-z": ["같은 z 새 z", "z를 새로 뽑나"],
    "how-many-updates": ["생성기를 두 번 갱신", "판별기 다섯 번", "n_critic"],
    "why-two-zero-grad": ["왜 판별기 먼저", "zero_grad 두 번"],
    "one-backward": ["backward 한 번에", "손실 더해서 backward"],
    "label-smoothing": ["label smoothing", "레이블 스무딩"],
    "fake-labels": ["가짜의 레이블 무작위", "조건부 GAN 레이블"],
    "minus-infinity": ["log(1 - D) 마이너스 무한대", "판별기의 최댓값이 왜 0"],
    "d-loss-zero": ["D loss 0", "판별기 손실이 0"],
    "g-loss-zero": ["G loss 0", "생성기 손실이 0"],
    "accuracy-100": ["판별기 정확도 100%", "discriminator accuracy 100"],
    "when-to-stop": ["언제 멈춰야", "early stopping"],
    "roll-back": ["loss 0.000 abort", "손실 0 되돌려야"],
    "negative-loss": ["WGAN loss negative", "WGAN 손실 음수"],
    "why-stay": ["D* = 1/9", "모인 곳을 떠나지 않나"],
    "quality-fell": ["3σ 안 비율이 떨어졌어요", "붕괴를 고쳤더니 떨어졌"],
    "inplace-operation": [
        "RuntimeError: one of the variables needed for gradient computation has been modified by "
        "an inplace operation",
        "Trying to backward through the graph a second time",
    ],
    "eval-worse": ["model.eval() 표본이 나빠", "eval 결과가 나빠져요"],
    "same-z-other-image": ["같은 z 다른 이미지", "같은 z 배치가 바뀌면"],
    "nan": ["loss NaN", "손실이 nan"],
    "same-device": [
        "RuntimeError: Expected all tensors to be on the same device, but found at least two "
        "devices, cuda:0 and cpu!",
        "same device",
    ],
    "size-mismatch": [
        "RuntimeError: mat1 and mat2 shapes cannot be multiplied (4x64 and 100x8)",
        "size mismatch for weight: copying a param with shape",
    ],
    "out-of-memory": ["CUDA out of memory", "torch.OutOfMemoryError: CUDA out of memory"],
    "all-black": ["출력이 검은색", "검은 이미지 tanh sigmoid"],
    "critic-batchnorm": ["WGAN-GP BatchNorm critic", "WGAN-GP 배치 정규화"],
    "condition-ignored": ["조건을 무시", "레이블을 무시해요"],
    "own-images": ["내 이미지 크기 오류", "custom dataset"],
    "larger-images": ["256 화소", "64 128 256 큰 이미지"],
    "channels": [
        "RuntimeError: Given groups=1, weight of size [32, 1, 3, 3], expected input[4, 3, 28, 28] "
        "to have 1 channels, but got 3 channels instead",
        "흑백 색 채널",
    ],
    "how-many-images": ["이미지 몇 장", "데이터가 몇 장 필요"],
    "where-to-augment": ["augmentation 진짜 가짜", "증강을 가짜에도"],
    "text-or-csv": ["글 text GAN", "CSV 표 GAN"],
    "fid-samples": ["FID 테스트 데이터 몇 장", "FID 학습 데이터"],
    "fake-detector": ["판별기로 가짜 탐지", "fake detect"],
    "better-classifier": ["GAN 이미지로 분류기", "분류기가 좋아지나"],
    "straight-or-spherical": ["slerp", "직선 구면"],
    "inversion": ["inversion", "내 이미지를 만드는 z"],
    "gan-or-diffusion": ["diffusion", "GAN 디퓨전 2026"],
    "apple-gpu": ["mps", "맥 Apple GPU"],
}


def missed(site: Path, index: Path, *names: str) -> list[str]:
    """물음마다의 말 가운데, 앞의 세 결과에 그 답의 절이 결과의 맨 앞에 나오지 않은 것입니다."""
    wanted = [(asked, name) for name in names for asked in (QUESTIONS[name], *TYPED[name])]
    code, said = node(
        str(Path(__file__).with_name("ask.js")),
        str(index),
        asked="\n".join(asked for asked, _ in wanted),
        SEARCH_SCRIPTS=str(site / SCRIPT),
    )
    assert code == 0, said
    return [
        f"{asked} → {', '.join(places[0] for places in results[:FIRST])}"
        for (asked, name), results in zip(wanted, json.loads(said), strict=True)
        if f"{PAGE}#{name}" not in [places[0] for places in results[:FIRST]]
    ]


def test_every_question_has_words_that_a_learner_types() -> None:
    assert TYPED.keys() == QUESTIONS.keys()


@pytest.mark.slow
def test_the_answer_is_among_the_first_three(built_site: Path) -> None:
    assert not missed(built_site, built_site / INDEX, *QUESTIONS)


@pytest.mark.slow
def test_an_answer_that_left_the_index_is_missed(built_site: Path, tmp_path: Path) -> None:
    index = json.loads((built_site / INDEX).read_text("utf-8"))
    answers = [one for one in index["docs"] if one["location"].startswith(PAGE)]
    index["docs"] = [one for one in answers if not one["location"].endswith("#inversion")]
    (tmp_path / "index.json").write_text(json.dumps(index), "utf-8")
    found = missed(built_site, tmp_path / "index.json", "inversion")
    assert len(found) == 1 + len(TYPED["inversion"])
