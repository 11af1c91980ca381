"""글자 데이터 gan_docs/assets/hangul.npz와 고지 NOTICE.md를 글꼴 패키지에서 다시 만듭니다.

쓰는 법: `python tools/make_hangul.py`
        `python tools/make_hangul.py --sheet sheet.png` (모든 글꼴을 한 장에 그려 눈으로 확인)

데비안 패키지는 미리 설치하세요: `apt-get install fonts-nanum fonts-nanum-extra fonts-woowa-bm
fonts-noto-cjk`. 나머지는 npm으로 내려받습니다(약 200 MB). 같은 버전의 패키지에서는 언제나 같은
바이트가 나옵니다.
"""

from __future__ import annotations

import io
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from hangul_faces import DEBIAN_FOLDERS, FAMILIES, NOTICE, VERSIONS, Family
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D
from npm import npm_archive
from numpy.typing import NDArray
from ship import arguments, ship

SYLLABLES = "가나다라마바사아자차카타파하"
SIZE = 56  # 바탕 글자의 가로와 세로 화소 수: 28의 두 배
INK = 0.74  # 한 글꼴에서 가장 큰 글자의 긴 변이 바탕에서 차지하는 비율
MARGIN = 2.0  # 잉크와 가장자리 사이에 남길 화소 수
LEVELS = 15  # 화소 하나를 4비트로 담을 때의 가장 진한 값
FONTS = Path("/usr/share/fonts")


class Face(NamedTuple):
    """글꼴 한 벌에서 그린 바탕 글자들입니다. `glyphs`의 모양은 `(14, SIZE, SIZE)`, 0–15."""

    name: str
    family: str
    held_out: bool
    package: str
    copyright: str
    glyphs: NDArray[np.uint8]


class OutlinePen(BasePen):
    """fontTools의 글자를 Matplotlib의 윤곽선으로 옮깁니다. 힌팅은 쓰지 않습니다."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.points: list[tuple[float, float]] = []
        self.codes: list[int] = []

    def _add(self, code: int, *points: tuple[float, float]) -> None:
        self.points += points
        self.codes += [code] * len(points)

    def _moveTo(self, point: tuple[float, float]) -> None:
        self.start = point
        self._add(Outline.MOVETO, point)

    def _lineTo(self, point: tuple[float, float]) -> None:
        self._add(Outline.LINETO, point)

    def _qCurveToOne(self, *points: tuple[float, float]) -> None:
        self._add(Outline.CURVE3, *points)

    def _curveToOne(self, *points: tuple[float, float]) -> None:
        self._add(Outline.CURVE4, *points)

    def _closePath(self) -> None:
        self._add(Outline.CLOSEPOLY, self.start)


def outlines(font: TTFont, name: str) -> list[Outline]:
    """14자의 윤곽선을 글꼴의 단위로 꺼냅니다."""
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    missing = [syllable for syllable in SYLLABLES if ord(syllable) not in names]
    if missing:
        sys.exit(f"{name}에 없는 글자가 있습니다: {''.join(missing)}")
    drawn = []
    for syllable in SYLLABLES:
        pen = OutlinePen(glyphs)
        glyphs[names[ord(syllable)]].draw(pen)
        if not pen.points:
            sys.exit(f"{name}의 글자가 비어 있습니다: {syllable}")
        drawn.append(Outline(pen.points, pen.codes))
    return drawn


def draw(outline: Outline, transform: Affine2D, size: int) -> NDArray[np.float64]:
    """윤곽선을 채워 잉크의 양을 그립니다. 모양 `(size, size)`, 값은 0에서 1, 첫 줄이 위."""
    renderer = RendererAgg(size, size, 72)
    context = renderer.new_gc()
    context.set_linewidth(0)
    context.set_snap(False)
    renderer.draw_path(context, outline, transform, (0, 0, 0, 1))
    return np.asarray(renderer.buffer_rgba())[..., 3] / 255


def centre_of_mass(outline: Outline, fine: int = 256) -> tuple[float, float]:
    """잉크의 무게 중심을 글꼴의 단위로 잽니다."""
    box = outline.get_extents()
    scale = fine / max(box.width, box.height)
    ink = draw(outline, Affine2D().translate(-box.x0, -box.y0).scale(scale), fine)
    middle = np.arange(fine) + 0.5
    x = (ink.sum(0) @ middle) / ink.sum()
    y = fine - (ink.sum(1) @ middle) / ink.sum()
    return box.x0 + x / scale, box.y0 + y / scale


def base_glyphs(shapes: Sequence[Outline], size: int = SIZE) -> NDArray[np.uint8]:
    """한 글꼴의 글자들을 같은 배율로, 무게 중심을 가운데에 두어 그립니다."""
    boxes = [shape.get_extents() for shape in shapes]
    scale = INK * size / max(max(box.width, box.height) for box in boxes)
    glyphs = []
    for shape, box in zip(shapes, boxes, strict=True):
        x, y = centre_of_mass(shape)
        left, right = (box.x0 - x) * scale + size / 2, (box.x1 - x) * scale + size / 2
        low, high = (box.y0 - y) * scale + size / 2, (box.y1 - y) * scale + size / 2
        transform = Affine2D().translate(-x, -y).scale(scale).translate(size / 2, size / 2)
        transform.translate(pull_inside(left, right, size), pull_inside(low, high, size))
        glyphs.append(np.rint(draw(shape, transform, size) * LEVELS).astype(np.uint8))
    return np.stack(glyphs)


def pull_inside(low: float, high: float, size: int) -> float:
    """가장자리 여백을 침범한 잉크를 안으로 옮길 거리를 돌려줍니다."""
    return max(0.0, MARGIN - low) - max(0.0, high - (size - MARGIN))


def read_font(location: str, fonts: Path, downloads: Path) -> TTFont:
    """`패키지:파일#차례`가 가리키는 글꼴을 엽니다."""
    package, _, path = location.partition(":")
    path, _, number = path.partition("#")
    if package in DEBIAN_FOLDERS:
        file = fonts / DEBIAN_FOLDERS[package] / path
        if not file.is_file():
            sys.exit(
                f"글꼴 패키지 {package}이(가) 없습니다: {path}을(를) 찾지 못했습니다. "
                f"`apt-get install {package}`으로 설치하세요"
            )
        return TTFont(file, fontNumber=int(number or 0), lazy=True)
    with tarfile.open(npm_archive(package, VERSIONS[package], downloads)) as archive:
        try:
            member = archive.extractfile(f"package/{path}")
        except KeyError:
            member = None
        if member is None:
            sys.exit(f"npm 패키지 {package}에 파일이 없습니다: {path}")
        return TTFont(io.BytesIO(member.read()), lazy=True)


def draw_faces(families: Sequence[Family], fonts: Path, downloads: Path) -> list[Face]:
    """표에 적힌 글꼴을 차례대로 모두 그립니다."""
    faces = []
    for family in families:
        for weight, location in family.faces.items():
            name = f"{family.name} {weight}"
            with read_font(location, fonts, downloads) as font:
                holder = " ".join(str(font["name"].getDebugName(0) or family.name).split())
                glyphs = base_glyphs(outlines(font, name))
            package = location.partition(":")[0]
            faces.append(Face(name, family.name, family.held_out, package, holder, glyphs))
            print(f"{len(faces):3d}벌 {name}", file=sys.stderr)
    return faces


def archive_bytes(faces: Sequence[Face]) -> bytes:
    """글자, 이름, 갈래, 나눔을 한 npz로 묶습니다. 두 화소를 한 바이트에 담습니다."""
    glyphs = np.stack([face.glyphs for face in faces])
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        glyphs=glyphs[..., 0::2] << 4 | glyphs[..., 1::2],
        syllables=np.array(list(SYLLABLES)),
        faces=np.array([face.name for face in faces]),
        families=np.array([face.family for face in faces]),
        held_out=np.array([face.held_out for face in faces]),
    )
    return buffer.getvalue()


def notice(faces: Sequence[Face]) -> str:
    """글꼴마다 저작권, 허가, 가져온 패키지를 적은 고지를 씁니다."""
    rows = [
        f"| {face.name} | {'평가' if face.held_out else '학습'} "
        f"| {face.package} {VERSIONS[face.package]} | {face.copyright} |"
        for face in faces
    ]
    families = len({face.family for face in faces})
    return NOTICE.format(
        faces=len(faces),
        families=families,
        size=SIZE,
        held_out=sum(face.held_out for face in faces),
        held_out_families=len({face.family for face in faces if face.held_out}),
        rows="\n".join(rows),
    )


def contact_sheet(faces: Sequence[Face], target: Path) -> None:
    """모든 글꼴의 14자를 한 줄씩 두 단으로 그린 PNG를 남깁니다. 차례는 표와 같습니다."""
    from PIL import Image

    rows = [np.concatenate(list(face.glyphs), axis=1) for face in faces]
    rows += [np.zeros_like(rows[0])] * (len(rows) % 2)
    half = len(rows) // 2
    ink = np.concatenate([np.concatenate(rows[:half]), np.concatenate(rows[half:])], axis=1)
    Image.fromarray(255 - ink * np.uint8(255 // LEVELS)).save(target)


def main() -> None:
    """모든 글꼴을 그려 npz와 고지를 쓰거나, `--check`로 지금 파일과 견줍니다."""
    parser = arguments("한글 글자 데이터를 글꼴에서 다시 만듭니다.", "gan_docs_fonts")
    parser.add_argument("--fonts", type=Path, default=FONTS, help="데비안 글꼴이 있는 폴더")
    chosen = parser.parse_args()
    faces = draw_faces(FAMILIES, chosen.fonts, chosen.downloads)
    made = {"hangul.npz": archive_bytes(faces), "NOTICE.md": notice(faces).encode()}
    if chosen.sheet:
        contact_sheet(faces, chosen.sheet)
    ship(made, chosen.target, check=chosen.check)


if __name__ == "__main__":
    main()
