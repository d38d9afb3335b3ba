"""JavaScript libraries that were copied into a site: told by the banner of a minified file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from msgspec import Struct

from pratique.model.analyzer import Analyzer
from pratique.model.file import File
from pratique.model.inventory import Package

_VERSION = rb"v?(\d+(?:\.\d+){1,3}(?:-[0-9A-Za-z.]{1,20})?)(?![\w.-])"
# what a banner says after its comment opens; <V> is the version; `_` is white space and asterisks
_BANNERS = r"""
angular             AngularJS <V>[^{]{0,300}\(function\(\w+\) ?\{
axios               [aA]xios <V>[ |]{1,3}(?:Copyright )?\(c\)
backbone            Backbone\.js <V>_
bootstrap           Bootstrap <V> \(https?://getbootstrap\.com
bootstrap-select    Bootstrap-select <V> \(
bootstrap-table     bootstrap-table - [^@]{0,200}@version <V>
chart.js            Chart\.js <V>_https://www\.chartjs\.org
clipboard           clipboard\.js <V>_
d3                  https://d3js\.org <V> Copyright
datatables.net      DataTables <V>_
dompurify           DOMPurify <V> \|
fullcalendar        FullCalendar <V>_Docs
hammerjs            Hammer\.JS - <V> -
handlebars          handlebars <V>_
highlight.js        Highlight\.js <V> \(git
jquery              jQuery (?:JavaScript Library )?<V>(?: \||_http|_Copyright)
jquery-migrate      jQuery Migrate (?:- )?<V> \|
jquery-ui           jQuery UI (?:- )?<V> -
jquery-validation   jQuery Validation Plugin (?:- )?<V> -
knockout            Knockout JavaScript library <V>_
leaflet             Leaflet <V>, a JS library
lodash              lodash <V> \((?:Custom Build|lodash\.com)
marked              marked <V>? - a markdown parser
moment              moment\.js_version : <V>_
plotly.js           plotly\.js <V>_
@popperjs/core      @popperjs/core <V> -
react               React <V>_react\.production\.min\.js
react-dom           React <V>_react-dom(?:-server\.\w+)?\.production\.min\.js
requirejs           (?:vim:[^@]{0,60}@license )?RequireJS <V> Copyright
select2             Select2 <V> \|
showdown            showdown v <V> -
socket.io-client    Socket\.IO <V>_\(c\)
swiper              Swiper <V>_Most modern
tinymce             TinyMCE version <V> \(
underscore          Underscore\.js <V>_http
video.js            Video\.js <V> <http
vue                 (?:Vue\.js|vue) <V>_\(c\)
zepto               Zepto <V> -
"""
# those whose banner has no version: the banner, and how the code that follows tells it
_IN_CODE = r"""
dompurify           DOMPurify \|                      \.version ?= ?["']<V>["']
lodash              Lodash (?:<https|lodash\.com/lic)  \bVERSION ?= ?["']<V>["']
"""
_BETWEEN = rb"[\s*/!]{1,40}"
_OPENING = rb"(?m)/\*|^//"
_DECORATION = rb"[/*!\s]*(?:@(?:license|preserve)[*\s]+)?"
_LARGEST = 16 << 20
_MOST = 5000  # comments
# where a package.json tells more; translations of a library have its banner, and not its code
_LEFT_OUT = r"(?:^|/)(?:node_modules|i18n|lang|languages?|locales?|l10n|locali[sz]ation)/"
_NAMES = (
    "*.min.js", "angular.js", "bootstrap.js", "d3.js", "handlebars.js", "jquery.js",
    "jquery-ui.js", "knockout-latest.js", "leaflet.js", "lodash.js", "moment.js", "require.js",
    "socket.io.js", "underscore-min.js", "vue.js", "vue.global.prod.js",
)  # fmt: skip


def _analyze(file: File) -> Iterator[Package]:
    """Look at each comment of a script for the banner of a library; bundles hold several."""
    if re.search(_LEFT_OUT, file.path) or file.size > _LARGEST:
        return
    data = file.read()
    decorated = re.compile(_DECORATION)
    given: set[tuple[str, str]] = set()
    line, counted = 1, 0
    for opening in islice(re.finditer(_OPENING, data), _MOST):
        decoration = decorated.match(data, opening.start(), opening.start() + 80)
        at = decoration.end() if decoration else opening.end()
        for found in _identities(data, at):
            if found not in given:
                given.add(found)
                line += data.count(b"\n", counted, at)
                counted = at
                yield Package(file.path, "javascript", "npm", *found, line=line)


def _identities(data: bytes, at: int) -> Iterator[tuple[str, str]]:
    for library in _libraries():
        banner = library.banner.match(data, at)
        told = library.code.search(data, at) if banner and library.code else banner
        if told:
            yield library.name, told[1].decode()
            return


class _Library(Struct, frozen=True):
    name: str
    banner: re.Pattern[bytes]
    code: re.Pattern[bytes] | None = None


@cache
def _libraries() -> tuple[_Library, ...]:
    """Compile the table, when a script is first met."""
    rows = [re.split(r"\s{2,}", line) for line in (_BANNERS + _IN_CODE).split("\n") if line]
    return tuple(_Library(name, *map(_compiled, patterns)) for name, *patterns in rows)


def _compiled(pattern: str) -> re.Pattern[bytes]:
    told = pattern.encode().replace(b"_", _BETWEEN).replace(b"<V>", _VERSION)
    return re.compile(told)


javascript = Analyzer("javascript", 1, _NAMES, _analyze, reads="both")
