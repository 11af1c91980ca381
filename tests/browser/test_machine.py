"""테스트가 쓰는 서버는 정적 호스트처럼 보냅니다."""

from __future__ import annotations

import gzip
import http.client
from pathlib import Path

from machine import serve

TEXT, FOUND, LOST = "글" * 1000, 200, 404


def test_text_is_packed_and_one_connection_is_used_again(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(TEXT, "utf-8")
    picture = bytes(range(256))
    (tmp_path / "picture.webp").write_bytes(picture)
    with serve(tmp_path) as address:
        connection = http.client.HTTPConnection(address.split("/")[2])
        answers = {}
        for place in ("/", "/index.html?q=1", "/picture.webp", "/none.html"):
            connection.request("GET", place, headers={"Accept-Encoding": "gzip, br"})
            answer = connection.getresponse()
            answers[place] = (answer.status, answer.getheader("Content-Encoding"), answer.read())
            if place != "/none.html":
                assert connection.sock is not None  # 끊지 않음
        connection.request("GET", "/")
        plain = connection.getresponse()
        assert plain.getheader("Content-Encoding") is None and plain.read().decode() == TEXT
        connection.close()
    for place in ("/", "/index.html?q=1"):
        status, packed, body = answers[place]
        assert (status, packed) == (FOUND, "gzip")
        assert gzip.decompress(body).decode() == TEXT and len(body) < len(TEXT)
    assert answers["/picture.webp"] == (FOUND, None, picture)
    assert answers["/none.html"][0] == LOST
