"""얼굴 데이터 gan_docs/assets/emoji.npz와 고지 EMOJI.md를 npm의 SVG에서 다시 만듭니다.

쓰는 법: `python tools/make_emoji.py`
        `python tools/make_emoji.py --sheet sheet.png` (모든 얼굴을 한 장에 그려 눈으로 확인)

따로 만든 가상 환경에 `pip install numpy pillow resvg_py==0.5.0`으로 설치하세요. 책의 빌드에는
필요 없습니다. SVG는 npm으로 내려받습니다(약 20 MB). 같은 버전에서는 언제나 같은 바이트가 나옵니다.
"""

from __future__ import annotations

import io
import json
import sys
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
from emoji_faces import DESIGNS, KINDS, NOTICE, Design
from npm import npm_archive
from numpy.typing import NDArray
from PIL import Image
from ship import arguments, ship

SIZE = 32  # 한 장의 가로와 세로 화소 수
FINE = 8  # 가장자리를 매끄럽게 하려고 크게 그렸다가 줄이는 배수


def drawings(design: Design, downloads: Path) -> tuple[str, list[str]]:
    """디자인의 허가와, `KINDS`의 차례대로 SVG를 꺼냅니다."""
    archive = npm_archive(design.package, design.version, downloads)
    with tarfile.open(archive) as package:
        icons, about = (member(package, name) for name in ("icons.json", "info.json"))
    return about["license"]["spdx"], [drawing(icons, kind, design) for kind in KINDS]


def member(package: tarfile.TarFile, name: str) -> Any:
    """묶음에 든 JSON 하나를 읽습니다."""
    file = package.extractfile(f"package/{name}")
    if file is None:
        sys.exit(f"npm 패키지에 파일이 없습니다: {name}")
    return json.load(file)


def drawing(icons: Any, kind: str, design: Design) -> str:
    """얼굴 하나의 SVG입니다. 다른 이름으로 든 것은 그 이름을 따라가 찾습니다."""
    name = kind
    while name not in icons["icons"] and name in icons.get("aliases", {}):
        name = icons["aliases"][name]["parent"]
    if name not in icons["icons"]:
        sys.exit(f"{design.name}에 없는 얼굴입니다: {kind}")
    icon = icons["icons"][name]
    side = icon.get("width", icons["width"])
    border = side * (SIZE / design.side - 1) / 2
    box = f"{icon.get('left', 0) - border} {icon.get('top', 0) - border}"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{box} {side + 2 * border} {side + 2 * border}">{icon["body"]}</svg>'
    )


def draw(svg: str) -> NDArray[np.uint8]:
    """흰 바탕에 크게 그린 뒤 줄입니다. 모양 `(SIZE, SIZE, 3)`."""
    from resvg_py import svg_to_bytes

    png = svg_to_bytes(svg_string=svg, width=SIZE * FINE, height=SIZE * FINE, background="white")
    return np.asarray(Image.open(io.BytesIO(bytes(png))).convert("RGB").reduce(FINE))


def archive_bytes(images: NDArray[np.uint8]) -> bytes:
    """얼굴, 디자인의 이름, 얼굴의 이름을 한 npz로 묶습니다."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        images=images,  # (디자인, 얼굴, 32, 32, 3)
        designs=np.array([design.name for design in DESIGNS]),
        kinds=np.array(KINDS),
    )
    return buffer.getvalue()


def notice(licences: list[str]) -> str:
    """디자인마다 허가와 가져온 패키지를 적은 고지를 씁니다."""
    rows = [
        f"| {design.name} | {licence} | {design.package} {design.version} |"
        for design, licence in zip(DESIGNS, licences, strict=True)
    ]
    count = len(DESIGNS) * len(KINDS)
    return NOTICE.format(size=SIZE, kinds=len(KINDS), count=count, rows="\n".join(rows))


def contact_sheet(images: NDArray[np.uint8], target: Path, columns: int = 17) -> None:
    """얼굴마다 네 디자인을 세로로 놓은 PNG를 두 배로 남깁니다."""
    rows = []
    for start in range(0, len(KINDS), columns):
        part = images[:, start : start + columns]
        spare = ((0, 0), (0, columns - part.shape[1]), (0, 0), (0, 0), (0, 0))
        part = np.pad(part, spare, constant_values=255)
        rows.append(part.transpose(0, 2, 1, 3, 4).reshape(-1, columns * SIZE, 3))
    sheet = Image.fromarray(np.concatenate(rows))
    sheet.resize((2 * sheet.width, 2 * sheet.height), Image.Resampling.NEAREST).save(target)


def main() -> None:
    """모든 얼굴을 그려 npz와 고지를 쓰거나, `--check`로 지금 파일과 견줍니다."""
    parser = arguments("얼굴 데이터를 SVG에서 다시 만듭니다.", "gan_docs_emoji")
    chosen = parser.parse_args()
    found = [drawings(design, chosen.downloads) for design in DESIGNS]
    images = np.array([[draw(svg) for svg in svgs] for _, svgs in found])
    licences = [licence for licence, _ in found]
    made = {"emoji.npz": archive_bytes(images), "EMOJI.md": notice(licences).encode()}
    if chosen.sheet:
        contact_sheet(images, chosen.sheet)
    ship(made, chosen.target, check=chosen.check)


if __name__ == "__main__":
    main()
