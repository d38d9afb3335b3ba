"""Reports for tests of SBOMs: hypothesis strategies, and every format's writer and reader."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from hypothesis import strategies as st

from pratique.codecs.sbom.inventories import Described, described
from pratique.codecs.sbom.reading import read
from pratique.model.format import Look
from pratique.model.image import Digest, Image, Layer
from pratique.model.inventory import Distro, Inventory, Package, Problem
from pratique.model.report import Base, Report
from pratique.model.settings import Settings

FORMATS = ("cyclonedx", "cyclonedx-xml", "spdx", "spdx-json", "spdx3-json")


def written(name: str, *reports: Report, settings: Settings | None = None) -> bytes:
    """Give what a format writes of reports."""
    module = import_module("pratique.formats." + name.replace("-", "_"))
    text: str = module.format.render(reports, settings or Settings(), Look())
    return text.encode()


def scanned(data: bytes) -> list[Described]:
    """Give what is read of an SBOM."""
    return described(read(data, "x.sbom"), "x.sbom")


def report(*packages: Package, distro: Distro | None = None, layers: int = 0) -> Report:
    """A report of an image with so many layers, or of a directory."""
    ids = [Digest(f"sha256:{number:064x}") for number in range(1, layers + 1)]
    image = Image("test:1", Digest("sha256:" + "f" * 64), tuple(Layer(id) for id in ids))
    return Report(
        "test:1", "container_image" if layers else "filesystem", Inventory(packages, distro), (),
        image=image if layers else None, created="2026-01-01T00:00:00Z",
    )  # fmt: skip


_hostile = st.sampled_from(
    ["", " x ", "a\nb", "<text>x</text>", "]]>", "&amp;", "a: b", "{", '"', "\x00\x1f", "NOASSERTION",
     "NONE", "(devel)", "MIT", "GPL-2.0-only WITH Classpath-exception-2.0", "MIT OR Apache-2.0",
     "(MIT OR ISC) AND Zlib", "0:1", "1:2-3", "@a/b", "a/b/c", "a:b", "%40", "é😀", "\u2028",
     "LicenseRef-x", "# x", "app/a.jar/b.jar"]
)  # fmt: skip
texts = st.one_of(st.text(max_size=12), _hostile, st.text("abc/@:.-+~ 019", max_size=12))
_types = st.sampled_from(
    ["deb", "rpm", "apk", "alpm", "npm", "pypi", "maven", "golang", "cargo", "composer", "gem",
     "nuget", "swift", "cocoapods", "bitnami", "githubactions", "generic", "hex"]
)  # fmt: skip
_hashes = st.one_of(
    st.binary(min_size=32, max_size=32).map(lambda b: f"sha256:{b.hex()}"),
    st.binary(min_size=20, max_size=20).map(lambda b: f"sha1:{b.hex()}"),
    texts,
)
_cpes = st.one_of(texts, st.just("cpe:2.3:a:openssl:openssl:3.0.9:*:*:*:*:*:*:*"))
distros = st.one_of(
    st.builds(Distro, texts, st.sampled_from(["debian", "rhel", "sles", "opensuse-leap", "amzn"]),
              st.sampled_from(["12.0", "9", "15.6", ""]), texts, texts,
              st.lists(texts, max_size=2).map(tuple)),
    st.builds(Distro, texts, texts, texts, texts),
)  # fmt: skip


def _lists(of: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(of, max_size=3).map(tuple)


def packages(layers: int) -> st.SearchStrategy[Package]:
    """Packages of any kind with anything in their fields."""
    index = st.integers(-1, layers - 1)
    return st.builds(
        Package, texts, texts, _types, texts, texts, texts, texts, texts, _lists(texts), texts,
        texts, texts, st.booleans(), texts, st.integers(0, 1 << 40), index, index,
        st.lists(st.sampled_from(["a@1", "b@2", ""]), max_size=3).map(tuple), _lists(_hashes),
        _cpes, _lists(texts),
    )  # fmt: skip


_digests = st.binary(min_size=32, max_size=32).map(lambda b: Digest(f"sha256:{b.hex()}"))


@st.composite
def reports(draw: Callable[..., object]) -> Report:
    """Reports of images and of directories."""
    layers = draw(
        st.lists(st.builds(Layer, _digests, st.one_of(st.just(""), _digests),
                           st.integers(0, 1 << 50), texts, texts), max_size=3)
    )  # fmt: skip
    assert isinstance(layers, list)
    image = draw(st.one_of(st.none(), st.builds(
        Image, texts, _digests, st.just(tuple(layers)), texts, _lists(texts), _lists(texts),
        size=st.integers(0, 1 << 60),
    )))  # fmt: skip
    assert image is None or isinstance(image, Image)
    count = len(layers) if image else 0
    some = draw(st.lists(packages(count), max_size=5))
    needing = Package("f", "npm", "npm", "c", "1", depends=("a@1", "b@2"))
    needed = [Package("f", "npm", "npm", "a", "1"), Package("f", "npm", "npm", "b", "2"), needing]
    assert isinstance(some, list)
    every = some + (needed if draw(st.booleans()) else [])
    problems = draw(st.lists(st.builds(Problem, texts, texts, st.integers(-1, 3)), max_size=2))
    assert isinstance(problems, list)
    distro = draw(st.one_of(st.none(), distros))
    assert distro is None or isinstance(distro, Distro)
    inventory = Inventory(
        tuple(sorted(every, key=lambda p: (p.type, p.name, p.version, p.path, p.inner))),
        distro, tuple(problems), 7,
    )  # fmt: skip
    base = draw(st.builds(Base, st.integers(0, 9), texts, texts))
    assert isinstance(base, Base)
    name = image.name if image else draw(texts)
    return Report(str(name), "container_image" if image else "filesystem", inventory, (),
                  image=image, base=base, created="2026-01-01T00:00:00Z")  # fmt: skip
