"""글자 데이터를 그릴 글꼴의 표: 어느 패키지의 어느 파일이고 학습용인지 평가용인지."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

DEBIAN_FOLDERS = {
    "fonts-nanum": "truetype/nanum",
    "fonts-nanum-extra": "truetype/nanum",
    "fonts-woowa-bm": "truetype/woowa-bm",
    "fonts-noto-cjk": "opentype/noto",
}
VERSIONS = {
    "fonts-nanum": "20200506-1",
    "fonts-nanum-extra": "20200506-1",
    "fonts-woowa-bm": "20211009-2",
    "fonts-noto-cjk": "1:20220127+repack1-1",
    "@expo-google-fonts/dokdo": "0.4.1",
    "@fontsource/bagel-fat-one": "5.3.0",
    "@fontsource/black-and-white-picture": "5.3.0",
    "@fontsource/black-han-sans": "5.3.0",
    "@fontsource/cute-font": "5.2.8",
    "@fontsource/diphylleia": "5.2.7",
    "@fontsource/dongle": "5.2.7",
    "@fontsource/east-sea-dokdo": "5.3.0",
    "@fontsource/gaegu": "5.3.0",
    "@fontsource/gamja-flower": "5.3.0",
    "@fontsource/gasoek-one": "5.3.0",
    "@fontsource/gothic-a1": "5.3.0",
    "@fontsource/gowun-batang": "5.3.0",
    "@fontsource/gowun-dodum": "5.3.0",
    "@fontsource/gugi": "5.3.0",
    "@fontsource/hahmlet": "5.3.0",
    "@fontsource/hi-melody": "5.3.0",
    "@fontsource/ibm-plex-sans-kr": "5.3.0",
    "@fontsource/orbit": "5.3.0",
    "@fontsource/poor-story": "5.3.0",
    "@fontsource/song-myung": "5.2.8",
    "@fontsource/stylish": "5.3.1",
    "@fontsource/sunflower": "5.3.1",
    "galmuri": "2.40.3",
    "pretendard": "1.3.9",
}


class Family(NamedTuple):
    """같은 뿌리에서 나온 글꼴 한 갈래입니다. 학습용과 평가용은 갈래째로 나눕니다.

    Attributes:
        name: 갈래의 이름.
        faces: 굵기의 이름에서 `패키지:파일`로. 여러 벌이 든 파일은 `#차례`를 붙입니다.
        held_out: 참이면 학습에 쓰지 않는 평가용.
    """

    name: str
    faces: Mapping[str, str]
    held_out: bool = False


def fontsource(name: str, package: str, *weights: int, held_out: bool = False) -> Family:
    """@fontsource 패키지 하나를 갈래로 만듭니다."""
    path = "@fontsource/{0}:files/{0}-korean-{1}-normal.woff"
    return Family(name, {str(w): path.format(package, w) for w in weights}, held_out)


FAMILIES = (
    Family(
        "Nanum Gothic",
        {
            "Regular": "fonts-nanum:NanumGothic.ttf",
            "Bold": "fonts-nanum:NanumGothicBold.ttf",
            "ExtraBold": "fonts-nanum-extra:NanumGothicExtraBold.ttf",
        },
    ),
    Family(
        "Nanum Barun Gothic",
        {
            "Light": "fonts-nanum-extra:NanumBarunGothicLight.ttf",
            "Regular": "fonts-nanum:NanumBarunGothic.ttf",
            "Bold": "fonts-nanum:NanumBarunGothicBold.ttf",
        },
    ),
    Family(
        "Nanum Myeongjo",
        {
            "Regular": "fonts-nanum:NanumMyeongjo.ttf",
            "Bold": "fonts-nanum:NanumMyeongjoBold.ttf",
            "ExtraBold": "fonts-nanum-extra:NanumMyeongjoExtraBold.ttf",
        },
    ),
    Family(
        "Nanum Square",
        {
            "Light": "fonts-nanum-extra:NanumSquareL.ttf",
            "Regular": "fonts-nanum:NanumSquareR.ttf",
            "ExtraBold": "fonts-nanum-extra:NanumSquareEB.ttf",
        },
    ),
    Family(
        "Nanum Square Round",
        {
            "Light": "fonts-nanum-extra:NanumSquareRoundL.ttf",
            "Regular": "fonts-nanum:NanumSquareRoundR.ttf",
            "ExtraBold": "fonts-nanum-extra:NanumSquareRoundEB.ttf",
        },
    ),
    Family("Nanum Brush", {"Regular": "fonts-nanum-extra:NanumBrush.ttf"}),
    Family("Nanum Pen", {"Regular": "fonts-nanum-extra:NanumPen.ttf"}, held_out=True),
    Family(
        "Nanum Barun Pen",
        {
            "Regular": "fonts-nanum-extra:NanumBarunpenR.ttf",
            "Bold": "fonts-nanum-extra:NanumBarunpenB.ttf",
        },
        held_out=True,
    ),
    Family("Do Hyeon", {"Regular": "fonts-woowa-bm:BMDOHYEON_ttf.ttf"}),
    Family(
        "Hanna",
        {
            "Air": "fonts-woowa-bm:BMHANNAAir_ttf.ttf",
            "Pro": "fonts-woowa-bm:BMHANNAPro.ttf",
        },
    ),
    Family("Kirang Haerang", {"Regular": "fonts-woowa-bm:BMKIRANGHAERANG-TTF.ttf"}),
    Family("Jua", {"Regular": "fonts-woowa-bm:BMJUA_ttf.ttf"}, held_out=True),
    Family(
        "Euljiro",
        {
            "Regular": "fonts-woowa-bm:BMEULJIROTTF.ttf",
            "10 Years Later": "fonts-woowa-bm:BMEuljiro10yearslater.ttf",
        },
        held_out=True,
    ),
    Family("Noto Sans CJK KR", {"Regular": "fonts-noto-cjk:NotoSansCJK-Regular.ttc#1"}),
    Family(
        "Noto Serif CJK KR",
        {
            "Regular": "fonts-noto-cjk:NotoSerifCJK-Regular.ttc#1",
            "Bold": "fonts-noto-cjk:NotoSerifCJK-Bold.ttc#1",
        },
        held_out=True,
    ),
    fontsource("Bagel Fat One", "bagel-fat-one", 400),
    fontsource("Black And White Picture", "black-and-white-picture", 400),
    fontsource("Black Han Sans", "black-han-sans", 400, held_out=True),
    fontsource("Cute Font", "cute-font", 400, held_out=True),
    fontsource("Diphylleia", "diphylleia", 400),
    Family("Dokdo", {"Regular": "@expo-google-fonts/dokdo:400Regular/Dokdo_400Regular.ttf"}),
    fontsource("Dongle", "dongle", 300, 400, 700),
    fontsource("East Sea Dokdo", "east-sea-dokdo", 400, held_out=True),
    fontsource("Gaegu", "gaegu", 300, 400, 700),
    fontsource("Gamja Flower", "gamja-flower", 400, held_out=True),
    fontsource("Gasoek One", "gasoek-one", 400),
    fontsource("Gothic A1", "gothic-a1", 300, 500, 800),
    fontsource("Gowun Batang", "gowun-batang", 400, 700, held_out=True),
    fontsource("Gowun Dodum", "gowun-dodum", 400, held_out=True),
    fontsource("Gugi", "gugi", 400),
    fontsource("Hahmlet", "hahmlet", 300, 500, 800),
    fontsource("Hi Melody", "hi-melody", 400, held_out=True),
    fontsource("IBM Plex Sans KR", "ibm-plex-sans-kr", 300, 700, held_out=True),
    fontsource("Orbit", "orbit", 400, held_out=True),
    fontsource("Poor Story", "poor-story", 400),
    fontsource("Song Myung", "song-myung", 400, held_out=True),
    fontsource("Stylish", "stylish", 400),
    fontsource("Sunflower", "sunflower", 300, 500, 700),
    Family(
        "Galmuri",
        {
            "Regular": "galmuri:dist/Galmuri11.ttf",
            "Bold": "galmuri:dist/Galmuri11-Bold.ttf",
            "Small": "galmuri:dist/Galmuri9.ttf",
        },
    ),
    Family(
        "Pretendard",
        {
            "Light": "pretendard:dist/public/static/Pretendard-Light.otf",
            "SemiBold": "pretendard:dist/public/static/Pretendard-SemiBold.otf",
            "Black": "pretendard:dist/public/static/Pretendard-Black.otf",
        },
    ),
)


NOTICE = """\
# 글꼴 고지

이 폴더의 `gan-docs-sans.otf`와 `hangul.npz`는 SIL Open Font License 1.1(OFL-1.1)의 글꼴에서
만들었고, 두 파일도 같은 허가를 따릅니다. 허가의 전문은 같은 폴더의 `OFL.txt`에 있습니다.
이 고지와 `hangul.npz`는 `tools/make_hangul.py`가, 글꼴은 `tools/make_font.py`가 만듭니다.

## gan-docs-sans.otf

Pretendard Regular 1.3.9(npm `pretendard`)에서 쓰는 글자만 남기고 이름을 바꾼 글꼴입니다.
"Pretendard"는 예약된 이름(Reserved Font Name)이므로 고친 글꼴은 "GAN Docs Sans"라고 부릅니다.

Copyright (c) 2021, Kil Hyung-jin (https://github.com/orioncactus/pretendard),
with Reserved Font Name Pretendard.

## hangul.npz

글꼴 {faces}벌({families}갈래)로 그린 가나다라마바사아자차카타파하의 글자 그림({size}×{size})입니다.
그중 {held_out}벌({held_out_families}갈래)은 평가용이며 학습에 쓰지 않습니다.
글꼴의 이름은 출처를 밝히려고 적었고, 이 파일이나 프로젝트의 이름이 아닙니다.

패키지에 함께 온 저작권 표시와 예약된 이름:

- fonts-nanum, fonts-nanum-extra: Copyright (c) 2010, NAVER Corporation
  (http://www.nhncorp.com), with Reserved Font Name Nanum, Naver Nanum, NanumGothic, Naver
  NanumGothic, NanumMyeongjo, Naver NanumMyeongjo, NanumBrush, Naver NanumBrush, NanumPen,
  Naver NanumPen, Naver NanumGothicEco, NanumGothicEco, Naver NanumMyeongjoEco,
  NanumMyeongjoEco, Naver NanumGothicLight, NanumGothicLight, NanumBarunGothic, Naver
  NanumBarunGothic.
- fonts-woowa-bm: Copyright 2013-2020, Woowa Brothers Corporation (https://www.woowahan.com),
  with Reserved Font Name BM HANNA 11yrs old, BM HANNA 11yrs old OTF, BMHANNAAir_otf,
  BMHANNAAir_ttf, BMHANNAPro_otf, BMHANNAPro_ttf, BM JUA_TTF, BM JUA_OTF, BM DoHyeon,
  BM DoHyeon OTF, BM YEONSUNG, BM YEONSUNG OTF, BM KIRANGHAERANG, BM KIRANGHAERANG OTF,
  BMEULJIRO, BMEULJIROTTF, BM EULJITO 10 YEARS LATER, BM EULJITO 10 YEARS LATER TTF.
- galmuri: Copyright (c) 2019–2025 Lee Minseo (quiple@quiple.dev).
- pretendard: Copyright (c) 2021, Kil Hyung-jin (https://github.com/orioncactus/pretendard),
  with Reserved Font Name Pretendard.

글꼴 파일마다 적힌 저작권 표시(모두 OFL-1.1):

| 글꼴 | 나눔 | 패키지와 버전 | 저작권 |
|---|---|---|---|
{rows}
"""
