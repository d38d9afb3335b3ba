from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.kubernetes.inputs import chart_of, named_by
from pratique.codecs.kubernetes.objects import Object, objects_in
from pratique.codecs.kubernetes.rendered import lines_of
from pratique.codecs.kubernetes.secrets import masked, secret_in
from pratique.codecs.located import documents
from pratique.errors import MalformedError
from pratique.model.check import Check
from pratique.plugins import load


def one(text: str) -> Object:
    (found,) = objects_in(documents(text, "x"), text.splitlines())
    return found


@pytest.mark.parametrize(
    ("api_version", "kind", "path"),
    [
        ("v1", "Pod", ""),
        ("apps/v1", "Deployment", "spec template"),
        ("apps/v1", "ReplicaSet", "spec template"),
        ("apps/v1", "StatefulSet", "spec template"),
        ("apps/v1", "DaemonSet", "spec template"),
        ("v1", "ReplicationController", "spec template"),
        ("v1", "PodTemplate", "template"),
        ("batch/v1", "Job", "spec template"),
        ("batch/v1", "CronJob", "spec jobTemplate spec template"),
        ("argoproj.io/v1alpha1", "Rollout", "spec template"),
        ("apps.openshift.io/v1", "DeploymentConfig", "spec template"),
        ("serving.knative.dev/v1", "Service", "spec template"),
    ],
)
def test_every_kind_of_workload_has_its_pod(api_version: str, kind: str, path: str) -> None:
    text = f"apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: a, namespace: n}}\n"
    indent = ""
    for key in path.split():
        text += f"{indent}{key}:\n"
        indent += "  "
    text += f"{indent}spec:\n{indent}  containers:\n{indent}  - name: web\n{indent}    image: x:1\n"
    found = one(text)
    assert found.resource == f"n/{kind}/a"
    assert [(c.name, c.role, c.image) for c in found.containers] == [("web", "container", "x:1")]
    assert found.containers[0].span == (text.count("\n") - 1, text.count("\n"))


def test_a_service_of_the_core_is_no_workload() -> None:
    assert (
        one("apiVersion: v1\nkind: Service\nspec: {template: {spec: {containers: []}}}").pod is None
    )


def test_containers_of_all_sorts_and_what_the_pod_says_for_them() -> None:
    found = one("""\
apiVersion: v1
kind: Pod
spec:
  securityContext: {runAsUser: 5, runAsNonRoot: true}
  initContainers:
    - name: prepare
    - name: proxy
      restartPolicy: Always
  containers:
    - name: web
      securityContext: {runAsUser: 0}
  ephemeralContainers:
    - {name: debug, securityContext: {runAsNonRoot: false}}
""")
    assert [c.label for c in found.containers] == [
        'init container "prepare"', 'sidecar "proxy"', 'container "web"', 'ephemeral container "debug"',
    ]  # fmt: skip
    assert [c.security("runAsUser") for c in found.containers] == [5, 5, 0, 5]
    assert [c.security("runAsNonRoot") for c in found.containers] == [True, True, True, False]
    assert [c.name for c in found.lasting] == ["proxy", "web"]
    assert len(found.declared) == 3


WORDS = st.sampled_from(["Pod", "Role", "Deployment", "List", "v1", "apps/v1", "*", "", "x"])
TREES = st.recursive(
    WORDS | st.none() | st.integers(-1, 70_000) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from([
            "spec", "template", "containers", "items", "rules", "subjects", "securityContext", "metadata",
            "volumes", "hostPath", "env", "data", "annotations", "labels", "resources", "ports", "verbs",
            "capabilities", "add", "drop", "image", "name", "namespace", "webhooks", "ingress", "from",
            "projected", "sources", "tolerations", "sysctls", "seLinuxOptions", "roleRef", "limits", "tls",
        ]),
        inner,
        max_size=5,
    ),
    max_leaves=30,
)  # fmt: skip
KINDS = ["Pod", "Deployment", "Role", "ClusterRole", "RoleBinding", "ConfigMap", "Secret", "Service",
         "Ingress", "NetworkPolicy", "Namespace", "List", "ValidatingWebhookConfiguration",
         "EncryptionConfiguration", "K8sAllowedRepos", "KubeletConfiguration", "PersistentVolume"]  # fmt: skip


@given(TREES, st.sampled_from(KINDS), st.booleans())
def test_no_object_is_too_odd_to_be_judged(tree: object, kind: str, flow: bool) -> None:
    group = "rbac.authorization.k8s.io/v1" if "Role" in kind else "v1"
    body = tree if isinstance(tree, dict) else {"spec": tree}
    value = {"apiVersion": group, "kind": kind, **body}
    text = yaml.safe_dump(value, default_flow_style=flow)
    for found in objects_in(documents(text, "x"), text.splitlines()):
        for check in load("pratique.checks.kubernetes", Check):
            for failure in check.judge(found):
                assert 0 <= failure.start <= failure.end <= text.count("\n") + 1


def test_a_broken_document_comes_after_the_others() -> None:
    found = objects_in(documents("apiVersion: v1\nkind: A\n---\n[", "x"))
    assert next(found).kind == "A"
    with pytest.raises(MalformedError):
        next(found)


def test_lines_of_a_rendering_are_those_of_its_template() -> None:
    template = "kind: Pod\n{{- if .x }}\nspec:\n  a: {{ .a }}\n  {{- toYaml .b | nindent 2 }}\n  c: 1\n{{- end }}\n"
    rendered = "# Source: x\nkind: Pod\nspec:\n  a: 5\n  y: 2\n  z: 3\n  c: 1\n"
    assert lines_of(rendered, template)[1:8] == [1, 1, 3, 4, 4, 4, 6]


@given(st.text("ab: {}\n-", max_size=60), st.text("ab: {}\n-", max_size=60))
def test_every_line_has_one(rendered: str, template: str) -> None:
    lines = lines_of(rendered, template)
    assert len(lines) > len(rendered.splitlines())
    assert all(1 <= line <= max(1, len(template.splitlines())) for line in lines)


def test_templates_and_subcharts_belong_to_the_outermost_chart() -> None:
    paths = {"a/Chart.yaml", "a/charts/b/Chart.yaml", "Chart.yaml"}
    assert chart_of("a/charts/b/templates/x.yaml", paths) == "a"
    assert chart_of("a/values.yaml", paths) == ""
    assert chart_of("templates/x.yaml", paths) == "."
    assert chart_of("other/templates/x.yaml", paths) == ""


def test_what_a_kustomization_names() -> None:
    named = named_by(
        "resources: [a.yaml, ../b]\npatches:\n- path: p.yaml\n- patch: '- op: x'\n"
        "patchesStrategicMerge:\n- q.yaml\n- |-\n  kind: X\n  a: b\n"
    )
    assert named.resources == {"a.yaml", "../b"}
    assert named.changes == {"p.yaml", "q.yaml"}
    assert not any(named_by("resources: ["))


@pytest.mark.parametrize(
    ("name", "value", "is_secret"),
    [
        ("DB_PASSWORD", "correct-horse", True),
        ("apiKey", "a8f5f167f44f4964", True),
        ("client-secret", "x9k2LmQ", True),
        ("URL", "postgres://me:correct-horse@db/x", True),
        ("key.pem", "-----BEGIN RSA PRIVATE" + " KEY-----\nabc", True),
        ("DB_PASSWORD", "", False),
        ("DB_PASSWORD", "${DB_PASSWORD}", False),
        ("DB_PASSWORD", "$(DB_PASSWORD)", False),
        ("DB_PASSWORD", "<password>", False),
        ("DB_PASSWORD", "changeme", False),
        ("DB_PASSWORD", "{", False),
        ("PASSWORD_FILE", "/run/secrets/x", False),
        ("TOKEN", "/run/token", False),
        ("USE_TOKEN", "true", False),
        ("URL", "postgres://me:$(PASSWORD)@db/x", False),
        ("URL", "http://db:8080/x", False),
        ("MONKEY", "banana", False),
        ("secretName", "web-tls", False),
        ("PASSWORD", None, False),
    ],
)
def test_what_looks_like_a_secret(name: str, value: object, is_secret: bool) -> None:
    assert bool(secret_in(name, value)) is is_secret


def test_secrets_are_masked_where_they_stand() -> None:
    key = "-----BEGIN PRIVATE" + " KEY-----"
    text = f"""\
apiVersion: v1
kind: Pod
spec:
  containers:
    - name: web
      args: [--db-password=correct-horse, --log=info]
      env:
        - {{name: API_TOKEN, value: tr0ub4dor}}
        - {{name: URL, value: "postgres://me:battery-staple@db/x"}}
        - {{name: HOST, value: example.com}}
        - name: KEY
          value: |
            {key}
            bXkga2V5
"""
    found = masked(text, one(text))
    assert [
        word for word in ("correct-horse", "tr0ub4dor", "staple", "bXkga2V5") if word in found
    ] == []
    assert [
        word for word in ("me:****", "@db/x", "example.com", "--log=info") if word not in found
    ] == []
    assert found.count("\n") == text.count("\n")
    secret = "apiVersion: v1\nkind: Secret\ndata: {a: c2VjcmV0}\n"
    assert "c2VjcmV0" not in masked(secret, one(secret))
