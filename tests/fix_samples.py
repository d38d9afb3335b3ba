"""Projects of real old releases, how each is locked, installed and tested by its own tools."""

from __future__ import annotations

from msgspec import Struct

FLASK = """\
# the web
Flask==2.0.1
Werkzeug==2.0.1  # served by it
Jinja2==3.0.1
itsdangerous==2.0.1
click==8.0.1
MarkupSafe==2.0.1
requests[socks]==2.25.1 ; python_version > "3"
urllib3==1.26.5
idna==2.10
certifi==2021.5.30
chardet==4.0.0
PySocks==1.7.1
gunicorn==20.1.0
"""
DJANGO = """\
[project]
name = "site"
version = "0.1.0"
requires-python = ">=3.10"
dependencies = [
    "Django==3.2.1", # LTS
    "djangorestframework>=3.12,<3.13",
    'sqlparse~=0.4.1',
]
"""
POETRY = """\
[tool.poetry]
name = "site"
version = "0.1.0"
description = ""
authors = []
package-mode = false

[tool.poetry.dependencies]
python = "^3.10"
# the web
Django = "3.2.5"   # LTS
sqlparse = { version = "~0.4.1" }
requests = "~2.27.0"

[[tool.poetry.source]]
name = "index"
url = "https://pypi.org/simple/"
priority = "primary"
"""
EXPRESS = """\
{
    "name": "shop",
    "version": "1.0.0",
    "private": true,
    "dependencies": {
        "express": "~4.16.0",
        "lodash": "4.17.4",
        "minimist": "^1.2.0"
    }
}
"""
BOOT = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>2.5.0</version>
    <relativePath/>
  </parent>
  <groupId>org.example</groupId>
  <artifactId>shop</artifactId>
  <version>1.0</version>
  <properties>
    <log4j.version>2.14.1</log4j.version> <!-- the log -->
  </properties>
  <dependencies>
    <dependency>
      <groupId>org.springframework.boot</groupId>
      <artifactId>spring-boot-starter-web</artifactId>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-core</artifactId>
      <version>${log4j.version}</version>
    </dependency>
  </dependencies>
</project>
"""
GO_MOD = """\
module example.org/service

go 1.20

require (
\tgithub.com/gin-gonic/gin v1.7.0 // the router
\tgolang.org/x/text v0.3.5
)
"""
GO = """\
package main

import (
\t"github.com/gin-gonic/gin"
\t"golang.org/x/text/language"
)

func main() {
\t_ = language.English
\tgin.New()
}
"""
FASTAPI = """\
[project]
name = "api"
version = "0.1.0"
requires-python = ">=3.10"
dependencies = [
    "fastapi==0.68.0",  # the web
    "uvicorn==0.14.0",
    "python-multipart==0.0.5",
    'python-jose[cryptography]==3.3.0',
    "jinja2==3.0.1",
    "requests==2.25.1",
]
"""
FASTAPI_MAIN = """\
import jinja2, jose, multipart, uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def root() -> dict[str, bool]:
    return {"ok": True}


assert [route.path for route in app.routes][-1] == "/"
"""
FLASK_MAIN = """\
import flask, requests

app = flask.Flask(__name__)


@app.route("/")
def root() -> str:
    return flask.render_template_string("{{ 1 + 1 }}")


assert app.test_client().get("/").data == b"2"
"""
DJANGO_MAIN = """\
import django
from django.conf import settings

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"])
urlpatterns: list[object] = []
django.setup()
import rest_framework
from django.test import Client

assert Client().get("/").status_code == 404
"""
POETRY_MAIN = DJANGO_MAIN.replace("import rest_framework\n", "")
CARGO = """\
[package]
name = "service"
version = "0.1.0"
edition = "2021"

[dependencies]
chrono = "=0.4.19"  # clocks
regex = { version = "=1.5.4", default-features = false, features = ["std"] }
smallvec = "=1.6.0"
tokio = { version = "=1.8.0", features = ["rt"] }
hyper = "=0.14.5"
rustls = "=0.19.0"
"""
RUST = """\
#[test]
fn it_works() {
    let v: smallvec::SmallVec<[u8; 4]> = smallvec::SmallVec::from_slice(&[1]);
    assert!(regex::Regex::new("^a").unwrap().is_match("ab") && v.len() == 1);
}
"""
GO_TEST = """\
package main

import (
\t"net/http/httptest"
\t"testing"

\t"github.com/gin-gonic/gin"
)

func TestRouter(t *testing.T) {
\trouter := gin.New()
\trouter.GET("/", func(c *gin.Context) { c.String(200, "ok") })
\tw := httptest.NewRecorder()
\trouter.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
\tif w.Body.String() != "ok" {
\t\tt.Fatal(w.Body)
\t}
}
"""
EXPRESS_TEST = """\
const app = require("express")();
app.get("/", (_, answer) => answer.send(require("lodash").upperCase("ok")));
const server = app.listen(0, "127.0.0.1", () =>
  require("http").get({ port: server.address().port }, (a) => process.exit(a.statusCode === 200 ? 0 : 1)));
"""
FRONT = """\
{
  "name": "front",
  "version": "1.0.0",
  "private": true,
  "scripts": {
    "build": "NODE_OPTIONS=--openssl-legacy-provider webpack --mode production"
  },
  "dependencies": {
    "axios": "0.21.0",
    "lodash": "~4.17.15",
    "mkdirp": "0.5.1",
    "react": "^16.13.0",
    "react-dom": "^16.13.0"
  },
  "devDependencies": {
    "@babel/core": "7.9.0",
    "@babel/preset-env": "7.9.0",
    "@babel/preset-react": "^7.9.0",
    "babel-loader": "8.1.0",
    "webpack": "5.11.0",
    "webpack-cli": "4.2.0",
    "webpack-dev-server": "3.11.0"
  }
}
"""
WEBPACK = """\
const presets = ["@babel/preset-env", "@babel/preset-react"];
module.exports = {
  module: { rules: [{ test: /\\.js$/, exclude: /node_modules/,
                      use: { loader: "babel-loader", options: { presets } } }] },
};
"""
INDEX_JS = """\
import axios from "axios";
import { upperCase } from "lodash";
import React from "react";
import ReactDOM from "react-dom";
ReactDOM.render(<b>{upperCase("ok")} {typeof axios.get}</b>, document.body);
"""
MAVEN_TREE = "org.apache.maven.plugins:maven-dependency-plugin:3.7.0:tree"

UV = ["uv", "lock", "--quiet"]
SYNC = ["uv", "sync", "--quiet", "--frozen", "--no-dev"]
PYTHON = ".venv/bin/python"
VENV = ["uv", "venv", "--quiet", "--python", "3.11"]
PIP = ["uv", "pip", "install", "--quiet", "--only-binary", ":all:", "-r", "requirements.txt"]
HASHED = ["uv", "pip", "compile", "--quiet", "--generate-hashes", "requirements.in",
          "-o", "requirements.txt"]  # fmt: skip


class Sample(Struct, frozen=True):
    """A project, and the words of the commands that its users run."""

    host: str
    """Where its packages come from."""
    files: dict[str, str]
    lock: list[list[str]]
    """Make its lock file at first."""
    install: list[list[str]]
    """Install what is locked, no more, and run its test."""
    options: tuple[str, ...] = ()
    """Of `pratique fix`."""
    tool: str = ""
    """The package of npm that has the tool."""


def _front(tool: str, lock: list[str], install: list[str], build: list[str]) -> Sample:
    files = {"package.json": FRONT, "webpack.config.js": WEBPACK, "src/index.js": INDEX_JS,
             ".yarnrc.yml": "nodeLinker: node-modules\nenableTelemetry: false\n"}  # fmt: skip
    return Sample("registry.npmjs.org", files, [lock], [install, build], (), tool)


SAMPLES = {
    "flask": Sample(
        "pypi.org", {"requirements.txt": FLASK, "main.py": FLASK_MAIN},
        [], [VENV, PIP, [PYTHON, "main.py"]],
    ),
    "hashes": Sample(
        "pypi.org", {"requirements.in": FLASK, "main.py": FLASK_MAIN},
        [HASHED], [VENV, [*PIP, "--require-hashes"], [PYTHON, "main.py"]],
    ),
    "django": Sample(
        "pypi.org", {"pyproject.toml": DJANGO, "main.py": DJANGO_MAIN},
        [UV], [[*UV, "--check"], SYNC, [PYTHON, "main.py"]],
    ),
    "fastapi": Sample(
        "pypi.org", {"pyproject.toml": FASTAPI, "main.py": FASTAPI_MAIN},
        [UV], [[*UV, "--check"], SYNC, [PYTHON, "main.py"]], ("--allow-builds",),
    ),
    "poetry": Sample(
        "pypi.org", {"pyproject.toml": POETRY, "main.py": POETRY_MAIN},
        [["poetry", "lock", "--no-interaction"]],
        [["poetry", "check", "--lock"], ["poetry", "sync", "--no-interaction"],
         ["poetry", "run", "python", "main.py"]],
    ),
    "express": Sample(
        "registry.npmjs.org", {"package.json": EXPRESS, "test.js": EXPRESS_TEST},
        [["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit"]],
        [["npm", "ci", "--ignore-scripts", "--no-audit"], ["node", "test.js"]],
    ),
    "webpack": _front(
        "", ["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit"],
        ["npm", "ci", "--ignore-scripts", "--no-audit"], ["npm", "run", "build"],
    ),
    "yarn 1": _front(
        "yarn@1.22.22", ["yarn", "install", "--ignore-scripts", "--silent", "--no-bin-links"],
        ["yarn", "install", "--frozen-lockfile", "--ignore-scripts", "--silent"],
        ["yarn", "run", "build"],
    ),
    "yarn 4": _front(
        "@yarnpkg/cli-dist@4.5.3", ["yarn", "install", "--no-immutable", "--mode=update-lockfile"],
        ["yarn", "install", "--immutable"], ["yarn", "run", "build"],
    ),
    "pnpm": _front(
        "pnpm@9.15.0", ["pnpm", "install", "--lockfile-only", "--ignore-scripts"],
        ["pnpm", "install", "--frozen-lockfile", "--ignore-scripts"], ["pnpm", "run", "build"],
    ),
    "boot": Sample(
        "repo1.maven.org", {"pom.xml": BOOT}, [["mvn", "-B", "-q", MAVEN_TREE]],
        [["mvn", "-B", "-q", "-o", MAVEN_TREE]],
    ),
    "go": Sample(
        "proxy.golang.org", {"go.mod": GO_MOD, "main.go": GO, "main_test.go": GO_TEST},
        [["go", "mod", "tidy"]], [["go", "mod", "verify"], ["go", "test", "./..."]],
    ),
    "rust": Sample(
        "index.crates.io", {"Cargo.toml": CARGO, "src/lib.rs": RUST},
        [["cargo", "generate-lockfile", "--quiet"]], [["cargo", "test", "--quiet", "--locked"]],
    ),
}  # fmt: skip
