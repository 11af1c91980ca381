"""코드 셀을 새 커널에서 차례로 실행하고 출력을 보관합니다.

열쇠는 코드, 코드가 부르는 모든 모듈, 판, 스레드 수입니다.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from gan_docs.site.make import keys
from gan_docs.site.make.store import Store
from gan_docs.site.page import notebook
from gan_docs.site.page.plain_markdown import Cell

TOOLS = (*keys.TOOLS, "matplotlib", "ipykernel", "nbclient", "nbformat")
NAME, FILE = "chapters", "outputs.json"
SECONDS = 600
QUIET = ("--log-level=40", "--HistoryManager.enabled=False")

Outputs = list[list[dict[str, Any]]]


def outputs(cells: Iterable[Cell], folder: Path, *, execute: bool = True) -> Outputs | None:
    """코드 셀마다의 출력입니다. 보관한 것을 꺼내거나, 없으면 실행해 보관합니다.

    Args:
        cells: 쪽의 셀.
        folder: 보관할 폴더.
        execute: 보관한 것이 없을 때 실행할지. 아니면 `None`을 돌려줍니다.

    Raises:
        NotebookError: 셀이 실패하거나 경고를 적었을 때. 실패한 실행은 보관하지 않습니다.
    """
    sources = [cell.source for cell in cells if cell.kind == "code"]
    try:
        modules = keys.sources(keys.imported("\n".join(sources)))
    except SyntaxError as error:
        raise notebook.NotebookError(f"코드 셀을 읽을 수 없습니다: {error}") from error
    key = keys.digest(sources, Path(__file__), modules, keys.versions(TOOLS), keys.THREADS)
    store = Store(folder)
    found = store.find(NAME, key)
    if found is None and not execute:
        return None

    def write(place: Path) -> None:
        (place / FILE).write_text(json.dumps(run(sources), ensure_ascii=False), "utf-8")

    found = found or store.make(NAME, key, write)
    read: Outputs = json.loads((found / FILE).read_text("utf-8"))
    return read


def run(sources: Sequence[str]) -> Outputs:
    """코드를 새 커널과 빈 임시 폴더에서 차례로 실행합니다.

    Raises:
        NotebookError: 셀이 실패하거나, 끝나지 않거나, 경고나 오류를 적었을 때.
    """
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in sources])
    with (
        tempfile.TemporaryDirectory(prefix="gan-docs-notebook-") as folder,
        notebook.settled(Path(folder)),
    ):
        workplace = Path(folder) / "work"
        workplace.mkdir()
        client = NotebookClient(
            made, timeout=SECONDS, kernel_name="python3", record_timing=False,
            coalesce_streams=True, extra_arguments=list(QUIET),
            resources={"metadata": {"path": str(workplace)}},
        )  # fmt: skip
        try:
            client.execute(env=_environment())
        except CellExecutionError as error:
            number = _failed(made.cells)
            reason = f"{error.ename}: {error.evalue}"
            raise notebook.NotebookError(
                f"{number}번째 코드 셀이 실패했습니다: {reason}"
            ) from error
        except (CellTimeoutError, DeadKernelError) as error:
            raise notebook.NotebookError(f"노트북이 끝나지 않았습니다: {error}") from error
    for number, cell in enumerate(made.cells, start=1):
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                raise notebook.NotebookError(
                    f"{number}번째 코드 셀이 경고나 오류를 적었습니다: {output.text.strip()}"
                )
    found: Outputs = json.loads(json.dumps([cell.outputs for cell in made.cells]))
    return found


def recorded(rows: Iterable[Iterable[notebook.Output]]) -> Outputs:
    """mkdocs-jupyter가 실행한 셀의 출력을 노트북의 꼴로 적습니다."""
    return [[_recorded(output) for output in cell] for cell in rows]


def _recorded(output: notebook.Output) -> dict[str, Any]:
    if output.kind == "text":
        return {"output_type": "stream", "name": "stdout", "text": f"{output.content}\n"}
    kind = {"html": "text/html", "image/svg": "image/svg+xml"}.get(output.kind, output.kind)
    content = output.content
    if kind == "image/svg+xml":
        content = base64.b64decode(content).decode()
    return {"output_type": "display_data", "data": {kind: content}, "metadata": {}}


def _failed(cells: Sequence[Any]) -> int:
    return next(
        number
        for number, cell in enumerate(cells, start=1)
        if any(output.output_type == "error" for output in cell.outputs)
    )


def _environment() -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    return {**others, "PYTHONUTF8": "1"}
