from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.codecs.module_url import module_of, specified


@pytest.mark.parametrize(
    ("address", "module"),
    [
        ("https://deno.land/std@0.200.0/http/server.ts", ("deno", "std", "0.200.0")),
        ("https://deno.land/x/oak@v12.6.1/mod.ts", ("deno", "oak", "v12.6.1")),
        ("https://jsr.io/@std/path/1.0.0/mod.ts", ("jsr", "@std/path", "1.0.0")),
        ("https://esm.sh/react@18.2.0", ("npm", "react", "18.2.0")),
        ("https://esm.sh/v135/@babel/core@7.22.1/es2022/x.mjs", ("npm", "@babel/core", "7.22.1")),
        ("https://esm.sh/*preact@10.5.0/hooks?dev", ("npm", "preact", "10.5.0")),
        ("https://unpkg.com/lodash@4.17.21/lodash.js", ("npm", "lodash", "4.17.21")),
        ("https://cdn.jsdelivr.net/npm/@a/x@1.2.3-beta.1/+esm", ("npm", "@a/x", "1.2.3-beta.1")),
        (
            "https://cdn.skypack.dev/-/lodash@v4.17.21-K6GEbP02mWFnLA45zAmi/dist=es2019/x.js",
            ("npm", "lodash", "4.17.21"),
        ),
        ("https://ga.jspm.io/npm:react@18.2.0/index.js", ("npm", "react", "18.2.0")),
        ("https://raw.githubusercontent.com/a/b/v1.0.0/x.ts", ("github", "a/b", "v1.0.0")),
    ],
)
def test_addresses_of_registries_name_a_package(address: str, module: tuple[str, str, str]) -> None:
    assert module_of(address) == module


@pytest.mark.parametrize(
    "address",
    [
        "https://deno.land/x/oak/mod.ts",
        "https://esm.sh/react@18",
        "https://evil.example/deno.land/x/a@1.0.0/",
        "file:///app/mod.ts",
        "",
    ],
)
def test_what_names_no_version_names_no_package(address: str) -> None:
    assert module_of(address) is None


@pytest.mark.parametrize(
    ("specifier", "module"),
    [
        ("npm:chalk@5.3.0", ("npm", "chalk", "5.3.0")),
        ("npm:/@a/b@1.2.3/sub", ("npm", "@a/b", "1.2.3")),
        ("jsr:@std/path@1.0.0", ("jsr", "@std/path", "1.0.0")),
        ("https://deno.land/std@0.200.0/", ("deno", "std", "0.200.0")),
        ("jsr:@std/path@^1", None),
        ("npm:chalk@5", None),
        ("./local.ts", None),
    ],
)
def test_specifiers_of_one_version_name_a_package(
    specifier: str, module: tuple[str, str, str] | None
) -> None:
    assert specified(specifier) == module


@given(st.text("htps:/esm.d@1-v0eno lab"))
def test_any_text_is_judged(text: str) -> None:
    assert module_of("https://esm.sh/" + text) is None or "@" in text
