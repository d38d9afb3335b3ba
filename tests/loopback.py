"""Web servers on free loopback ports, for tests of what talks HTTP."""

from __future__ import annotations

import contextlib
import itertools
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from msgspec import Struct


class Asked(Struct):
    method: str
    path: str
    headers: dict[str, str]
    """By names in lower case."""
    body: bytes
    client: int
    """The port of the connection: equal for two requests of one connection."""


class Answer(Struct):
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = {}
    cut: int = -1
    """Break the connection after so many bytes of the body."""
    reset: bool = False
    """Break it roughly, by RST."""


class Stub:
    """What a running server was asked, and where it is."""

    def __init__(self, host: str, scheme: str, asked: list[Asked]) -> None:
        self.host = host
        self.url = f"{scheme}://{host}"
        self.asked = asked

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answer: Callable[[Asked], Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.asked: list[Asked] = []

    def process_request(self, request: Any, client_address: Any) -> None:
        # a socket of Unix has no address of the other side
        super().process_request(request, client_address or ("unix", 0))

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no news."""


class _UnixServer(_Server):
    address_family = socket.AF_UNIX

    def __init__(self, answer: Callable[[Asked], Answer], path: Path) -> None:
        self._path = path
        super().__init__(answer)

    def server_bind(self) -> None:
        self.socket.bind(str(self._path))
        self.server_name, self.server_port = "localhost", 0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._reply(self._asked())

    do_POST = do_PUT = do_PATCH = do_HEAD = do_GET  # noqa: N815 - their names

    def do_CONNECT(self) -> None:
        reply = self._asked()
        if reply.status != 200:
            self._reply(reply)
            return
        host, _, port = reply.headers["upstream"].rpartition(":")
        self.wfile.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        with socket.create_connection((host, int(port))) as upstream:
            _pump(self.connection, upstream)
        self.close_connection = True

    def _asked(self) -> Answer:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, body, self.client_address[1])
        self.server.asked.append(asked)
        return self.server.answer(asked)

    def _reply(self, reply: Answer) -> None:
        self.send_response(reply.status)
        if "Transfer-Encoding" not in reply.headers and reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body if reply.cut < 0 else reply.body[: reply.cut])
        if reply.cut >= 0:
            self.close_connection = True
        if reply.reset:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def serve(
    answer: Callable[[Asked], Answer], certificate: tuple[Path, Path] | None = None
) -> Iterator[Stub]:
    """Serve what a function answers; over TLS with a certificate and its key."""
    server = _Server(answer)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if certificate else "http"
    with _started(server):
        yield Stub(f"127.0.0.1:{server.server_port}", scheme, server.asked)


@contextlib.contextmanager
def serve_in_turn(*answers: Answer) -> Iterator[Stub]:
    """Serve one answer after the other, the last one for ever."""
    left = itertools.chain(answers, itertools.repeat(answers[-1]))
    with serve(lambda _: next(left)) as stub:
        yield stub


@contextlib.contextmanager
def serve_unix(answer: Callable[[Asked], Answer], path: Path) -> Iterator[list[Asked]]:
    """Serve what a function answers, at a socket in the file system."""
    server = _UnixServer(answer, path)
    with _started(server):
        yield server.asked


@contextlib.contextmanager
def _started(server: _Server) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for this machine that nobody has signed, and its key."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    names = "subjectAltName=DNS:localhost,DNS:registry.test,IP:127.0.0.1"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-subj", "/CN=localhost", "-addext", names, "-days", "2"]
    command += ["-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


def _pump(left: socket.socket, right: socket.socket) -> None:
    def copy(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    other = threading.Thread(target=copy, args=(right, left), daemon=True)
    other.start()
    copy(left, right)
    other.join(5)
