"""IMG-0029: packages were installed without a look at their signature (CIS Benchmark 4.11)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pratique.model.built_image import BuiltImage
from pratique.model.check import Check, Failure

_SWITCHES = re.compile(
    r"--allow-unauthenticated|--force-yes|AllowInsecureRepositories=(?:true|1|yes)"
    r"|--allow-insecure-repositories|--nogpgcheck|--no-gpg-checks?|--allow-untrusted"
    r"|\bgpgcheck\s*=\s*0|\[[^\]]*trusted=yes|--no-signature|--nosignature|--trusted-host[= ]\S+"
    r"|(?:curl|wget)\b[^;&|]{0,300}?\s(?:-k|--insecure|--no-check-certificate)\b"
    r"|\bstrict-ssl[ =]+false|\bsslverify[ =]+(?:false|0)\b|GIT_SSL_NO_VERIFY=(?:true|1)"
)


def _judge(image: BuiltImage) -> Iterator[Failure]:
    for step in image.steps:
        if step.instruction == "RUN":
            for switch in dict.fromkeys(_words(found) for found in _SWITCHES.findall(step.text)):
                yield Failure(f"a RUN passes `{switch}`", layer=step.layer)


def _words(switch: str) -> str:
    """Return the switch without what stands before it: `curl … -k`."""
    words = switch.split()
    return f"{words[0]} {words[-1]}" if words[0] in ("curl", "wget") else " ".join(words)


check = Check(
    "IMG-0029",
    "Signature or certificate not verified",
    "Whoever is between the build and the server can put in what he likes: the package manager was "
    "told not to look.",
    "HIGH",
    "Install the key or the certificate that is missing, and leave the switch out.",
    _judge,
    ("CIS-4.11",),
)
