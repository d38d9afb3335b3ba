from __future__ import annotations

from pathlib import Path

import pytest

from pratique.cache import MemoryCache
from pratique.errors import UsageError
from pratique.model.secret import Secret
from pratique.secrets import custom
from pratique.secrets.custom import Custom
from pratique.secrets.engine import Engine
from secret_tokens import github

RULES = r"""
rules:
  - id: acme-key
    category: Acme
    title: Acme's key
    severity: high
    keywords: [acme]
    regex: (?i)key\s*=\s*(?P<k>[a-z]{3}-[0-9]{6})$
    secret-group-name: k
    path: \.conf$
    allow-rules:
      - id: old-ones
        regex: ^old-
    exclude-block:
      regexes: ["(?s)<begin>.*?<end>"]
"""
COMPILED = MemoryCache()
HIT = "# Acme\nkey = abc-123456"


def found(document: str, text: str, path: str = "etc/acme.conf") -> list[Secret]:
    engine = Engine(Custom("own.yaml", document.encode()).ruleset, COMPILED, key=document)
    return [fact for fact in engine.find(text.encode(), path) if isinstance(fact, Secret)]


def test_an_own_rule_is_looked_for_as_trivy_does() -> None:
    (secret,) = found(RULES, HIT)
    assert (secret.rule, secret.category, secret.severity) == ("acme-key", "Acme", "HIGH")
    assert (secret.title, secret.line, secret.match) == ("Acme's key", 2, "key = ********")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (HIT, "etc/acme.yaml"),
        ("key = abc-123456", "etc/acme.conf"),
        ("# Acme\nkey = old-123456", "etc/acme.conf"),
        ("# Acme <begin>\nkey = abc-123456", "etc/acme.conf"),
    ],
)
def test_path_keyword_allow_rule_and_block_let_it_pass(text: str, path: str) -> None:
    assert len(found(RULES, text + " <end>", path)) == 0


def test_rules_and_allow_rules_are_switched_off_and_on() -> None:
    token = f"token = '{github()}'"
    test = "usr/lib/node_modules/x/test/a.js"
    assert [s.rule for s in found("disable-rules: [github-pat]", token)] == ["generic-secret"]
    assert found("enable-builtin-rules: [jwt-token]", token) == []
    assert [s.rule for s in found("enable-builtin-rules: [github-pat]", token)] == ["github-pat"]
    assert found("disable-rules: [generic-secret]", token, test) == []
    assert [s.rule for s in found("disable-allow-rules: [tests]", token, test)] == ["github-pat"]
    assert found("allow-rules: [{id: a, regex: '^ghp_'}]", token) == []
    assert found("allow-rules: [{id: a, path: '^etc/'}]", token) == []
    assert found("exclude-block: {regexes: ['token = .*']}", token) == []
    both = "allow-rules: [{id: a, path: '^etc/'}]\ndisable-allow-rules: [a]"
    assert len(found(both, token)) == 1


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("rules: [{id: a, regex: 'x(?=y)'}]", "own.yaml: rule a: 'x(?=y)': (?= is not known to Go"),
        ("rules: [{id: a}]", "rule a: it needs a `regex`"),
        ("rules: [{regex: a}]", "each rule needs an `id`"),
        ("rules: [{id: a, regex: b, severity: bad}]", "severity 'BAD' is none of"),
        ("rules: [{id: a, regex: b, colour: c}]", "rule a: unknown key 'colour'"),
        ("rules: {}x", "no YAML"),
        ("rules: 3", "`rules` must be a list"),
        ("- a", "must have keys"),
        ("rule: []", "unknown key 'rule'"),
        ("allow-rules: [{id: a}]", "needs a `regex` or a `path`"),
        ("exclude-block: 3", "`exclude-block` must have `regexes`"),
        ("rules: [{id: a, regex: b, secret-group-name: c}]", "has no group 'c'"),
    ],
)
def test_what_is_wrong_is_told_with_file_rule_and_reason(document: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        Custom("own.yaml", document.encode())
    assert refused.value.message.startswith("own.yaml: ")
    assert words in refused.value.message


def test_the_default_file_may_be_absent_and_a_named_one_may_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert custom.read("").digest == ""
    with pytest.raises(UsageError, match="cannot be read"):
        custom.read("absent.yaml")
    (tmp_path / "trivy-secret.yaml").write_text(RULES)
    assert custom.read("").digest
    before = custom.read("").digest
    (tmp_path / "trivy-secret.yaml").write_text(RULES + "\ndisable-rules: [x]")
    assert custom.read("").digest != before
