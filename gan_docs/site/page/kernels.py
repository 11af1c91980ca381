"""노트북의 코드 셀을 새 커널에서 차례로 실행하고 출력을 보관합니다.

키는 코드, 코드가 부르는 모든 모듈, 버전, 스레드 수입니다.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from gan_docs.site.make import keys
from gan_docs.site.make.storage import cache_folder
from gan_docs.site.make.store import Store

TOOLS = (*keys.TOOLS, "matplotlib", "ipykernel", "nbclient", "nbformat")
NAME, FILE = "chapters", "outputs.json"
SECONDS = 600
QUIET = ("--log-level=40", "--HistoryManager.enabled=False")
SETTINGS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")

Output = dict[str, Any]
Outputs = list[list[Output]]


class NotebookError(ValueError):
    """노트북을 읽거나 실행할 수 없습니다."""


def outputs(
    sources: Sequence[str], walk: keys.Walk | None = None, *, execute: bool = True
) -> Outputs | None:
    """코드 셀마다의 출력입니다. 보관한 것을 꺼내거나, 없으면 실행해 보관합니다.

    Args:
        sources: 코드 셀의 글.
        walk: 소스를 따라갈 길. 주면 그것이 이미 읽은 파일은 다시 읽지 않습니다.
        execute: 보관한 것이 없을 때 실행할지. 아니면 `None`을 돌려줍니다.

    Raises:
        NotebookError: 셀이 실패하거나 경고를 적거나, 그 사이에 부르는 코드가 바뀌었을 때.
            그런 실행은 보관하지 않습니다.
    """
    key = outputs_key(sources, walk)
    store = Store(cache_folder("notebooks"))
    found = store.find(NAME, key)
    if found is None and not execute:
        return None

    def write(place: Path) -> None:
        made = json.dumps(run(sources), ensure_ascii=False)
        if outputs_key(sources) != key:
            raise NotebookError("실행하는 동안 코드가 바뀌었습니다. 다시 빌드하세요")
        (place / FILE).write_text(made, "utf-8")

    found = found or store.make(NAME, key, write)
    read: Outputs = json.loads((found / FILE).read_text("utf-8"))
    return read


def outputs_key(sources: Sequence[str], walk: keys.Walk | None = None) -> str:
    """셀의 출력을 바꿀 수 있는 모든 것의 키입니다.

    Raises:
        NotebookError: 셀을 읽을 수 없을 때.
    """
    try:
        modules = keys.sources(keys.imported("\n".join(sources)), walk)
    except SyntaxError as error:
        raise NotebookError(f"코드 셀을 읽을 수 없습니다: {error}") from error
    return keys.digest(sources, Path(__file__), modules, keys.versions(TOOLS), keys.arithmetic())


def run(sources: Sequence[str]) -> Outputs:
    """코드를 새 커널과 빈 임시 폴더에서 차례로 실행합니다.

    Raises:
        NotebookError: 셀이 실패하거나, 끝나지 않거나, 경고나 오류를 적었을 때.
    """
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in sources])
    with tempfile.TemporaryDirectory(prefix="gan-docs-notebook-") as folder, settled(Path(folder)):
        workplace, log = Path(folder) / "work", Path(folder) / "log"
        workplace.mkdir()
        client = NotebookClient(
            made, timeout=SECONDS, kernel_name="python3", record_timing=False,
            coalesce_streams=True, extra_arguments=list(QUIET),
            resources={"metadata": {"path": str(workplace)}},
        )  # fmt: skip
        try:
            with log.open("wb") as last:  # 셀이 적은 글은 출력으로 옴. 이것은 커널이 끝나며 남긴 말
                client.execute(env={**os.environ, "PYTHONUTF8": "1"}, stderr=last)
        except CellExecutionError as error:
            reason = f"{error.ename}: {error.evalue}"
            raise NotebookError(
                f"{_failed(made.cells)}번째 코드 셀이 실패했습니다: {reason}"
            ) from error
        except (CellTimeoutError, DeadKernelError) as error:
            told = log.read_text("utf-8", "replace").rstrip().rpartition("\n")[2]
            raise NotebookError(f"노트북이 끝나지 않았습니다: {error} {told}".rstrip()) from error
    for number, cell in enumerate(made.cells, start=1):
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                raise NotebookError(
                    f"{number}번째 코드 셀이 경고나 오류를 적었습니다: {output.text.strip()}"
                )
    found: Outputs = json.loads(json.dumps([cell.outputs for cell in made.cells]))
    return found


@contextmanager
def settled(folder: Path) -> Iterator[None]:
    """커널이 집 대신 `folder`의 설정을 쓰게 합니다: 집의 설정이 출력을 바꾸지 못합니다.

    커널의 이름과 소켓은 이 프로세스가 찾으므로, 커널에 건네지 않고 이 프로세스의 것을 바꿉니다.
    """
    before = dict(os.environ)
    os.environ.update({name: str(folder / "settings") for name in SETTINGS})
    os.environ["OMP_NUM_THREADS"] = str(keys.THREADS)
    os.environ.pop("MPLBACKEND", None)  # 커널은 그림을 셀의 출력으로 냄
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _failed(cells: Sequence[Any]) -> int:
    return next(
        number
        for number, cell in enumerate(cells, start=1)
        if any(output.output_type == "error" for output in cell.outputs)
    )
