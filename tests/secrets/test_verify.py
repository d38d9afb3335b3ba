from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from loopback import Answer, Asked, serve
from pratique.model.secret import Secret
from pratique.model.settings import Settings
from pratique.plugins import load
from pratique.secrets.provider import Provider
from pratique.secrets.ruleset import builtin
from pratique.secrets.verify import verify
from secret_tokens import github

VALUE = github()


def secret(rule: str, mark: str = "aa") -> Secret:
    return Secret("app/x", rule, "", "", "HIGH", 1, 1, "********", mark)


def asked(answer: Callable[[Asked], Answer], *secrets: Secret) -> tuple[list[str], list[Asked]]:
    values = {(s.path, s.rule, s.mark): VALUE.encode() for s in secrets}
    with serve(answer) as stub:
        place = lambda url: stub.url + "/" + url.split("/", 3)[3]  # noqa: E731
        verified = verify(secrets, values, Settings(secret_verify=True), place)
        return [s.verified for s in verified], stub.asked


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(200, "active"), (401, "inactive"), (403, "unknown"), (404, "unknown"), (500, "unknown")],
)
def test_the_answer_of_a_provider_is_the_verdict(status: int, verdict: str) -> None:
    verdicts, requests = asked(lambda _: Answer(status, b"{}"), secret("github-pat"))
    assert verdicts == [verdict]
    (request,) = requests
    assert (request.method, request.path) == ("GET", "/user")
    assert request.headers["authorization"] == f"Bearer {VALUE}"
    assert VALUE not in request.path


@pytest.mark.parametrize(
    ("body", "verdict"),
    [(b'{"ok": true}', "active"), (b'{"ok":false,"error":"invalid_auth"}', "inactive"),
     (b'{"ok":false,"error":"ratelimited"}', "unknown"), (b"", "unknown")],
)  # fmt: skip
def test_slack_says_it_in_the_body(body: bytes, verdict: str) -> None:
    verdicts, requests = asked(lambda _: Answer(200, body), secret("slack-access-token"))
    assert verdicts == [verdict]
    assert requests[0].method == "POST"


def test_stripe_takes_the_key_for_a_name() -> None:
    _, (request,) = asked(lambda _: Answer(200, b"{}"), secret("stripe-secret-token"))
    kind, _, text = request.headers["authorization"].partition(" ")
    assert (kind, base64.b64decode(text).decode()) == ("Basic", VALUE + ":")


def test_one_secret_is_asked_about_once_and_others_not_at_all() -> None:
    verdicts, requests = asked(
        lambda _: Answer(200, b"{}"),
        secret("github-pat"), secret("github-pat", "bb"), secret("generic-password"),
    )  # fmt: skip
    assert verdicts == ["active", "active", ""]
    assert len(requests) == 1


def test_a_provider_that_cannot_be_reached_says_nothing() -> None:
    only = secret("github-pat")
    (answer,) = verify([only], {("app/x", "github-pat", "aa"): VALUE.encode()}, Settings(),
                       lambda _: "http://127.0.0.1:9/user")  # fmt: skip
    assert answer == replace(only, verified="unknown")


def test_providers_know_rules_that_there_are() -> None:
    names = {rule.name for rule in builtin()}
    providers = load("pratique.secrets.providers", Provider)
    assert len(providers) >= 9
    for provider in providers:
        assert set(provider.rules) <= names, provider.name
        assert provider.url.startswith("https://")
