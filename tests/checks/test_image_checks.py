"""Every check of a built image, held against an image where it fails and one where it does not."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from images import docker_archive, layer_tar
from pratique.cli import main
from pratique.model.check import Check
from pratique.model.misconfiguration import Misconfiguration
from pratique.model.settings import Settings
from pratique.plugins import load
from pratique.scanning import scan, scan_directory

TODAY = "1764115200"  # 2025-11-26
PASSWD = b"root:x:0:0:root:/root:/bin/sh\napp:x:10001:10001::/app:/usr/sbin/nologin\n"
BASE: dict[str, bytes | None] = {"etc/passwd": PASSWD, "usr/bin/sh": b"sh"}
GOOD = {
    "User": "10001",
    "Entrypoint": ["/app/server"],
    "Healthcheck": {"Test": ["CMD", "/app/server", "--check"]},
    "Env": ["PATH=/usr/local/bin:/usr/bin:/bin", "PASSWORD_FILE=/run/secrets/db"],
    "Labels": {"org.opencontainers.image.source": "https://example.com/app"},
    "ExposedPorts": {"8080/tcp": {}},
}
Files = Mapping[str, bytes | None]


class Case(NamedTuple):
    """An image: what differs from one that has nothing wrong."""

    config: Mapping[str, Any] = {}
    files: Files = {}  # noqa: RUF012 - no one changes it
    modes: Mapping[str, int] = {}
    history: Sequence[str | dict[str, Any]] = ()
    above: Files | None = None
    stated: Mapping[str, Any] = {}


def env(*pairs: str) -> Case:
    return Case({"Env": list(pairs)})


def left(*paths: str) -> Case:
    return Case(files=dict.fromkeys(paths, b"x"))


def ran(line: str) -> Case:
    return Case(history=[f"RUN /bin/sh -c {line} # buildkit"])


TOKEN = "x" + "9f3kQ2" * 4
LARGE = bytes(25_000_000)
CASES: dict[str, tuple[list[Case], list[Case]]] = {
    "IMG-0001": (
        [
            Case({"User": ""}), Case({"User": "root"}), Case({"User": "0:0"}), Case({"User": ":1"}),
            Case({"User": "boss"}, {"etc/passwd": b"boss:x:0:0::/:/bin/sh\n"}),
        ],
        [Case(), Case({"User": "app"}), Case({"User": "10001:0"})],
    ),
    "IMG-0002": ([Case({"User": "nobody"})], [Case({"User": "app"}), Case({"User": "4711"})]),
    "IMG-0003": ([Case({"User": "app"})], [Case(), Case({"User": "root"})]),
    "IMG-0004": ([Case({"ExposedPorts": {"22/tcp": {}}})], [Case({"ExposedPorts": {"2222": {}}})]),
    "IMG-0005": ([Case({"ExposedPorts": {"9229/tcp": {}}})], [Case()]),
    "IMG-0006": (
        [Case({"User": "root", "ExposedPorts": {"80/tcp": {}}})],
        [Case({"ExposedPorts": {"80/tcp": {}}}), Case({"User": "root"})],
    ),
    "IMG-0007": (
        [Case({"Healthcheck": None}), Case({"Healthcheck": {"Test": ["NONE"]}})],
        [Case(), Case({"Healthcheck": None, "Entrypoint": None, "Cmd": ["bash"],
                       "ExposedPorts": None})],
    ),
    "IMG-0008": (
        [env(f"DB_PASSWORD={TOKEN}"), env(f"DATABASE_URL=postgres://app:{TOKEN}@db/app")],
        [env("PASSWORD_FILE=/run/secrets/x", "TOKEN_TTL=3600", "GPG_KEY=A035C8C19219BA821ECEA86B64",
             "PGPASSWORD=", "SECRET_KEY=$SECRET", "DATABASE_URL=postgres://db/app", "OLDPWD=/x",
             "KEY_ID=12", "ENABLE_TOKEN=true", "PYTHON_SHA256=abc")],
    ),
    "IMG-0009": (
        [
            Case(history=[f"RUN |1 NPM_TOKEN={TOKEN} /bin/sh -c npm ci # buildkit"]),
            Case(history=[f"|2 A=b c API_KEY={TOKEN} /bin/sh -c make"]),
            Case(history=[f"/bin/sh -c #(nop)  ARG DB_PASSWORD={TOKEN}"]),
            ran(f"curl --data client_secret={TOKEN} https://example.com"),
        ],
        [
            Case(history=["RUN |1 VERSION=2 /bin/sh -c make # buildkit"]), ran("make PASSWORD=$P"),
            ran("openssl req -passout pass:$P"), ran("adduser --disabled-password app"),
        ],
    ),
    "IMG-0010": ([Case({"Labels": {"api.token": TOKEN}})], [Case()]),
    "IMG-0011": (
        [
            Case(files={"usr/bin/su": b""}, modes={"usr/bin/su": 0o4755}),
            Case(files={"app/helper": b""}, modes={"app/helper": 0o2755}),
        ],
        [Case(files={"app/helper": b""}, modes={"app/helper": 0o755}),
         Case(files={"app/notes": b""}, modes={"app/notes": 0o4644})],
    ),
    "IMG-0012": (
        [Case(files={"app/x": b""}, modes={"app/x": 0o666})],
        [Case(files={"app/x": b""}, modes={"app/x": 0o664})],
    ),
    "IMG-0013": (
        [Case(files={"data": None}, modes={"data": 0o777})],
        [Case(files={"tmp": None}, modes={"tmp": 0o1777})],
    ),
    "IMG-0014": (
        [left("var/lib/apt/lists/deb.debian.org_dists_bookworm_InRelease"),
         left("root/.cache/pip/http-v2/a"), left("var/cache/apk/APKINDEX.6b6ce4d8.tar.gz"),
         left("home/app/.npm/_cacache/index-v5/a"), left("root/.m2/repository/a/a.jar"),
         left("go/pkg/mod/cache/download/x"), left("usr/local/cargo/registry/src/x"),
         left("var/cache/dnf/baseos-0123/repodata/repomd.xml"), left("root/.gradle/caches/x"),
         left("usr/local/share/.cache/yarn/v6/x")],
        [left("var/lib/apt/lists/lock", "var/lib/apt/extended_states", "var/cache/dnf/last_makecache",
              "app/cache/pip.txt", "etc/apt/apt.conf.d/docker-clean"),
         Case(files={"var/lib/apt/lists/x_InRelease": b""},
              above={"var/lib/apt/lists/.wh.x_InRelease": b""})],
    ),
    "IMG-0015": ([Case()], [Case({"Entrypoint": None, "Cmd": ["/bin/bash"], "ExposedPorts": None})]),
    "IMG-0016": ([left("usr/bin/apt-get")], [Case()]),
    "IMG-0017": ([left("usr/bin/gcc")], [left("usr/bin/make"), left("app/gcc")]),
    "IMG-0018": ([left("usr/bin/nmap")], [left("usr/bin/nc", "bin/busybox"), Case()]),
    "IMG-0019": (
        [left("app/.git/HEAD"), left("srv/.svn/wc.db")],
        [left("app/.gitignore", "app/node_modules/x/.git/HEAD"),
         Case(files={"app/.git/HEAD": b""}, above={"app/.wh..git": b""})],
    ),
    "IMG-0020": ([left("app/.env"), left(".env.production")],
                 [left("app/.env.example", "app/.env.sample", "app/node_modules/x/.env")]),
    "IMG-0021": (
        [left("root/.ssh/id_rsa"), left("app/tls/server.key"), left("app/release.keystore"),
         left("etc/ssh/ssh_host_ed25519_key"), left("app/private-key.pem")],
        [left("app/public.key", "etc/ssl/certs/ca.pem", "usr/share/doc/x/test.key", "app/a.pub",
              "usr/lib/python3/test/key.pem", "etc/ssh/ssh_host_rsa_key.pub")],
    ),
    "IMG-0022": ([left("root/.bash_history")], [left("root/.bashrc")]),
    "IMG-0023": (
        [left("root/.aws/credentials"), left("root/.docker/config.json"), left("home/a/.kube/config"),
         left("root/.netrc"), left("app/terraform.tfstate")],
        [left("app/docs/.aws/credentials", "app/config.json", "etc/containers/registries.conf")],
    ),
    "IMG-0024": ([left("root/.ssh/authorized_keys"), left("root/.ssh/config")],
                 [left("root/.ssh/known_hosts")]),
    "IMG-0025": ([left("var/run/docker.sock"), left(".dockerenv"), left("run/secrets/db")],
                 [left("run/lock/x", "run/secrets/rhsm/rhsm.conf")]),
    "IMG-0026": (
        [ran("apt-get update"), ran("apt-get -qq update"), ran("apk update")],
        [ran("apt-get update && apt-get install -y curl"), ran("yum -y update"),
         ran("apk update && apk add curl"), ran("set -e; apt update; apt -y upgrade")],
    ),
    "IMG-0027": (
        [Case(history=["COPY a", "ADD src /app # buildkit"]),
         Case(history=["COPY a", "ADD https://example.com/a.tar.gz /opt # buildkit"])],
        [Case(history=["ADD rootfs.tar.xz / # buildkit"]),
         Case(history=["/bin/sh -c #(nop) ADD file:0123 in / "]),
         Case(history=["COPY a", "ADD app.tar.gz /app # buildkit"]),
         Case(history=["COPY src /app # buildkit"])],
    ),
    "IMG-0028": (
        [ran("curl -fsSL https://example.com/x.sh | bash"), ran("wget -qO- https://a.b/c | sudo -E sh -"),
         ran("bash <(curl -s https://example.com/x)"), ran('sh -c "$(curl -fsSL https://a.b/c)"')],
        [ran("curl -o x.sh https://example.com/x.sh && sha256sum -c x && sh x.sh"),
         ran("curl https://example.com/x.tgz | tar xz")],
    ),
    "IMG-0029": (
        [ran("apt-get install --allow-unauthenticated x"), ran("apk add --allow-untrusted x.apk"),
         ran("curl -k https://example.com"), ran("yum install --nogpgcheck x")],
        [ran("curl -fL https://example.com"), ran("apt-get install -y x")],
    ),
    "IMG-0030": ([env("NODE_TLS_REJECT_UNAUTHORIZED=0"), env("GIT_SSL_NO_VERIFY=true")],
                 [env("NODE_TLS_REJECT_UNAUTHORIZED=1")]),
    "IMG-0031": (
        [env("PATH=.:/usr/bin"), env("PATH=/usr/bin::/bin"), env("LD_LIBRARY_PATH=/tmp/lib")],
        [Case(), env("LD_LIBRARY_PATH=/usr/local/lib:"), env("PYTHONPATH=/app")],
    ),
    "IMG-0032": ([env("LD_PRELOAD=/opt/x.so")], [Case()]),
    "IMG-0033": (
        [Case({"Entrypoint": ["/bin/sh", "-c", "server --port 1"]})],
        [Case(), Case({"Entrypoint": ["/bin/sh", "-c", "exec server"]})],
    ),
    "IMG-0034": (
        [Case(files={"app/server": b""}, modes={"app/server": 0o777}),
         Case(files={"app": None, "app/server": b""}, modes={"app": 0o777}),
         Case({"Entrypoint": ["server"]}, {"usr/local/bin/server": b""},
              {"usr/local/bin/server": 0o777})],
        [Case(files={"app/server": b""}, modes={"app/server": 0o755})],
    ),
    "IMG-0035": (
        [Case(files={"etc/shadow": b"root::1::::::\n"}),
         Case(files={"etc/shadow": b"app:$6$" + b"s$h:1::::::\n"})],
        [Case(files={"etc/shadow": b"root:*:1::::::\napp:!:1::::::\nx:!!:1::::::\n"})],
    ),
    "IMG-0036": ([Case(files={"etc/passwd": PASSWD + b"boss:x:0:0::/:/bin/sh\n"})], [Case()]),
    "IMG-0037": (
        [Case(files={"etc/sudoers.d/app": b"app ALL=(ALL) NOPASSWD: ALL\n"}), left("usr/bin/sudo")],
        [Case(files={"etc/sudoers": b"# NOPASSWD\nroot ALL=(ALL:ALL) ALL\n"})],
    ),
    "IMG-0038": ([left("usr/sbin/sshd")], [left("usr/bin/ssh")]),
    "IMG-0039": (
        [Case(files={"opt/big": LARGE}, above={"opt/.wh.big": b""}),
         Case(files={"opt/big": LARGE}, above={"opt/big": b"small"})],
        [Case(files={"opt/big": LARGE}, above={"opt/other": b""}), Case()],
    ),
    "IMG-0041": ([Case({"Volumes": {"/etc": {}}})], [Case({"Volumes": {"/var/lib/app": {}}})]),
    "IMG-0042": (
        [left("lib/ld-linux-aarch64.so.1")],
        [left("lib64/ld-linux-x86-64.so.2"), left("lib/ld-musl-x86_64.so.1"), left("lib/ld-linux.so.2")],
    ),
    "IMG-0043": ([Case({"Labels": None})], [Case()]),
    "IMG-0044": (
        [Case(stated={"created": "2025-01-01T00:00:00Z"})],
        [Case(), Case(stated={"created": "1970-01-01T00:00:00Z"})],
    ),
    "IMG-0045": (
        [Case(history=[{"created": "2024-01-01T00:00:00Z", "created_by": "a"},
                                  {"created": "2025-11-01T00:00:00Z", "created_by": "b"}])],
        [Case(history=[{"created": "2025-10-01T00:00:00Z", "created_by": "a"},
                                  {"created": "2025-11-01T00:00:00Z", "created_by": "b"}])],
    ),
    "IMG-0046": ([Case(stated={"created": None})], [Case()]),
    "IMG-0047": ([Case({"StopSignal": "SIGKILL"})], [Case({"StopSignal": "SIGQUIT"})]),
    "IMG-0048": (
        [Case(modes={"etc/passwd": 0o664}),
         Case(files={"etc/shadow": b""}, modes={"etc/shadow": 0o644})],
        [Case(files={"etc/shadow": b""}, modes={"etc/shadow": 0o640})],
    ),
    "IMG-0049": ([env("FLASK_DEBUG=1"), env("NODE_ENV=development")], [env("NODE_ENV=production")]),
    "IMG-0050": ([Case({"OnBuild": ["COPY . /app"]})], [Case()]),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)


def written(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the history that BuildKit writes for a configuration."""
    lines = [f"ENV {pair}" for pair in config.get("Env") or ()]
    lines += [f"EXPOSE map[{port}:{{}}]" for port in config.get("ExposedPorts") or ()]
    lines += [f"LABEL {name}={value}" for name, value in (config.get("Labels") or {}).items()]
    if (health := config.get("Healthcheck")) and health["Test"] != ["NONE"]:
        lines.append(f'HEALTHCHECK &{{{json.dumps(health["Test"])} "0s" "0s" "0s" \'\\x00\'}}')
    lines += [f"USER {config['User']}"] if config.get("User") else []
    lines += [f"CMD {json.dumps(config['Cmd'])}"] if config.get("Cmd") else []
    return [{"created_by": line, "empty_layer": True} for line in lines]


def archive(case: Case, layers: int = 1) -> bytes:
    files = BASE | dict(case.files)
    stack = [layer_tar(files, **case.modes)]
    stack += [layer_tar(case.above)] if case.above is not None else []
    stack += [layer_tar({f"l{n}": b""}) for n in range(1, layers)]
    config = GOOD | dict(case.config)
    stated: dict[str, Any] = {"created": "2025-11-20T00:00:00Z", "config": config}
    history = [*case.history, *written(config)]
    return docker_archive(stack, history=history, **(stated | dict(case.stated)))


def failures(folder: Path, data: bytes) -> list[Misconfiguration]:
    (folder / "image.tar").write_bytes(data)
    settings = Settings(input=str(folder / "image.tar"), scanners=("misconfig",), no_cache=True)
    (report,) = scan("", settings)
    assert [problem.what for problem in report.problems] == []
    return [failure for one in report.examined for failure in one.failures]


def test_every_check_has_its_examples() -> None:
    checks = {check.name for check in load("pratique.checks.image", Check)}
    assert checks == {*CASES, "IMG-0040"}


@pytest.mark.parametrize(
    ("check", "case"), [(check, case) for check, (bad, _) in CASES.items() for case in bad]
)
def test_a_check_fails(check: str, case: Case, tmp_path: Path) -> None:
    found = {failure.check: failure for failure in failures(tmp_path, archive(case))}
    assert check in found
    assert TOKEN not in json.dumps([failure.message for failure in found.values()])


@pytest.mark.parametrize(
    ("check", "case"), [(check, case) for check, (_, good) in CASES.items() for case in good]
)
def test_a_check_holds(check: str, case: Case, tmp_path: Path) -> None:
    assert check not in {failure.check for failure in failures(tmp_path, archive(case))}


def test_very_many_layers(tmp_path: Path) -> None:
    for layers, expected in ((61, True), (60, False)):
        found = {failure.check for failure in failures(tmp_path, archive(Case(), layers))}
        assert ("IMG-0040" in found) is expected


def test_an_image_with_nothing_wrong_but_a_shell(tmp_path: Path) -> None:
    assert [f.check for f in failures(tmp_path, archive(Case()))] == ["IMG-0015"]


def test_a_directory_has_the_permissions_that_the_last_layer_gives_it(tmp_path: Path) -> None:
    case = Case(files={"data": None}, modes={"data": 0o777}, above={"data": None})
    assert "IMG-0013" not in {failure.check for failure in failures(tmp_path, archive(case))}


def test_the_layer_is_told_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "image.tar").write_bytes(archive(Case(files={}, above={"app/.env": b"x"})))
    main(["image", "--input", str(tmp_path / "image.tar"), "--scanners", "misconfig", "-f", "json",
          "--no-cache", "--quiet"])  # fmt: skip
    (result,) = json.loads(capsys.readouterr().out)["Results"]
    (found,) = [f for f in result["Misconfigurations"] if f["Pratique"]["ID"] == "IMG-0020"]
    assert (result["Type"], found["Severity"]) == ("image", "HIGH")
    assert found["Layer"]["DiffID"].startswith("sha256:")


def test_a_root_file_system_is_judged_by_its_files(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_bytes(PASSWD)
    (tmp_path / "root").mkdir()
    (tmp_path / "root/.bash_history").write_text("x")
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o777)
    report = scan_directory(str(tmp_path), Settings(scanners=("misconfig",), no_cache=True))
    found = {failure.check for one in report.examined for failure in one.failures}
    assert {"IMG-0013", "IMG-0022"} <= found
    assert not found & {"IMG-0001", "IMG-0007", "IMG-0043", "IMG-0046"}
