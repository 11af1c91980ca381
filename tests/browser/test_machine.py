"""테스트가 쓰는 서버는 정적 호스트처럼 보냅니다."""

from __future__ import annotations

import gzip
import http.client
import http.server
import socket
import struct
import threading
from pathlib import Path

import pytest
from machine import serve

TEXT, FOUND, LOST = "글" * 1000, 200, 404
MEGABYTES = 32  # 소켓의 버퍼보다 커서, 떠난 것을 보내다가 앎


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


def test_a_reader_who_leaves_is_no_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large.webp").write_bytes(bytes(MEGABYTES * 2**20))
    ended = threading.Event()
    end = http.server.ThreadingHTTPServer.shutdown_request

    def watched(server: http.server.ThreadingHTTPServer, request: socket.socket) -> None:
        end(server, request)
        ended.set()

    monkeypatch.setattr(http.server.ThreadingHTTPServer, "shutdown_request", watched)
    with serve(tmp_path) as address:
        name, port = address.split("/")[2].split(":")
        with socket.create_connection((name, int(port))) as reader:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            reader.sendall(b"GET /large.webp HTTP/1.1\r\nHost: here\r\n\r\n")
            assert reader.recv(1)
        assert ended.wait(60)
    assert capsys.readouterr().err == ""
