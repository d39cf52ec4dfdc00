"""A person's grading notes cut into remarks: which part each is about, and whether it praises, faults or misses.

Notes are free text. A heading (``(a) Correct``, ``Part 1d:``, ``Parts (f)-(h)``, ``Teil b``) says what follows is
about; under a heading of several parts a mention (``in part (g)``) does. What cannot be assigned stays apart.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal

from grading.read.mojibake import repaired
from grading.read.source import HOLE, formulas, masked, visible

Tone = Literal["praise", "fault", "missing", "none"]
REACH: Final = 3
"""Words over which a negation reaches."""

_WORD: Final = r"(?:Parts?|Subparts?|Questions?|Exercises?|Q|Teile?|Aufgaben?|Fragen?)\.?"
_ONE: Final = r"(?:\d{1,2}[ \t]*[.]?[ \t]*)?(?:\([a-z]\)|[a-z]\)|[a-z](?![A-Za-z]))"
_LIST: Final = rf"{_ONE}(?:[ \t]*(?:-|–|—|to|bis|through|and|und|,|&)[ \t]*{_ONE})*"
_HEADING: Final = re.compile(
    rf"[ \t#>*_|•●○-]*(?:(?P<word>{_WORD})[ \t]*(?P<listed>{_LIST})"
    rf"|(?P<bare>(?:\d{{1,2}}[ \t]*[.]?[ \t]*\(?[a-z]\)?(?![A-Za-z])|\([a-z]\)|[a-z]\))(?:[ \t]*[-–—,&][ \t]*{_ONE})*))"
    r"(?P<end>[ \t]*[:.|)*_—–-]*)",
)
_PROBLEM: Final = re.compile(
    r"[ \t#>*_|-]*(?:Problems?|Questions?|Exercises?|Aufgaben?|Tasks?)\.?[ \t]*(?P<number>\d{1,2})[ \t]*"
    r"(?P<end>[:.*_—–-]*)",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(
    r"[ \t#>*_]*(?:Summary|Overall|In summary|Conclusion|General|Zusammenfassung|Insgesamt|Fazit|Allgemein)\b",
    re.IGNORECASE,
)
_MENTION: Final = re.compile(
    r"\b(?:part|teil|aufgabe)[ \t]+(?:\d{1,2}[ \t]*)?\(?(?P<label>[a-z])\)?(?![A-Za-z])", re.IGNORECASE
)
_LABEL: Final = re.compile(r"(?<![A-Za-z])(?P<number>\d{1,2})?[ \t]*[.]?[ \t]*\(?(?P<label>[a-z])\)?(?![A-Za-z])")
_SENTENCE: Final = re.compile(
    r"(?<=[.!?])[ \t\n]+(?=[A-ZÄÖÜ(\ufffc\d])|\n[ \t]*\n+|\n(?=[ \t]*(?:[-*•●○]|\d{1,2}[.)])[ \t])"
)
_INVISIBLE: Final = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_APART: Final = re.compile("(?P<accent>[\u0300-\u036f])(?P<space> )(?P<sub>[\u2080-\u2089])")
_PAGE: Final = re.compile(r"^[ \t]*-+[ \t]*Page[ \t]+\d+[ \t]*-+[ \t]*$", re.MULTILINE)
_TORN: Final = re.compile("\u00e2[\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")
_LOST: Final = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_USUAL: Final = frozenset("₀₁₂₃₄₅₆₇₈₉⁰⁴⁵⁶⁷⁸⁹ⁿ∏∑∫√∞≈≤≥≪≫→∂∇●")
_DASHES: Final = re.compile(r"-|–|—|to|bis|through")


@dataclass(frozen=True)
class Remark:
    """One sentence of the notes: the parts it is about ((problem, label), the problem where it is said), its tone.

    ``attributes`` where it says what the answer says ("claims that ...").
    """

    parts: tuple[tuple[str | None, str], ...]
    start: int
    stop: int
    line: int
    text: str
    tone: Tone
    heading: bool
    attributes: bool = False


def plain(text: str) -> str:
    """The notes as they are read: wrongly decoded and invisible characters mended, offsets as in what is returned."""
    text = _INVISIBLE.sub(" ", repaired(text.replace("\r\n", "\n")).text)
    text = _PAGE.sub(lambda m: " " * len(m[0]), _TORN.sub(_mended, text))
    return _APART.sub(lambda m: m["accent"] + m["sub"] + m["space"], text)


def _mended(torn: re.Match[str]) -> str:
    """A character of which Windows-1252 lost a byte, where only one usual character can have been meant."""
    raw = torn[0].encode("cp1252")
    tries = {raw[:n] + bytes([lost]) + raw[n:] for n in range(1, len(raw) + 1) for lost in _LOST}
    meant = {t.decode("utf-8", "ignore") for t in tries} & _USUAL
    return meant.pop() if len(meant) == 1 else torn[0]


def remarks(text: str) -> list[Remark]:
    """The remarks of notes that went through ``plain``."""
    shown = visible(text)
    mask = masked(shown, formulas(shown))
    found: list[Remark] = []
    problem: str | None = None
    about: tuple[tuple[str | None, str], ...] = ()
    start, heading = 0, False
    for begin, stop, parts, number in _sections(mask):
        found += _sentences(text, mask, start, begin, about, heading)
        if number is not None:
            problem, about = number, ()
        if parts is not None:
            about = tuple((n or problem, label) for n, label in parts)
        start, heading = stop, bool(parts)
    return found + _sentences(text, mask, start, len(text), about, heading)


def _sections(mask: str) -> list[tuple[int, int, list[tuple[str | None, str]] | None, str | None]]:
    """Headings: where they begin and end, the parts they name (None: as before), the problem they name."""
    found: list[tuple[int, int, list[tuple[str | None, str]] | None, str | None]] = []
    for line in re.finditer(r"[^\n]+", mask):
        at, end = line.span()
        number = _PROBLEM.match(mask, at, end)
        if number and (number["end"] or not mask[number.end() : end].strip()):
            found.append((at, number.end(), [], number["number"]))
            inner = _HEADING.match(mask, number.end(), end)
            if inner:
                found.append((number.end(), inner.end(), _labels(inner), None))
            continue
        if _WHOLE.match(mask, at, end):
            found.append((at, at, [], None))
            continue
        heading = _HEADING.match(mask, at, end)
        if heading and (heading["end"] or heading.end() == end):
            found.append((at, heading.end(), _labels(heading), None))
    return found


def _labels(heading: re.Match[str]) -> list[tuple[str | None, str]]:
    """The parts of a heading; a dash between two letters stands for those between them."""
    text = heading["listed"] or heading["bare"]
    found: list[tuple[str | None, str]] = []
    number: str | None = None
    end = 0
    for label in _LABEL.finditer(text):
        number = label["number"] or number
        if found and _DASHES.fullmatch(text[end : label.start()].strip()):
            found += [(number, chr(c)) for c in range(ord(found[-1][1]) + 1, ord(label["label"]))]
        found.append((number, label["label"]))
        end = label.end()
    return found


def _sentences(
    text: str, mask: str, start: int, stop: int, about: tuple[tuple[str | None, str], ...], headed: bool
) -> list[Remark]:
    found: list[Remark] = []
    chosen = about
    position = start
    breaks = [(m.start(), m.end()) for m in _SENTENCE.finditer(mask, start, stop)]
    first_line = mask.find("\n", start)
    if headed and 0 <= first_line < stop:
        breaks = sorted({*breaks, (first_line, first_line + 1)})
    for end, following in [*breaks, (stop, stop)]:
        if end < position:
            continue
        sentence = mask[position:end]
        if sentence.strip(HOLE + " \n\t.:*_|-"):
            if len(about) > 1:
                mentioned = [m["label"].lower() for m in _MENTION.finditer(sentence)]
                named = tuple(p for p in about if p[1] in mentioned)
                chosen = named or chosen
            lead = len(sentence) - len(sentence.lstrip(" \n\t:*_|-"))
            line = text.count("\n", 0, position + lead) + 1
            shown = " ".join(text[position + lead : end].split())
            first = headed and not found
            said = sentence.replace(HOLE, " ")
            found.append(Remark(chosen, position, end, line, shown, tone(said), first, attributes(said)))
        elif HOLE in sentence:  # a formula on its own belongs to the sentence before
            line = text.count("\n", 0, position) + 1
            before: Tone = found[-1].tone if found else "none"
            found.append(Remark(chosen, position, end, line, " ".join(text[position:end].split()), before, False))
        position = following
    return found


# -- tone ----------------------------------------------------------------------------------------------------
@lru_cache(maxsize=1)
def _words() -> dict[str, re.Pattern[str]]:
    data = tomllib.loads(files("grading.audit").joinpath("words.toml").read_text(encoding="utf-8"))

    def pattern(entry: str) -> str:
        stem = re.escape(entry.rstrip("*").lower()).replace(r"\ ", r"\s+").replace("'", "['\u2019]")
        if not entry[0].isalnum():
            return stem
        return r"(?<!\w)" + stem + ("" if entry.endswith("*") else r"(?!\w)")

    return {key: re.compile("|".join(map(pattern, sorted(data[key], key=len, reverse=True)))) for key in data}


def attributes(sentence: str) -> bool:
    """Whether a sentence tells what the answer says."""
    words = _words()
    text = sentence.lower()
    return any(
        not any(words["not"].fullmatch(w) for w in re.findall(r"[\w'\u2019]+", text[: m.start()])[-REACH:])
        for m in words["attributes"].finditer(text)
    )


def says_nothing_is_shown(sentence: str) -> bool:
    """Whether a sentence says that there is no derivation at all."""
    return _words()["nothing"].search(sentence.lower()) is not None


def tone(sentence: str) -> Tone:
    """Whether a sentence praises, faults, or says that something is missing; faults count before praise."""
    words = _words()
    text = words["none"].sub(" correct ", sentence.lower())
    if words["missing"].search(text):
        return "missing"
    found: set[Tone] = set()
    for kind, opposite in (("praise", "fault"), ("fault", "praise")):
        for match in words[kind].finditer(text):
            before = re.findall(r"[\w'\u2019]+", text[: match.start()])[-REACH:]
            turned = any(words["not"].fullmatch(w) for w in before)
            found.add(opposite if turned else kind)  # type: ignore[arg-type]
    return "fault" if "fault" in found else "praise" if "praise" in found else "none"
