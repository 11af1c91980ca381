"""ganhacks의 요령마다 짧은 이름, 처음 권한 곳, 그곳의 주장입니다."""

from __future__ import annotations

from typing import NamedTuple

from gan_docs.experiments.hack_loop import BASE


class Advice(NamedTuple):
    """요령 하나입니다."""

    title: str  # 그림과 표에 적을 이름
    source: str  # 처음 권한 곳. 번호는 ganhacks(Chintala et al., 2016)의 항목
    promise: str  # 그곳의 주장


ADVICE: dict[str, Advice] = {
    "smoothing": Advice(
        "라벨 0.9",
        "Salimans et al. (2016), ganhacks 6",
        "판별기가 지나치게 확신하지 않습니다. 진짜 쪽만 낮춥니다",
    ),
    "flipping": Advice(
        "라벨 뒤집기", "ganhacks 6", "판별기에게 가끔 거꾸로 가르쳐 확신을 누그러뜨립니다"
    ),
    "apart": Advice("따로 넣기", "ganhacks 4", "배치 하나에는 진짜만, 또는 가짜만 담습니다"),
    "batch_norm": Advice(
        "배치 정규화", "Radford et al. (2016)", "초깃값이 나빠도 학습되고 생성기의 붕괴를 막습니다"
    ),
    "batch_norm_apart": Advice(
        "정규화+따로", "Radford et al. (2016), ganhacks 4", "배치 정규화를 쓴다면 따로 넣습니다"
    ),
    "spectral": Advice(
        "스펙트럼", "Miyato et al. (2018)", "판별기의 비탈을 제한해 학습이 안정됩니다"
    ),
    "noise": Advice(
        "입력에 잡음",
        "Sønderby et al. (2016), ganhacks 13",
        "겹치지 않던 두 분포가 겹쳐 기울기에 뜻이 생깁니다",
    ),
    "dropout": Advice(
        "G에 드롭아웃",
        "Isola et al. (2017), ganhacks 17",
        "학습할 때에도 표본을 만들 때에도 끄면 난수 노릇을 합니다",
    ),
    "judging": Advice(
        "D를 다섯 번",
        "Goodfellow et al. (2014), Arjovsky et al. (2017), ganhacks 14",
        "판별기가 최적에 가까울수록 생성기가 받는 기울기를 믿을 수 있습니다",
    ),
    "making": Advice(
        "G를 두 번", "널리 쓰인 DCGAN 구현 (2016)", "판별기의 손실이 0으로 가지 않습니다"
    ),
    "rates": Advice(
        "D를 4배 빠르게",
        "Heusel et al. (2017), Zhang et al. (2018)",
        "두 학습률을 달리하면 국소 균형으로 수렴합니다",
    ),
    "fresh": Advice(
        "새 z",
        "Goodfellow et al. (2014), 알고리즘 1",
        "차례마다 z를 새로 뽑습니다. 비교는 없습니다",
    ),
    "together": Advice(
        "함께 갱신", "Nowozin et al. (2016)", "역전파 한 번으로 둘을 고쳐도 균형 곁에서 수렴합니다"
    ),
    "relu": Advice(
        "ReLU로", "Radford et al. (2016), ganhacks 5", "LeakyReLU여야 기울기가 끊기지 않습니다"
    ),
    "no_tanh": Advice(
        "Tanh 없이", "Radford et al. (2016), ganhacks 1", "범위가 정해진 출력이 빨리 배웁니다"
    ),
    "uniform": Advice(
        "균등분포 z", "White (2016), ganhacks 3", "z는 균등분포가 아니라 정규분포에서 뽑습니다"
    ),
    "memory": Advice(
        "β1을 0.9로", "Radford et al. (2016), ganhacks 9", "0.9에서는 출렁이고 0.5에서 안정됩니다"
    ),
}
TITLES = {BASE: "기본 루프", **{name: each.title for name, each in ADVICE.items()}}
