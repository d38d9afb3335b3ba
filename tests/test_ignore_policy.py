from __future__ import annotations

from pathlib import Path

import pytest

from pratique import ignore_policy
from pratique.errors import UsageError
from test_ignore import reasons, whole

POLICY = """\
package trivy

import rego.v1
import data.lib.trivy

default ignore := false

ignore if {
	input.Type == "vulnerability"
	input.PkgName == "lodash"
	input.Severity in {"HIGH", "LOW"}
}

ignore if input.ID == "DS-0002"

ignore if input.RuleID == "github-pat"

ignore if {
	input.Type == "license"
	trivy.parse_cvss_vector_v3("CVSS:3.1/AV:P/AC:L").AttackVector == "Physical"
}
"""


def test_a_policy_judges_all_kinds(tmp_path: Path) -> None:
    (tmp_path / "p.rego").write_text(POLICY)
    path = str(tmp_path / "p.rego")
    assert reasons(ignore_policy.apply(whole(), path)) == (f"ignored by {path}",) * 4
    (tmp_path / "p.rego").write_text('package trivy\nignore { input.PkgName == "other" }\n')
    assert reasons(ignore_policy.apply(whole(), path)) == ("", "", "", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("package other", "a policy to ignore is of package trivy"),
        ("", "it has no `package`"),
        ("package trivy\nignore if {", "no Rego"),
        ("package trivy\nimport rego.v1\nf(_) := 1\nf(_) := 2\nignore if f(input) == 1",
         "cannot be evaluated"),
    ],
)  # fmt: skip
def test_a_broken_policy_is_a_usage_error(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "p.rego").write_text(text)
    with pytest.raises(UsageError, match=said):
        ignore_policy.apply(whole(), str(tmp_path / "p.rego"))
    with pytest.raises(UsageError, match="cannot be read"):
        ignore_policy.apply(whole(), str(tmp_path / "absent"))
