"""Which line of a Dockerfile made a layer, whatever builder wrote the history."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.attribution import origins
from pratique.model.image import Digest, Image, Layer

DOCKERFILE = """\
# syntax=docker/dockerfile:1
ARG BASE=debian:12
FROM golang:1.22 AS build
COPY . /src
RUN go build -o /out ./cmd

FROM ${BASE} AS runtime
ARG VERSION=3
ENV APP=/srv
RUN apt-get update && \\
    apt-get install -y curl \\
    libxml2
WORKDIR ${APP}
COPY requirements.txt .
RUN <<EOF
pip install -r requirements.txt
rm -rf /root/.cache
EOF
COPY --from=build --chown=app /out ${APP}/out

FROM runtime
RUN touch /version-$VERSION
CMD ["/srv/out"]
"""
BASE = [("ADD rootfs.tar.xz / # buildkit", True), ('CMD ["bash"]', False)]
APT = "apt-get update &&     apt-get install -y curl     libxml2"
BUILDKIT = [
    *BASE,
    ("ARG VERSION=3", False), ("ENV APP=/srv", False),
    (f"RUN |1 VERSION=3 /bin/sh -c {APT} # buildkit", True),
    ("WORKDIR /srv", True), ("COPY requirements.txt . # buildkit", True),
    ("RUN |1 VERSION=3 /bin/sh -c pip install -r requirements.txt\nrm -rf /root/.cache\n # buildkit",
     True),
    ("COPY /out /srv/out # buildkit", True),
    ("RUN |1 VERSION=3 /bin/sh -c touch /version-$VERSION # buildkit", True),
    ('CMD ["/srv/out"]', False),
]  # fmt: skip
CLASSIC = [
    ("/bin/sh -c #(nop) ADD file:0123 in / ", True), ('/bin/sh -c #(nop)  CMD ["bash"]', False),
    ("/bin/sh -c #(nop)  ARG VERSION=3", False), ("/bin/sh -c #(nop)  ENV APP=/srv", False),
    ("|1 VERSION=3 /bin/sh -c apt-get update &&     apt-get install -y curl     libxml2", True),
    ("/bin/sh -c #(nop) WORKDIR /srv", True),
    ("/bin/sh -c #(nop) COPY file:4567 in . ", True),
    ("|1 VERSION=3 /bin/sh -c pip install -r requirements.txt\nrm -rf /root/.cache", True),
    ("/bin/sh -c #(nop) COPY file:89ab in /srv/out ", True),
    ("|1 VERSION=3 /bin/sh -c touch /version-$VERSION", True),
    ('/bin/sh -c #(nop)  CMD ["/srv/out"]', False),
]  # fmt: skip


def image(steps: list[tuple[str, bool]]) -> Image:
    history = [{"created_by": text} | ({} if made else {"empty_layer": True})
               for text, made in steps]  # fmt: skip
    layers = tuple(Layer(Digest(f"sha256:{n}")) for n, (_, made) in enumerate(steps) if made)
    return Image("x", Digest("sha256:1"), layers, config={"history": history})


@pytest.mark.parametrize("steps", [BUILDKIT, CLASSIC], ids=["buildkit", "classic"])
def test_every_layer_has_its_line(steps: list[tuple[str, bool]]) -> None:
    found = origins(image(steps), DOCKERFILE, "Dockerfile")
    assert {layer: (one.instruction, one.start) for layer, one in found.items()} == {
        0: ("FROM", 7), 1: ("RUN", 10), 2: ("WORKDIR", 13), 3: ("COPY", 14), 4: ("RUN", 15),
        5: ("COPY", 19), 6: ("RUN", 22),
    }  # fmt: skip


def test_the_line_that_names_the_package() -> None:
    found = origins(image(BUILDKIT), DOCKERFILE, "Dockerfile")
    assert found[1].line_of("libxml2") == 12
    assert found[1].line_of("openssl") == 10


def test_a_stage_that_was_the_target() -> None:
    found = origins(image(BUILDKIT[:-2]), DOCKERFILE, "Dockerfile")
    assert max(one.start for one in found.values()) == 19


def test_a_base_with_the_same_words_keeps_to_the_order() -> None:
    """The base ran apt-get as well: the later of both is ours."""
    before = ("RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit", True)
    found = origins(image([BASE[0], before, *BUILDKIT[1:]]), DOCKERFILE, "Dockerfile")
    assert (found[1].instruction, found[2].start) == ("FROM", 10)


def test_another_dockerfile() -> None:
    assert origins(image(BUILDKIT), "FROM x\nRUN make world\n", "Dockerfile") == {}
    assert origins(image([]), DOCKERFILE, "Dockerfile") == {}


@given(st.lists(st.tuples(st.text(max_size=80), st.booleans()), max_size=20))
def test_any_history_is_taken(steps: list[tuple[str, bool]]) -> None:
    found = origins(image(steps), DOCKERFILE, "Dockerfile")
    assert all(0 <= layer < len(steps) for layer in found)
