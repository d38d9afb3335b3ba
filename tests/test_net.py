from __future__ import annotations

import email.utils
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopback import Answer, Asked, free_port, serve, serve_in_turn
from pratique.errors import (
    LimitExceeded,
    NotFound,
    SourceError,
    Unauthorized,
    Unavailable,
)
from pratique.net import Client, Request
from pratique.net.failure import of_network, of_status
from pratique.net.route import plan

pytest_plugins = ("net_fixtures",)
BODY = bytes(range(256)) * 10_000  # more than two pieces


def test_a_body_comes_in_pieces_of_a_mebibyte(client: Client) -> None:
    with serve_in_turn(Answer(body=BODY, headers={"X-Two": "a"})) as server:
        response = client.get(f"{server.url}/a%20b?c=d e")
        assert (response.status, response.headers["x-two"]) == (200, "a")
        pieces = list(response.chunks())
    assert b"".join(pieces) == BODY
    assert [len(piece) for piece in pieces] == [1 << 20, 1 << 20, len(BODY) - (2 << 20)]
    assert server.paths() == ["/a%20b?c=d%20e"]


def test_a_connection_is_used_again_once_a_body_was_read(client: Client) -> None:
    with serve_in_turn(Answer(body=b"x"), Answer(), Answer(304), Answer(404), Answer()) as server:
        client.get(server.url).read()
        client.get(server.url).close()
        assert client.get_changed(server.url, etag='"1"') is None
        with pytest.raises(NotFound):
            client.get(server.url)
        client.get(server.url).read()
    assert len({asked.client for asked in server.asked}) == 1


def test_a_connection_is_given_back_once_however_often_its_answer_is_closed(
    client: Client,
) -> None:
    """Given back twice, two threads would have it at the same time."""
    with serve_in_turn(Answer(body=b"x"), Answer(body=BODY), Answer(body=b"z")) as server:
        first = client.get(server.url)
        first.read()
        first.close()
        second, third = client.get(server.url), client.get(server.url)
        assert third.read() == b"z"
        assert second.read() == BODY
    assert len({asked.client for asked in server.asked}) == 2


def test_a_connection_with_half_a_body_left_is_not_used_again(client: Client) -> None:
    with serve_in_turn(Answer(body=BODY), Answer(body=b"next")) as server:
        client.get(server.url).close()
        assert client.get(server.url).read() == b"next"
    assert len({asked.client for asked in server.asked}) == 2


def test_a_kept_connection_that_the_server_closed_is_no_failure(
    client: Client, waits: list[float]
) -> None:
    # the first answer promises to keep the connection, and does not
    with serve_in_turn(Answer(body=b"ok", cut=2), Answer(body=b"ok")) as server:
        assert client.get(server.url).read() == b"ok"
        time.sleep(0.05)
        assert client.get(server.url).read() == b"ok"
    assert waits == []


def test_trouble_is_tried_again_later_each_time(client: Client, waits: list[float]) -> None:
    with serve_in_turn(Answer(500), Answer(503), Answer(502), Answer(body=b"ok")) as server:
        assert client.get(server.url).read() == b"ok"
    assert len(server.asked) == 4
    for seconds, longest in zip(waits, (1, 2, 4), strict=True):
        assert longest / 2 <= seconds <= longest


def test_trouble_without_end_is_unavailable(client: Client) -> None:
    with (
        serve_in_turn(Answer(503, b'{"errors":[{"message":"out of order"}]}')) as server,
        pytest.raises(Unavailable, match=r"503: out of order\), 5 times"),
    ):
        client.get(server.url)
    assert len(server.asked) == 5


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_heeded(client: Client, waits: list[float], *, as_date: bool) -> None:
    after = email.utils.formatdate(time.time() + 20, usegmt=True) if as_date else "20"
    with serve_in_turn(Answer(429, headers={"Retry-After": after}), Answer(body=b"ok")) as server:
        assert client.get(server.url).read() == b"ok"
    assert 17 < waits[0] <= 20


def test_a_server_that_asks_to_wait_for_an_hour_is_unavailable(
    client: Client, waits: list[float]
) -> None:
    with (
        serve_in_turn(Answer(429, headers={"Retry-After": "3600"})) as server,
        pytest.raises(Unavailable, match="too many requests") as caught,
    ):
        client.get(server.url)
    assert "3600 s" in caught.value.hint
    assert waits == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, Unauthorized),
        (403, Unauthorized),
        (404, NotFound),
        (400, SourceError),
        (418, SourceError),
    ],
)
def test_a_refusal_is_an_error_at_once(
    client: Client, status: int, kind: type[SourceError]
) -> None:
    with serve_in_turn(Answer(status, b'{"message":"no\\u001b[31m"}')) as server:
        with pytest.raises(kind, match=rf"{server.url}/x.*HTTP {status}: no\[31m") as caught:
            client.get(f"{server.url}/x?signature=secret")
        assert len(server.asked) == 1
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("reset", [False, True])
def test_a_broken_body_goes_on_where_it_was(client: Client, *, reset: bool) -> None:
    def answer(asked: Asked) -> Answer:
        start = int(asked.headers.get("range", "bytes=0-")[6:-1])
        span = f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"
        headers = {"ETag": '"e"'} | ({"Content-Range": span} if start else {})
        cut = 1_100_000 if len(server.asked) < 3 else -1
        return Answer(206 if start else 200, BODY[start:], headers, cut, reset)

    with serve(answer) as server:
        assert client.get(server.url).read() == BODY
    ranges = [asked.headers.get("range") for asked in server.asked]
    assert ranges[0] is None
    assert None not in ranges[1:]
    assert server.asked[1].headers["if-range"] == '"e"'


def test_where_ranges_are_ignored_what_came_is_passed_over(client: Client) -> None:
    with serve_in_turn(Answer(body=BODY, cut=1_500_000), Answer(body=BODY)) as server:
        assert client.get(server.url).read() == BODY
    assert len(server.asked) == 2


def test_a_body_that_changed_meanwhile_is_not_patched_together(client: Client) -> None:
    first = Answer(body=BODY, headers={"ETag": '"1"'}, cut=1_500_000)
    for other in (Answer(body=BODY, headers={"ETag": '"2"'}), Answer(body=BODY + b"x")):
        with (
            serve_in_turn(first, other) as server,
            pytest.raises(Unavailable, match="changed while it was read"),
        ):
            client.get(server.url).read()


def test_a_body_that_breaks_every_time_is_given_up(client: Client, waits: list[float]) -> None:
    with (
        serve_in_turn(Answer(body=BODY, cut=10)) as server,
        pytest.raises(Unavailable, match="the connection broke"),
    ):
        client.get(server.url).read()
    assert len(server.asked) == 5
    assert len(waits) == 4


def test_what_cannot_be_repeated_is_not_taken_up(client: Client) -> None:
    with (
        serve_in_turn(Answer(body=BODY, cut=10)) as server,
        pytest.raises(Unavailable, match="broke"),
    ):
        client.send(Request(server.url, is_resumable=False)).read()
    assert len(server.asked) == 1


def test_a_chunked_body_that_breaks_is_noticed(client: Client) -> None:
    chunked = {"Transfer-Encoding": "chunked"}
    broken, whole = b"5\r\nhello\r\n", b"5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n"
    with serve_in_turn(
        Answer(body=broken, headers=chunked, cut=99), Answer(body=whole, headers=chunked)
    ) as server:
        assert client.get(server.url).read() == b"helloworld"
    assert len(server.asked) == 2


def test_more_than_the_limit_is_refused_before_it_is_read(client: Client) -> None:
    with serve_in_turn(Answer(body=b"12345")) as server:
        assert client.get(server.url, limit=5).read() == b"12345"
        with pytest.raises(LimitExceeded, match="more than 4 bytes"):
            client.get(server.url, limit=4).read()


def test_a_limit_holds_where_no_length_is_told(client: Client) -> None:
    endless = b"100000\r\n" + bytes(1 << 20) + b"\r\n"
    chunked = Answer(body=endless * 3 + b"0\r\n\r\n", headers={"Transfer-Encoding": "chunked"})
    with serve_in_turn(chunked) as server, pytest.raises(LimitExceeded):
        client.get(server.url, limit=(2 << 20) - 1).read()


def test_what_is_unchanged_is_none(client: Client) -> None:
    def answer(asked: Asked) -> Answer:
        same = asked.headers.get("if-none-match") == '"1"' or "if-modified-since" in asked.headers
        return Answer(304) if same else Answer(body=b"new", headers={"ETag": '"1"'})

    with serve(answer) as server:
        response = client.get_changed(server.url)
        assert response is not None
        assert response.read() == b"new"
        assert client.get_changed(server.url, etag=response.headers["etag"]) is None
        assert client.get_changed(server.url, modified="Sat, 01 Jan 2022 00:00:00 GMT") is None
        other = client.get_changed(server.url, etag='"0"')
        assert other is not None
        assert other.read() == b"new"


class Bearer:
    """Lets itself in from the second try on."""

    def __init__(self) -> None:
        self.token = ""
        self.challenges: list[str] = []

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def renew(self, challenge: str, refused: object) -> bool:
        self.challenges.append(challenge)
        self.token = f"t{len(self.challenges)}"
        return True


def test_a_challenge_is_answered_once(client: Client) -> None:
    denied = Answer(401, headers={"WWW-Authenticate": "Bearer x"})
    auth = Bearer()
    with serve_in_turn(denied, Answer(body=b"in")) as server:
        assert client.send(Request(server.url, auth=auth)).read() == b"in"
    assert auth.challenges == ["Bearer x"]
    assert server.asked[1].headers["authorization"] == "Bearer t1"
    with serve_in_turn(denied) as server, pytest.raises(Unauthorized):
        client.send(Request(server.url, auth=auth))
    assert len(server.asked) == 2


def test_a_token_that_expires_in_a_broken_body_is_renewed(client: Client) -> None:
    denied = Answer(401, headers={"WWW-Authenticate": "Bearer x"})
    with serve_in_turn(Answer(body=BODY, cut=1_200_000), denied, Answer(body=BODY)) as server:
        assert client.send(Request(server.url, auth=Bearer())).read() == BODY


def test_credentials_stay_with_the_host_that_they_are_for(client: Client) -> None:
    with serve_in_turn(Answer(body=b"there")) as other:
        port = other.host.rpartition(":")[2]
        answers = {"/far": f"http://localhost:{port}/blob", "/near": "/end"}

        def answer(asked: Asked) -> Answer:
            to = answers.get(asked.path)
            return Answer(307, headers={"Location": to}) if to else Answer(body=b"here")

        auth = Bearer()
        auth.token = "secret"
        with serve(answer) as server:
            for path, body in (("/far", b"there"), ("/near", b"here")):
                assert client.send(Request(server.url + path, auth=auth)).read() == body
            assert server.asked[-1].path == "/end"
            assert server.asked[-1].headers["authorization"] == "Bearer secret"
        assert "authorization" not in other.asked[0].headers


def test_redirects_without_end_are_given_up(client: Client) -> None:
    with (
        serve_in_turn(Answer(302, headers={"Location": "/x"})) as server,
        pytest.raises(Unavailable, match="redirects more than 10 times"),
    ):
        client.get(server.url)


@pytest.mark.parametrize(
    "target", ["http+unix://%2Frun%2Fdocker.sock/x", "file:///etc/passwd", "//[:x"]
)
def test_a_redirect_leads_to_web_servers_only(client: Client, target: str) -> None:
    with (
        serve_in_turn(Answer(302, headers={"Location": target})) as server,
        pytest.raises(Unavailable, match="redirects to"),
    ):
        client.get(server.url)


def test_what_is_posted_is_not_sent_elsewhere(client: Client) -> None:
    with (
        serve_in_turn(Answer(307, headers={"Location": "/x"})) as server,
        pytest.raises(SourceError, match="307"),
    ):
        client.send(Request(server.url, "POST", body=b"secret"))
    assert server.paths() == ["/"]


def test_a_refused_connection_is_unavailable_at_once(client: Client, waits: list[float]) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(Unavailable, match=f"^{url}/x cannot be reached: connection refused$"):
        client.get(f"{url}/x")
    assert waits == []


def test_a_server_that_says_nothing_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = Client(timeout=0.1)
        with pytest.raises(Unavailable, match=r"no answer within 0\.1 s"):
            client.get(f"http://127.0.0.1:{silent.getsockname()[1]}")


def test_a_name_that_does_not_resolve_is_unavailable() -> None:
    route = plan("https://nowhere.example").route
    error = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    failure = of_network(error, "https://nowhere.example", route, 5)
    assert "nowhere.example cannot be reached: its name does not resolve" in str(failure.error)
    assert not failure.may_pass


@given(
    st.integers(300, 599),
    st.dictionaries(st.sampled_from(["retry-after", "www-authenticate"]), st.text()),
    st.binary() | st.text().map(str.encode),
)
def test_any_refusal_is_explained(status: int, headers: dict[str, str], body: bytes) -> None:
    failure = of_status("https://h/x", status, headers, body)
    assert str(failure.error).startswith("https://h/x: ")
