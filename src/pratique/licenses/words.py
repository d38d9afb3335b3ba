"""Turn a licence's text into words that usual edits leave as they are.

After SPDX's matching guidelines (https://spdx.github.io/spdx-spec/v2.3/license-matching-guidelines-and-templates/):
case, spacing, punctuation, quotes, bullets, comment marks, British spelling and lines that claim a
copyright make no difference.
"""

from __future__ import annotations

import re
from zlib import crc32

LENGTH = 4
"""Words in a row that are hashed together."""
# of one letter are bullets, articles and the ends of possessives; numbers count with `version`
_WORD = re.compile(r"[^\W\d_]{2,}\d*|\d{3,}")
_VERSION = re.compile(r"\bversions?[\s*#/;]*:?\s{0,3}(\d{1,2}(?:\.\d{1,2}){0,2})", re.IGNORECASE)
_CLAIM = re.compile(
    r"^[^\w\n]{0,20}(?:portions[ \t]+)?"
    r"(?:copyright[ \t]*(?:\(c\)|©|\d{4}|[<\[{]|by\b)|©|\(c\)[ \t])[^\n]*",
    re.MULTILINE | re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"https?://(?:www\.)?|&(?:quot|lt|gt|amp|nbsp|ldquo|rdquo|lsquo|rsquo);", re.IGNORECASE
)
_COMMENT = re.compile(r"^[ \t]*(?:dnl|rem)\b", re.MULTILINE | re.IGNORECASE)
_ROMAN = frozenset(("ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii"))
# https://spdx.org/licenses/equivalentwords.txt, the pairs that differ as words
_PAIRS = """
acknowledgement=acknowledgment analogue=analog analyse=analyze artefact=artifact
authorisation=authorization authorised=authorized calibre=caliber cancelled=canceled
capitalisations=capitalizations catalogue=catalog categorise=categorize centre=center
emphasised=emphasized favour=favor favourite=favorite fulfil=fulfill fulfilment=fulfillment
initialise=initialize judgement=judgment labelling=labeling labour=labor licence=license
licences=licenses licenced=licensed licencing=licensing maximise=maximize modelled=modeled
modelling=modeling offence=offense optimise=optimize organisation=organization organise=organize
practise=practice programme=program realise=realize recognise=recognize signalling=signaling
utilisation=utilization whilst=while wilful=willful sublicence=sublicense
acknowledgements=acknowledgments organisations=organizations programmes=programs
behaviour=behavior colour=color defence=defense honour=honor
"""
_SPELLINGS = dict(pair.split("=") for pair in _PAIRS.split())


def words(text: str) -> list[str]:
    """Return the words of a text that matter for telling a licence."""
    text = _COMMENT.sub(" ", _ADDRESS.sub(" ", _CLAIM.sub(" ", text)))
    text = _VERSION.sub(_joined, text).lower()
    return [_SPELLINGS.get(word, word) for word in _WORD.findall(text) if word not in _ROMAN]


def grams(found: list[str]) -> list[int]:
    """Return a hash of 32 bits for each run of `LENGTH` words."""
    runs = zip(found, found[1:], found[2:], found[3:], strict=False)
    return [crc32(" ".join(run).encode("utf-8", "surrogatepass")) for run in runs]


def _joined(match: re.Match[str]) -> str:
    number = match[1]
    while number.endswith(".0"):
        number = number[:-2]
    return " version" + number.replace(".", "") + " "
