from __future__ import annotations

import json
import time
from contextlib import suppress

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.codecs.located import List, Map, Span, Value, documents, span_of
from pratique.errors import MalformedError

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
SCALARS = (
    TEXTS
    | st.integers()
    | st.booleans()
    | st.none()
    | st.floats(allow_nan=False, allow_infinity=False)
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)

DEPLOYMENT = """\
# a comment
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web   # the name
spec:
  template:
    spec:
      containers:
      - name: a
        image: nginx
        args: [x,
          y]

      # about b
      - name: b
        command:
        - |
          one
          two

---
kind: Other
"""


def one(text: str) -> Value:
    (value,) = documents(text, "x.yaml")
    return value


def lines_are_true(value: Value, first: int, last: int) -> None:
    """Each span lies in its parent's."""
    if isinstance(value, Map | List):
        spans = value.spans.values() if isinstance(value, Map) else value.spans
        members = value.values() if isinstance(value, Map) else value
        for member, span in zip(members, spans, strict=True):
            assert first <= span.start <= span.end <= last
            lines_are_true(member, *span)


def test_lines_are_those_of_the_text() -> None:
    deployment, other = documents(DEPLOYMENT, "x.yaml")
    assert isinstance(deployment, Map)
    assert isinstance(other, Map)
    assert deployment.spans["kind"] == (3, 3)
    assert deployment.spans["metadata"] == (4, 5)
    assert deployment.spans["spec"] == (6, 20)
    assert (deployment.start, deployment.end, deployment.column) == (2, 20, 0)
    containers = deployment["spec"]["template"]["spec"]["containers"]
    assert containers.spans == [(10, 13), (16, 20)]
    assert (containers.column, containers[0].column) == (6, 8)
    assert containers[0].spans["args"] == (12, 13)
    assert (containers[0]["args"].flow, containers.flow) == (True, False)
    assert containers[1]["command"] == ["one\ntwo\n"]
    assert containers[1]["command"].spans == [Span(18, 20)]
    assert other.spans == {"kind": Span(23, 23)}
    lines_are_true(deployment, 1, 21)


def test_json_has_the_same_values_and_lines() -> None:
    text = '{\n  "kind": "Pod",\n  "spec": {\n    "containers": [\n      {"name": "a"},\n      {}\n    ]\n  }\n}\n'
    (read,) = documents(text, "x.json")
    assert isinstance(read, Map)
    assert read == json.loads(text)
    assert read.spans == {"kind": (2, 2), "spec": (3, 8)}
    assert (read.start, read.end, read.column) == (1, 9, 2)
    assert read["spec"]["containers"].spans == [(5, 5), (6, 6)]
    assert list(documents('{"a": 1}\n[2]\n', "x.json")) == [{"a": 1}, [2]]
    assert one('{"a": 1} # YAML') == one("{a: 1}") == {"a": 1}
    assert one('{"smile": "\\ud83d\\ude00"}') == {"smile": "\U0001f600"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("off", False),
        ("~", None),
        ("0755", 0o755),
        ("0o17", 15),
        ("0x1F", 31),
        ("-1_000", -1000),
        ("1e3", 1000.0),
        ("1.", 1.0),
        ("-.5", -0.5),
        ("22:22", "22:22"),
        ("2001-12-14", "2001-12-14"),
        ("1.2.3", "1.2.3"),
        ("089", 89.0),
        ("'yes'", "yes"),
        ("!!str 1", "1"),
        ("!Ref x", "x"),
        (".", "."),
        ("-", [None]),
        ("9" * 400, "9" * 400),
    ],
)
def test_scalars_are_what_kubernetes_takes_them_for(text: str, value: object) -> None:
    if value is None:
        assert list(documents(text, "x")) == []
    else:
        assert one(text) == value
    assert one(f"a: {text}\n" if text != "-" else "a:\n-\n") == {"a": value}


def test_aliases_are_their_anchors_and_merges_give_way() -> None:
    value = one(
        "base: &base\n  a: 1\n  b: 2\nother: &other {b: 3, c: 4}\n"
        "x:\n  <<: *base\n  b: 9\ny:\n  <<: [*other, *base]\nz: *base\n'<<': 1\n"
    )
    assert isinstance(value, Map)
    assert value["x"] == {"a": 1, "b": 9}
    assert value["x"].spans == {"b": (7, 7), "a": (2, 2)}
    assert value["y"] == {"a": 1, "b": 3, "c": 4}
    assert value["z"] is value["base"]
    assert value["<<"] == 1


def test_of_two_equal_keys_the_last_counts() -> None:
    for text in ("a: 1\nb: 2\na: 3\n", '{"a": 1,\n"b": 2,\n"a": 3}'):
        value = one(text)
        assert value == {"a": 3, "b": 2}
        assert span_of(value, "a") == (3, 3)


def test_a_broken_document_does_not_lose_the_others() -> None:
    text = "a: 1\n---\nb: [\n---\nc: 1\n---\n- 'x\n--- # again\nd: 1\n---\ne: *no\n"
    found: list[Value] = []
    with pytest.raises(MalformedError) as caught:
        found.extend(documents(text, "x.yaml"))
    assert found == [{"a": 1}, {"c": 1}, {"d": 1}]
    assert caught.value.where == "x.yaml"
    reasons = caught.value.reason.split("; ")
    assert [reason.split(":")[0] for reason in reasons] == ["line 4", "line 8", "line 11"]


def test_markers_directives_and_windows_lines() -> None:
    text = "%YAML 1.1\n---\r\na: 1\r\n...\n# nothing\n---\n--- {b: 2}\n---\n# c\n"
    assert list(documents(text, "x")) == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: b: c", "line 1: "),
        ("x: 1\na: {{ .Values.x }}\n", "line 2: {{ is for a template"),
        ("? [a]\n: b", "line 1: a mapping or list stands where a key"),
        ("a:\n\t- b", "line 2: "),
        ("a: \x00", "line 1: "),
        ("a: &a [*a]", r"line 1: \*a stands for nothing before it"),
        ("[" * 500 + "]" * 500, "nested too deeply"),
        ("- " * 5000, "nested too deeply"),
        ("a: '" + " " * (17 << 20) + "'", "too many"),
        ("\n".join(["a0: &a0 [x]"] + [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]), "line [0-9]+: too much once its aliases are followed"),
        ("\n".join(["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 120)]), "line 100: too much"),
    ],
)  # fmt: skip
def test_what_is_no_yaml_is_named_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(MalformedError, match=reason):
        list(documents(text, "x"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1,\n}', "line 2: a comma stands before }"),
        ('{"a" 1}', "line 1: ':' is expected"),
        ('{\n\n"a": nope}', "line 3: a value is expected"),
        ('{"a": "x\n"}', "line 1: Invalid control character"),
        ("[1 2]", "line 1: a comma or ] is expected"),
        ("[1]\n[2]\nx", "line 3: a value is expected"),
        ("[" * 5000, "line 1: nested too deeply"),
        ("{'a': 1}", "line 1: a member's name in quotes"),
    ],
)
def test_what_is_no_json_is_named_with_its_line(text: str, reason: str) -> None:
    with pytest.raises(MalformedError) as caught:
        list(documents(text, "x.json"))
    assert caught.value.reason.startswith(reason) or reason in caught.value.reason


@settings(max_examples=200)
@given(tree=TREES, flow=st.booleans())
def test_what_pyyaml_writes_is_read(tree: object, *, flow: bool) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, default_flow_style=flow)
    read = list(documents(text, "x"))
    assert read == ([] if tree is None else [tree])
    lines_are_true(read[0] if read else None, 1, text.count("\n"))


@settings(max_examples=200)
@given(TREES, st.sampled_from([None, 0, 2]))
def test_what_json_writes_is_read(tree: object, indent: int | None) -> None:
    text = json.dumps([tree], indent=indent)
    (read,) = documents(text, "x.json")
    assert read == [tree]
    lines_are_true(read, 1, text.count("\n") + 1)


@given(st.text(max_size=300) | st.text("-: \n{}[]&*!|>'\"#%@ab1?,\t<", max_size=80))
def test_any_text_is_read_or_malformed(text: str) -> None:
    try:
        list(documents(text, "x"))
    except MalformedError as error:
        assert error.where == "x"  # noqa: PT017 - either outcome is right
        assert error.reason.startswith("line ")  # noqa: PT017


@pytest.mark.parametrize(
    "text",
    [
        "? a\n" * 50_000,
        "[a, " * 90,
        "a: b\n" * 90_000,
        "'a': " * 30_000,
        "*" * 200_000,
        "---\n[\n" * 50_000,
        "a: &a {x: 1}\nb: {<<: [" + "*a," * 50_000 + "]}",
        "%\n---\n" * 50_000,
        '{"a":' * 50_000,
        "[" + "1," * 200_000 + "1]",
    ],
)
def test_hostile_text_takes_no_time(text: str) -> None:
    start = time.process_time()
    with suppress(MalformedError):
        list(documents(text, "x"))
    assert time.process_time() - start < 5
