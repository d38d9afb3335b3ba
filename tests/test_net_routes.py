from __future__ import annotations

from pathlib import Path

import pytest

from loopback import Answer, serve, serve_in_turn
from pratique.errors import (
    Unavailable,
    UsageError,
)
from pratique.net import Client, is_loopback, shown
from pratique.net.route import proxy_for

pytest_plugins = ("net_fixtures",)


def test_a_certificate_that_nobody_signed_is_refused(
    client: Client, tls: tuple[Path, Path]
) -> None:
    with (
        serve(lambda _: Answer(), tls) as server,
        pytest.raises(Unavailable, match="certificate is not trusted") as caught,
    ):
        client.get(server.url)
    assert "--cacert" in caught.value.hint


def test_a_certificate_can_be_trusted_or_left_unchecked(tls: tuple[Path, Path]) -> None:
    with serve(lambda _: Answer(body=b"ok"), tls) as server:
        for client in (Client(cacert=str(tls[0])), Client(insecure=True)):
            assert client.get(server.url).read() == b"ok"
            client.close()


def test_https_does_not_redirect_to_http(tls: tuple[Path, Path]) -> None:
    client = Client(cacert=str(tls[0]))
    redirect = Answer(302, headers={"Location": "http://localhost/x"})
    with (
        serve(lambda _: redirect, tls) as server,
        pytest.raises(Unavailable, match="which is not secure"),
    ):
        client.get(server.url)
    client.close()


def test_a_server_without_tls_is_told_from_a_broken_one(client: Client) -> None:
    with (
        serve_in_turn(Answer()) as server,
        pytest.raises(Unavailable, match="TLS fails") as caught,
    ):
        client.get(f"https://{server.host}")
    assert "--insecure" in caught.value.hint


@pytest.mark.parametrize("name", ["/nowhere.pem", __file__])
def test_a_file_without_certificates_is_the_users_mistake(name: str) -> None:
    with pytest.raises(UsageError, match="no certificates"):
        Client(cacert=name).get("https://localhost:1")


@pytest.mark.parametrize(
    "url", ["", "x", "file:///etc/passwd", "http://", "http://[::1", "http://h:x/", "ftp://h/"]
)
def test_nonsense_is_no_url(client: Client, url: str) -> None:
    with pytest.raises(UsageError):
        client.get(url)


def test_a_host_that_cannot_be_one_is_unavailable(client: Client) -> None:
    with pytest.raises(Unavailable):
        client.get(f"http://{'a' * 70}.example/")


def test_http_goes_by_the_proxy(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve_in_turn(Answer(body=b"by proxy")) as proxy:
        monkeypatch.setenv("http_proxy", f"http://me:p%40ss@{proxy.host}")
        assert client.get("http://registry.test/x?y").read() == b"by proxy"
    assert proxy.paths() == ["http://registry.test/x?y"]
    assert proxy.asked[0].headers["proxy-authorization"] == "Basic bWU6cEBzcw=="
    assert proxy.asked[0].headers["host"] == "registry.test"


def test_https_goes_through_the_proxy(
    tls: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(cacert=str(tls[0]))
    with serve(lambda _: Answer(body=b"by tunnel"), tls) as server:
        tunnel = Answer(headers={"upstream": server.host})
        with serve(lambda _: tunnel) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.host)
            assert client.get("https://registry.test/x").read() == b"by tunnel"
            client.close()
    assert (proxy.asked[0].method, proxy.asked[0].path) == ("CONNECT", "registry.test:443")
    assert server.paths() == ["/x"]


def test_a_proxy_that_refuses_is_named_without_its_password(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve_in_turn(Answer(407)) as proxy:
        monkeypatch.setenv("https_proxy", f"http://me:secret@{proxy.host}")
        with pytest.raises(Unavailable, match=f"by the proxy {proxy.host}.*407") as caught:
            client.get("https://registry.test/x")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("no_proxy", "is_direct"),
    [("", False), ("*", True), ("a.test", False), ("example.com", True), (".example.com", True),
     ("*.example.com", True), ("ample.com", False), ("example.com:443", False),
     ("example.com:80", True), ("a, EXAMPLE.com ,b", True), (",", False)],
)  # fmt: skip
def test_no_proxy_names_hosts_that_are_reached_directly(no_proxy: str, *, is_direct: bool) -> None:
    environ = {"HTTP_PROXY": "p:1", "NO_PROXY": no_proxy}
    assert proxy_for("http", "r.example.com", 80, environ) == ("" if is_direct else "http://p:1")


def test_no_proxy_knows_networks() -> None:
    environ = {"https_proxy": "p:1", "no_proxy": "10.0.0.0/8,fd00::/8"}
    direct = [
        host
        for host in ("10.1.2.3", "11.1.2.3", "fd00::1", "a.b")
        if not proxy_for("https", host, 443, environ)
    ]
    assert direct == ["10.1.2.3", "fd00::1"]


def test_this_machine_is_reached_without_a_proxy() -> None:
    environ = {"all_proxy": "http://p:1"}
    hosts = [
        "localhost",
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "a.localhost",
        "127.0.0.1.evil.test",
        "b",
    ]
    assert [host for host in hosts if proxy_for("http", host, 80, environ)] == hosts[-2:]
    assert [host for host in hosts if not is_loopback(host)] == hosts[-2:]


def test_a_header_of_a_client_is_no_proxy() -> None:
    assert not proxy_for("http", "a", 80, {"HTTP_PROXY": "p:1", "REQUEST_METHOD": "GET"})


def test_proxies_of_other_kinds_are_the_users_mistake() -> None:
    with pytest.raises(UsageError, match="socks5://p:1"):
        proxy_for("http", "a", 80, {"http_proxy": "socks5://u:secret@p:1"})


def test_a_url_is_shown_without_what_is_secret() -> None:
    assert shown("https://me:secret@host:1/a/b?sig=secret#x") == "https://host:1/a/b"
    assert shown("http+unix://%2Frun%2Fdocker.sock/images") == "unix:///run/docker.sock"


def test_the_user_of_a_url_is_sent_as_basic(client: Client) -> None:
    with serve_in_turn(Answer()) as server:
        client.get(f"http://me:pw@{server.host}/").read()
    assert server.asked[0].headers["authorization"] == "Basic bWU6cHc="
