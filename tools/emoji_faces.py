"""그릴 얼굴의 표: 네 디자인이 어느 패키지에 있고 어떤 얼굴을 고르는지."""

from __future__ import annotations

from typing import NamedTuple


class Design(NamedTuple):
    """한 사람이나 한 회사가 그린 그림 한 벌입니다.

    Attributes:
        name: 종류의 이름이 될 디자인의 이름.
        package: SVG가 든 npm 패키지.
        version: 패키지의 버전.
        side: 32화소의 바탕에서 그림의 한 변. 네 디자인의 얼굴이 같은 크기가 되도록 고릅니다.
    """

    name: str
    package: str
    version: str
    side: int


DESIGNS = (
    Design("Noto Emoji", "@iconify-json/noto", "1.2.9", 30),
    Design("Twemoji", "@iconify-json/twemoji", "1.2.5", 28),
    Design("Fluent Emoji", "@iconify-json/fluent-emoji", "1.2.7", 32),
    Design("Fluent Emoji Flat", "@iconify-json/fluent-emoji-flat", "1.2.6", 32),
)

# 네 디자인에 모두 있는 둥근 얼굴. 동물, 달, 시계, 얼굴을 가린 사람은 고르지 않음
KINDS = tuple(
    """
    angry-face angry-face-with-horns anguished-face anxious-face-with-sweat astonished-face
    beaming-face-with-smiling-eyes clown-face cold-face confounded-face confused-face
    cowboy-hat-face crying-face disappointed-face disguised-face dotted-line-face
    downcast-face-with-sweat drooling-face expressionless-face face-blowing-a-kiss
    face-exhaling face-holding-back-tears face-savoring-food face-screaming-in-fear
    face-vomiting face-with-diagonal-mouth face-with-hand-over-mouth face-with-head-bandage
    face-with-medical-mask face-with-monocle face-with-open-eyes-and-hand-over-mouth
    face-with-open-mouth face-with-peeking-eye face-with-raised-eyebrow
    face-with-rolling-eyes face-with-spiral-eyes face-with-steam-from-nose
    face-with-symbols-on-mouth face-with-tears-of-joy face-with-thermometer face-with-tongue
    face-without-mouth fearful-face flushed-face frowning-face frowning-face-with-open-mouth
    grimacing-face grinning-face grinning-face-with-big-eyes
    grinning-face-with-smiling-eyes grinning-face-with-sweat grinning-squinting-face
    hot-face hugging-face hushed-face kissing-face kissing-face-with-closed-eyes
    kissing-face-with-smiling-eyes knocked-out-face loudly-crying-face lying-face
    melting-face money-mouth-face nauseated-face nerd-face neutral-face partying-face
    pensive-face persevering-face pleading-face pouting-face relieved-face
    sad-but-relieved-face saluting-face shaking-face shushing-face sleeping-face sleepy-face
    slightly-frowning-face slightly-smiling-face smiling-face smiling-face-with-halo
    smiling-face-with-heart-eyes smiling-face-with-hearts smiling-face-with-horns
    smiling-face-with-smiling-eyes smiling-face-with-sunglasses smiling-face-with-tear
    smirking-face sneezing-face squinting-face-with-tongue thinking-face tired-face
    unamused-face upside-down-face weary-face winking-face winking-face-with-tongue
    woozy-face worried-face yawning-face zany-face zipper-mouth-face
    """.split()
)

NOTICE = """\
# 이모지 고지

이 폴더의 `emoji.npz`는 공개된 네 디자인의 SVG를 {size}×{size}로 그린 것입니다. 디자인마다 얼굴
{kinds}가지, 모두 {count}장이며, 흰 바탕에 얹고 얼굴의 크기를 맞춘 것 말고는 고치지 않았습니다.
그림마다 원래 디자인의 허가를 따릅니다. 이름은 출처를 밝히려고 적었고, 그린 이들이 이 프로젝트를
돕거나 권한다는 뜻이 아닙니다. 이 고지와 `emoji.npz`는 `tools/make_emoji.py`가 만듭니다.

| 디자인 | 허가 | 패키지와 버전 |
|---|---|---|
{rows}

## Noto Emoji

Copyright 2013 Google, Inc. All Rights Reserved. (https://github.com/googlefonts/noto-emoji)

Licensed under the Apache License, Version 2.0. 전문은 같은 폴더의 `Apache-2.0.txt`에 있습니다.

## Twemoji

Copyright 2020 Twitter, Inc and other contributors (https://github.com/jdecked/twemoji)

Graphics licensed under CC-BY 4.0: https://creativecommons.org/licenses/by/4.0/

## Fluent Emoji, Fluent Emoji Flat

MIT License (https://github.com/microsoft/fluentui-emoji)

Copyright (c) Microsoft Corporation.

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
