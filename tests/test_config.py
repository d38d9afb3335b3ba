from __future__ import annotations

from pathlib import Path

import pytest

from pratique.cli.parser import parse
from pratique.config import read_file, settings
from pratique.errors import UsageError
from pratique.model.settings import Settings
from pratique.options import OPTIONS, Option

VALUES = {
    "format": ("json", "table"), "severity": ("HIGH", "LOW"), "ignore_status": ("fixed", "affected"),
    "exit_code": ("3", "4"), "exit_on_eol": ("3", "4"), "scanners": ("vuln", "misconfig"),
    "pkg_types": ("os", "library"), "image_src": ("docker", "podman"), "timeout": ("5m", "90s"),
    "max_db_age": ("48", "2"), "max_age": ("48", "2"), "color": ("never", "always"), "cyclonedx_version": ("1.6", "1.7"),
    "sbom_source": ("oci", ""), "origin": ("base", "app"), "min_age": ("7", "14d"),
    "fail_on": ("critical", "high,fixable"), "image_config_scanners": ("secret", "misconfig"),
    "misconfig_scanners": ("dockerfile", "kubernetes"), "file_patterns": ("pip:a", "pip:b"),
    "license_confidence_level": ("0.9", "0.5"),
}  # fmt: skip


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.field)
def test_a_flag_beats_the_environment_which_beats_the_file(option: Option) -> None:
    first, second = VALUES.get(
        option.field, ("one", "two") if option.metavar else ("true", "false")
    )
    name, variable = option.field, option.variable

    def value(flags: dict[str, str], environment: dict[str, str], file: dict[str, str]) -> object:
        return getattr(settings(flags, environment, file), name)

    default = getattr(Settings(), name)
    assert value({}, {}, {}) == default
    assert value({name: first}, {variable: second}, {name: second}) == value({name: first}, {}, {})
    assert value({}, {variable: first}, {name: second}) == value({name: first}, {}, {})
    assert value({}, {}, {name: first}) == value({name: first}, {}, {})
    assert value({name: first}, {}, {}) != value({name: second}, {}, {})


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"severity": "AWFUL"}, "--severity: 'AWFUL' is none of UNKNOWN, LOW"),
        ({"exit_code": "-1"}, "--exit-code: '-1' is no exit status"),
        ({"timeout": "soon"}, "--timeout: 'soon' is no duration"),
        ({"format": "xml"}, "--format: 'xml' is none of "),
        ({"quiet": "maybe"}, "--quiet: 'maybe' is neither true nor false"),
    ],
)
def test_nonsense_names_its_option(flags: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        settings(flags, {}, {})


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("5m0s", 300), ("1h30m", 5400), ("500ms", 0.5)]
)
def test_durations_are_written_as_go_does(text: str, seconds: float) -> None:
    assert settings({"timeout": text}, {}, {}).timeout == seconds


def test_a_file_has_the_options_as_keys(tmp_path: Path) -> None:
    path = tmp_path / "pratique.yaml"
    path.write_text("severity: [HIGH, CRITICAL]\nignore-unfixed: true\nexit-code: 3\n")
    chosen = settings({}, {}, read_file(str(path)))
    assert (chosen.severity, chosen.ignore_unfixed, chosen.exit_code) == (
        ("HIGH", "CRITICAL"),
        True,
        3,
    )


@pytest.mark.parametrize("text", ["- a", "severity: [", "sevverity: HIGH", "\xff\x00"])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pratique.yaml"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(UsageError, match=r"pratique\.yaml: "):
        read_file(str(path))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("image x --severity high,critical", {"severity": ("HIGH", "CRITICAL")}),
        ("i x -s LOW -s HIGH", {"severity": ("LOW", "HIGH")}),
        ("image --skip-dirs a --skip-dirs b,c x", {"skip_dirs": ("a", "b", "c")}),
        ("image --ignore-unfixed=false x", {"ignore_unfixed": False}),
        ("image --list-all-pkgs=false x", {"list_all_pkgs": False}),
        ("-q image x", {"quiet": True}),
        ("--cache-dir /c --timeout 5m0s image x", {"cache_dir": "/c", "timeout": 300.0}),
        ("image --vuln-type os x", {"pkg_types": ("os",)}),
        ("image --security-checks vuln x", {"scanners": ("vuln",)}),
        ("image --offline-scan --skip-db-update x", {"offline": True, "skip_db_update": True}),
        ("image --db-repository r --skip-java-db-update -d --parallel 5 x", {}),
        ("image --no-progress --skip-version-check --disable-telemetry x", {"no_progress": True}),
    ],
)
def test_trivys_flags_mean_what_they_mean_to_trivy(
    words: str, expected: dict[str, object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = parse(words.split())
    assert asked.target == "x"
    assert {name: getattr(asked.settings, name) for name in expected} == expected


@pytest.mark.parametrize(
    "words",
    ["image", "image x --input y", "image --input", "image x --vexed p.rego", "scan x",
     "image x --severity", "db", "db remove", "rootfs"],
)  # fmt: skip
def test_nonsense_is_a_usage_error(
    words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError):
        parse(words.split())
