from __future__ import annotations

import time

import pytest

from memory import MemoryFile
from pratique.analyzers.script_banner import javascript
from pratique.inventory.wanted import Wanted
from reading import packages_of

# as their own packages have them
BANNERS = {
    "/*\n AngularJS v1.8.2\n (c) 2010-2020 Google LLC.\n*/\n(function(z){'use strict';": "angular@1.8.2",
    "/**\n * @license AngularJS v1.8.2\n * (c) 2010\n */\n(function(window) {'use": "angular@1.8.2",
    "/* axios v0.19.0 | (c) 2019 by Matt Zabriskie */": "axios@0.19.0",
    "// Axios v1.7.2 Copyright (c) 2024 Matt Zabriskie": "axios@1.7.2",
    "//     Backbone.js 1.4.0\n\n//     (c) 2010": "backbone@1.4.0",
    "/*!\n * Bootstrap v3.3.7 (http://getbootstrap.com)\n": "bootstrap@3.3.7",
    "/*!\n  * Bootstrap v5.0.0-beta1 (https://getbootstrap.com/)\n": "bootstrap@5.0.0-beta1",
    "/*!\n * Bootstrap-select v1.13.6 (https://developer": "bootstrap-select@1.13.6",
    "/**\n  * bootstrap-table - An x (Supports\n  *\n  * @version v1.22.0\n": "bootstrap-table@1.22.0",
    "/*!\n * Chart.js v2.9.3\n * https://www.chartjs.org\n": "chart.js@2.9.3",
    "/*!\n * clipboard.js v2.0.6\n": "clipboard@2.0.6",
    "// https://d3js.org v5.9.2 Copyright 2019 Mike Bostock": "d3@5.9.2",
    "/*!\n DataTables 1.10.20\n": "datatables.net@1.10.20",
    "/*! @license DOMPurify 3.0.6 | (c) Cure53": "dompurify@3.0.6",
    '/*! @license DOMPurify | (c) Cure53 */function(){n.version="2.0.12",n.removed=[]': "dompurify@2.0.12",
    "/*!\n * FullCalendar v3.10.0\n * Docs & License": "fullcalendar@3.10.0",
    "/*! Hammer.JS - v2.0.7 - 2016-04-22": "hammerjs@2.0.7",
    "/**!\n\n @license\n handlebars v4.0.11\n\n": "handlebars@4.0.11",
    "/*!\n  Highlight.js v11.3.1 (git: 2a972d8658)": "highlight.js@11.3.1",
    "/*! jQuery v3.4.1 | (c) JS Foundation": "jquery@3.4.1",
    "/*!\n * jQuery JavaScript Library v1.12.4\n * http://jquery.com/": "jquery@1.12.4",
    "/*! jQuery Migrate v3.3.2 | (c) OpenJS": "jquery-migrate@3.3.2",
    "/*! jQuery UI - v1.12.1 - 2016-09-14": "jquery-ui@1.12.1",
    "/*! jQuery Validation Plugin - v1.19.3 - 1/9/2021": "jquery-validation@1.19.3",
    "/*!\n * Knockout JavaScript library v3.5.0\n": "knockout@3.5.0",
    "/* @preserve\n * Leaflet 1.7.1, a JS library for": "leaflet@1.7.1",
    "/**\n * @license\n * lodash 3.10.1 (Custom Build) lodash.com/license": "lodash@3.10.1",
    '/**\n * @license\n * Lodash lodash.com/license | x\n */An.VERSION="4.17.15"': "lodash@4.17.15",
    "/**\n * @license\n * Lodash <https://lodash.com/>\n */ var VERSION = '4.17.21';": "lodash@4.17.21",
    "/**\n * marked v4.0.12 - a markdown parser": "marked@4.0.12",
    "//! moment.js\n//! version : 2.24.0\n": "moment@2.24.0",
    "/**\n* plotly.js v2.20.0\n": "plotly.js@2.20.0",
    "/**\n * @popperjs/core v2.11.8 - MIT License": "@popperjs/core@2.11.8",
    "/** @license React v16.13.1\n * react.production.min.js\n": "react@16.13.1",
    "/** @license React v16.13.1\n * react-dom.production.min.js\n": "react-dom@16.13.1",
    "/** vim: et:ts=4:sw=4:sts=4\n * @license RequireJS 2.3.6 Copyright": "requirejs@2.3.6",
    "/*! Select2 4.0.13 | https://github.com": "select2@4.0.13",
    "/*! showdown v 1.9.1 - 02-11-2019 */": "showdown@1.9.1",
    "/*!\n * Socket.IO v4.5.0\n * (c) 2014": "socket.io-client@4.5.0",
    "/**\n * Swiper 8.4.5\n * Most modern mobile": "swiper@8.4.5",
    "/**\n * TinyMCE version 6.3.1 (2022-12-06)\n": "tinymce@6.3.1",
    "//     Underscore.js 1.9.1\n//     http://underscorejs.org": "underscore@1.9.1",
    "/**\n * @license\n * Video.js 7.6.0 <http://videojs.com/>": "video.js@7.6.0",
    "/*!\n * Vue.js v2.6.10\n * (c) 2014-2019 Evan You": "vue@2.6.10",
    "/**\n* vue v3.4.21\n* (c) 2018-present Yuxi (Evan) You": "vue@3.4.21",
    "/* Zepto v1.2.0 - zepto event ajax": "zepto@1.2.0",
}
OTHERS = [
    "/*\n AngularJS v1.8.2\n (c) 2010-2020 Google LLC.\n*/\n(function(s,c){'use strict';",
    "/*! jQuery Cookie v1.4.1 | MIT */",
    "/*! jQuery v3 */",
    "/*! jQuery v3.4.1.min | x */",
    "/*! requires jQuery v3.4.1 | or later */",
    "/*! For license information please see app.min.js.LICENSE.txt */",
    "/*! `lisp` grammar compiled for Highlight.js 11.3.1 */",
    "/*\n * vue-router v3.0.1\n * (c) 2018 Evan You",
    "/** @license React\n * react.production.min.js\n",
    "/*!\n * Bootstrap v3.3.7 theme by somebody",
    "/** Lodash lodash.com/license | Underscore.js 1.8.3 underscorejs.org/LICENSE */",
    "var a = '/*'; // jQuery v3.4.1 | (c)",
    "/*! jQuery v\xb2.\xb3 | (c) */",
]


def read(text: str, path: str = "srv/static/app.min.js") -> list[str]:
    packages = packages_of(javascript, path, text.encode())
    assert {(one.type, one.analyzer) for one in packages} <= {("npm", "javascript")}
    return [f"{one.name}@{one.version}" for one in packages]


@pytest.mark.parametrize("banner", BANNERS, ids=BANNERS.get)
def test_a_banner_tells_name_and_version(banner: str) -> None:
    assert read(banner) == [BANNERS[banner]]
    assert read("\n" + banner.replace("\n", "\r\n")) == [BANNERS[banner]]


@pytest.mark.parametrize("text", OTHERS)
def test_what_only_mentions_a_library_does_not_count(text: str) -> None:
    assert read(text) == []


def test_a_bundle_holds_each_of_its_libraries_once() -> None:
    banners = list(BANNERS)
    bundle = ";".join(f"{banner}\n*/\nfunction a(){{}}\n" for banner in banners + banners)
    assert sorted(set(read(bundle))) == sorted(read(bundle))
    assert {"jquery@3.4.1", "vue@2.6.10", "lodash@3.10.1"} <= set(read(bundle))


def test_the_line_is_that_of_the_banner() -> None:
    text = b"var a;\n\n/*! jQuery v3.4.1 | (c) */"
    (package,) = packages_of(javascript, "a.min.js", text)
    assert package.line == 3


@pytest.mark.parametrize(
    "path", ["node_modules/jquery/dist/jquery.min.js", "static/locale/de.min.js", "i18n/a.min.js"]
)
def test_what_a_package_tells_and_translations_are_left_out(path: str) -> None:
    assert read("/*! jQuery v3.4.1 | (c) */", path) == []


def test_only_files_that_are_named_like_a_library_are_read() -> None:
    wanted = Wanted([javascript])
    assert wanted.by(b"srv/js/jquery-3.4.1.min.js")
    assert wanted.by(b"srv/js/jquery.js")
    assert not wanted.by(b"srv/js/index.js")


@pytest.mark.parametrize(
    "data",
    [b"/*" * 500_000, b"//\n" * 300_000, b"/*! jQuery v" + b"1." * 400_000, b"/* " * 400_000],
)
def test_a_hostile_script_takes_no_time(data: bytes) -> None:
    start = time.process_time()
    assert list(javascript.analyze(MemoryFile("a.min.js", data))) == []
    assert time.process_time() - start < 5
