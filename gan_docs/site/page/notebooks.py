"""페이지마다 노트북과 스크립트를 만들어, 독자가 페이지의 코드를 제 기계에서 돌리게 합니다.

코드가 든 페이지마다 출력이 없는 노트북, 이 빌드가 실행한 노트북, 코드만 이은 스크립트가 딸립니다.
어느 것도 저장소에 커밋하지 않고, 빌드마다 페이지에서 다시 만듭니다.
"""

from __future__ import annotations

import base64
import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import nbformat

from gan_docs.site.make import figures
from gan_docs.site.page import cards, filling
from gan_docs.site.page.kernels import NotebookError, Outputs
from gan_docs.site.page.plain_markdown import Cell

FOLDER = "notebooks"
BRANCH = "notebooks"  # 공개하는 작업 흐름이 이 폴더를 올려 두는 가지
BYTES_OF_PICTURES = 500_000  # 붙이는 그림은 base64로 3분의 4가 되고, 노트북은 1MB를 넘지 않음
INSTALL = "패키지가 없으면 저장소의 README를 따라 먼저 설치하세요."
GITHUB = re.compile(r"https://github\.com/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?")
ATTACHED = re.compile(r"\]\(attachment:(?P<name>[\w-]+)\.webp\)")


class Publication(NamedTuple):
    """사이트와 저장소가 공개되는 주소입니다. 모르면 빈 글."""

    address: str = ""
    repository: str = ""

    def colab(self, place: str) -> str | None:
        """Colab이 노트북을 여는 주소입니다. 저장소가 GitHub에 없으면 `None`.

        Colab은 아무 주소나 열지 않고 GitHub의 가지에 든 파일만 엽니다. 만든 노트북은 커밋하지
        않으므로, 사이트를 공개하는 작업 흐름이 먼저 `notebooks` 가지에 올립니다.
        """
        found = GITHUB.fullmatch(self.repository)
        if found is None:
            return None
        path = place.removeprefix(f"{FOLDER}/")
        github = f"{found['owner']}/{found['name']}/blob/{BRANCH}/{path}"
        return f"https://colab.research.google.com/github/{github}"


class Offer(NamedTuple):
    """페이지가 건네는 파일의 자리입니다. 사이트의 뿌리에서 봅니다."""

    plain: str  # 출력이 없는 노트북
    executed: str | None  # 실행한 노트북. 고치며 보는 동안 아직 실행하지 않았으면 `None`
    script: str  # 코드만 이은 파이썬 파일
    colab: str | None  # Colab의 주소

    @property
    def name(self) -> str:
        """내려받을 노트북의 이름입니다."""
        return posixpath.basename(self.plain)


def repository(given: str | None) -> str:
    """저장소의 주소를 확인합니다. 모르면 빈 글.

    Raises:
        NotebookError: `https://`로 시작하지 않거나 따옴표나 빈칸이 들었을 때.
    """
    address = (given or "").strip().rstrip("/")
    if address and not re.fullmatch(r"https://[^\s\"'<>]+", address):
        raise NotebookError(f"저장소의 주소는 https://로 시작해야 합니다: 받은 값 {given!r}")
    return address


def offer(
    url: str, cells: Sequence[Cell], outputs: Outputs | None, publication: Publication
) -> tuple[Offer, dict[str, str]]:
    """페이지가 건넬 파일과, 사이트에 놓을 그 내용입니다.

    Args:
        url: 사이트의 뿌리에서 본 페이지의 주소.
        cells: 페이지의 셀.
        outputs: 코드 셀마다의 출력. 실행하지 않았으면 `None`.
        publication: 공개되는 주소.
    """
    stem = f"{FOLDER}/{url.removesuffix('.html').strip('/') or 'index'}"
    plain, script = f"{stem}.ipynb", f"{stem}.py"
    files = {plain: write(cells, None, url, publication), script: as_script(cells)}
    executed = None
    if outputs is not None:
        executed = f"{stem}-executed.ipynb"
        files[executed] = write(cells, outputs, url, publication)
    return Offer(plain, executed, script, publication.colab(plain)), files


def write(
    cells: Sequence[Cell], outputs: Outputs | None, url: str, publication: Publication
) -> str:
    """노트북 파일의 글입니다. 같은 셀과 출력이면 늘 같은 바이트입니다.

    Raises:
        NotebookError: 노트북의 규격에 맞지 않을 때.
    """
    made = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    left = iter(outputs or [])
    count = 0
    for cell in opening(cells, url, publication):
        if cell.kind == "markdown":
            one = nbformat.v4.new_markdown_cell(cell.source)
            if attachments := _attachments(cell.source):
                one["attachments"] = attachments
        else:
            one = nbformat.v4.new_code_cell(cell.source)
            # 패키지를 설치하는 셀은 빌드가 실행하지 않음
            if outputs is not None and not cell.source.startswith("%pip install"):
                count += 1
                one["execution_count"] = count
                one["outputs"] = [nbformat.from_dict(output) for output in next(left)]
        one["id"] = f"cell-{len(made.cells)}"
        made.cells.append(one)
    try:
        nbformat.validate(made)
    except nbformat.ValidationError as error:
        raise NotebookError(f"노트북의 규격에 맞지 않습니다: {error.message}") from None
    return f"{nbformat.writes(made)}\n"


def opening(cells: Sequence[Cell], url: str, publication: Publication) -> list[Cell]:
    """제목 다음에 출처와, 패키지를 설치하는 법을 놓은 셀입니다."""
    if cells[0].kind == "code":
        cells = [Cell("markdown", f"# {url.strip('/')}"), *cells]
    title, _, rest = cells[0].source.partition("\n")
    head = [title]
    if publication.address:
        head.append(f"[사이트에서 읽기]({publication.address}{url})")
    if not publication.repository and INSTALL not in rest:
        head.append(INSTALL)
    found = [Cell("markdown", "\n\n".join(head))]
    if publication.repository:
        address = f"gan-docs @ git+{publication.repository}"
        found.append(Cell("code", f'%pip install -q "{address}"'))
        rest = rest.replace(INSTALL, "")
    if rest.strip():
        found.append(Cell("markdown", rest.strip()))
    return [*found, *cells[1:]]


def as_script(cells: Iterable[Cell]) -> str:
    """코드 셀만 이은 파이썬 파일입니다. 노트북의 `%` 명령은 뺍니다."""
    code = (cell.source.splitlines() for cell in cells if cell.kind == "code")
    kept = ([row for row in rows if not row.startswith(("%", "!"))] for rows in code)
    return "\n\n\n".join("\n".join(rows).strip("\n") for rows in kept) + "\n"


def link(
    here: str, url: str, find: Callable[[str], str | None], address: str
) -> Callable[[str], str | None]:
    """페이지에 적힌 주소를 어디서나 열리는 주소로 바꾸는 함수입니다.

    Args:
        here: 페이지의 파일 이름. `docs/`에서 본 자리.
        url: 사이트의 뿌리에서 본 페이지의 주소.
        find: 파일의 자리를 사이트의 주소로. 그런 파일이 없으면 `None`.
        address: 사이트의 주소. 모르면 빈 글이고, 사이트 안의 링크는 글만 남습니다.
    """

    def absolute(target: str) -> str | None:
        if re.match(r"[a-z][a-z+.-]*:", target):
            return target
        if not address:
            return None
        path, mark, anchor = target.partition("#")
        if not path:
            return f"{address}{url}{mark}{anchor}"
        file = posixpath.normpath(posixpath.join(posixpath.dirname(here), path))
        found = find(file)
        return None if found is None else f"{address}{found}{mark}{anchor}"

    return absolute


def figure(address: str) -> Callable[[str], str]:
    """그림의 이름을 Markdown으로 바꾸는 함수입니다.

    사이트의 주소를 알면 그 그림을 가리키고, 모르면 노트북에 붙입니다. 너무 크면 대체 글만 둡니다.
    """
    left = BYTES_OF_PICTURES

    def shown(name: str) -> str:
        nonlocal left
        made = figures.figures()[name]
        alternative = re.sub(r"([\[\]\\])", r"\\\1", filling.fill(made.alt, name))
        caption = filling.fill(made.caption, name)
        if address:
            place = address + made.address("light")
        else:
            size = cards.source(made, "light").stat().st_size
            if size > left:
                return f"그림: {alternative}\n\n{caption}"
            left -= size
            place = f"attachment:{name}{figures.SUFFIX}"
        return f"![{alternative}]({place})\n\n{caption}"

    return shown


def _attachments(text: str) -> dict[str, dict[str, str]]:
    found = {}
    for name in ATTACHED.findall(text):
        content = cards.source(figures.figures()[name], "light").read_bytes()
        found[f"{name}{figures.SUFFIX}"] = {"image/webp": base64.b64encode(content).decode()}
    return found
