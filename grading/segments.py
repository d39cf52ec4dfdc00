"""An answer's text cut into parts by its headings.

A heading stands at the start of a line (or in bold right after a sentence): ``(a)``, ``a)``, ``**(a)**``,
``## (a) ...``, ``1(a)``, ``Part (a)``, ``\\item[(a)]``. A label inside a sentence ("From (b):") starts nothing, and
'Answer (a):' announces a result inside its part. Formulas are masked before, so that nothing in them is a heading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

SUMMARY: Final = "summary"


@dataclass(frozen=True)
class Segment:
    """Text [start, stop) that belongs to one part; ``title`` is the rest of its heading line."""

    label: str
    title: str
    problem: str | None
    start: int
    stop: int


@dataclass(frozen=True)
class Announcement:
    """A line such as 'Answer (a):' or 'Final answer:', and where the text after it begins."""

    start: int
    stop: int
    label: str | None


_MARKS: Final = r"""
    [ \t>]*+ (?P<list> (?: [-*+\u2022] | \d{1,2}[.)] ) [ \t]++ )?
    (?P<hash> \#{1,6} [ \t]*+ )?
    (?P<tex> (?: \\(?:sub)*(?:section|paragraph)\*? [ \t]*+ \{ | \\item [ \t]*+ \[? | \\textbf [ \t]*+ \{ | \\noindent )
             [ \t]*+ )*
    (?P<bold> \*\* | __ )? [ \t]*+
"""
"""What may stand before a label: marks of lists, headings, sections and bold type."""
_WORD: Final = r"""
    (?P<word> (?: Part | Subpart | Question | Problem | Exercise | Q
              | Solution (?: [ \t]++ (?:to|for) )? (?: [ \t]++ part )? ) \.? [ \t]*+ )?
"""
_LABEL: Final = r"""
    (?: \(? (?P<n1>\d{1,2}) [ \t]*+ [.)]? [ \t]*+ \(? (?P<l1>[a-zA-Z]) \)  # 1(a), 1a), (1a), 1.(a)
      | \( (?P<l2>[a-zA-Z]) \)                                            # (a)
      | (?P<l3>[a-z]) \)                                                  # a)
      | (?P<n4>\d{1,2}) [.]? (?P<l4>[a-z]) (?= [.:)\]}\ \t*] | $ )         # 1a. where bold or a heading
      | (?P<l5>[a-zA-Z]) (?= [.:)\]}\ \t*\u2014\u2013-] | $ ) )            # Part a, **a.**
"""
_HEADING: Final = re.compile(_MARKS + _WORD + _LABEL, re.VERBOSE)
_PROBLEM: Final = re.compile(
    _MARKS
    + r"""
    (?: (?:Problem|Question|Exercise|Task|Q) \.? [ \t]*+ (?P<number>\d{1,2}) \b
      | (?P<bare>\d{1,2}) [.:)]? [ \t]++ (?=[A-Z]) )
    """,
    re.VERBOSE,
)
_SUMMARY: Final = re.compile(
    _MARKS
    + r"""
    (?: (?:Overall|Final|Quick|Short) [ \t]++ )?
    (?: Summary | Summaries | Recap | Conclusions? | Final [ \t]++ (?:answers|results|summary)
      | Key [ \t]++ results ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ANNOUNCES: Final = re.compile(
    r"""
    [ \t>]*+ (?: [-*+\u2022] [ \t]++ )? (?: \#{1,6} [ \t]*+ )? (?: \*\* | __ )? [ \t]*+
    (?: (?:Final|Short) [ \t]++ )? (?: Answer | Result ) [ \t]*+ (?: (?:to|for) [ \t]++ )? (?: part [ \t]++ )?
    (?: \(? \d{0,2} [ \t]*+ \(? (?P<label>[a-z]) \) )? [ \t]*+ (?: \*\* | __ )? [ \t]*+ [:.] [ \t]*+ (?: \*\* | __ )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_GLUED: Final = re.compile(r"(?<=[.!?:;)\ufffc])(?P<space>[ \t]*)\*\*[ \t]*(?:Part[ \t]+)?\((?P<label>[a-z])\)")
_RUN_IN: Final = re.compile(r"(?<=[.;\ufffc])[ \t]+\((?P<label>[a-z])\)(?=[ \t])")
_MENTION: Final = re.compile(
    r"""
    [ \t]*+ (?: [,;] | (?: and | or | to | implies | gives | gave | follows | shows | showed | says | we | is | was
                         | above | below | that | tells | yields ) \b )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class _Start:
    at: int
    label: str
    problem: str | None
    body: int
    """Where the text after the label begins."""


def announcements(masked: str) -> list[Announcement]:
    """Every line that announces a result."""
    found: list[Announcement] = []
    for start, stop in _lines(masked):
        match = _ANNOUNCES.match(masked, start, stop)
        if match:
            found.append(Announcement(start, match.end(), match["label"]))
    return found


def segments(masked: str, text: str | None = None) -> list[Segment]:
    """The parts of a text, in order; the text before the first heading has the label ''.

    ``text`` is the same text with its formulas, for the titles.
    """
    starts = _starts(masked)
    result: list[Segment] = []
    label, problem, begin, body = "", None, 0, -1
    for start in [*starts, None]:
        stop = len(masked) if start is None else start.at
        if masked[begin:stop].strip():
            title = _title((text or masked)[:stop], body) if body >= 0 else ""
            result.append(Segment(label, title, problem, begin, stop))
        if start is not None:
            label, problem, begin, body = start.label, start.problem, start.at, start.body
    return result


def _lines(text: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    position = 0
    while position <= len(text):
        stop = text.find("\n", position)
        stop = len(text) if stop < 0 else stop
        found.append((position, stop))
        position = stop + 1
    return found


def _title(text: str, body: int) -> str:
    """The rest of a heading line, without marks."""
    stop = text.find("\n", body)
    line = text[body : len(text) if stop < 0 else stop]
    return line.strip().strip("#*_:{}[]. \t").strip()[:200]


def _starts(masked: str) -> list[_Start]:
    lines = _lines(masked)
    headed = {m for m in (_label_of(masked, s, e) for s, e in lines) if m}
    found: list[_Start] = []
    label, problem = "", None
    met: set[str] = set()  # labels of the problem's parts so far
    fresh = True  # the line before is blank or a heading
    listed = ""  # the last label of an enumeration inside a part
    for n, (start, stop) in enumerate(lines):
        line = masked[start:stop]
        if not line.strip():
            fresh, listed = True, ""
            continue
        number = _problem_number(masked, lines, n, problem, fresh)
        summary = _SUMMARY.match(masked, start, stop)
        announced = _ANNOUNCES.match(masked, start, stop)
        heading = _HEADING.match(masked, start, stop)
        started: _Start | None = None
        if number is not None:
            label, problem = "", number
            met = set()
            inner = _part_after_number(masked, start, stop)
            started = _Start(start, inner[0] if inner else "", problem, inner[1] if inner else stop)
        elif summary and _is_title(masked, start, stop, summary) and label != "":
            started = _Start(start, SUMMARY, problem, start)
        elif announced and announced["label"] and announced["label"].lower() not in headed:
            started = _Start(start, announced["label"].lower(), problem, announced.end())
        elif not announced and heading and (label != SUMMARY or _resumes(heading, met)):
            read = _read_label(heading)
            if read and listed and _follows(read[0], listed):
                listed = read[0]
            else:
                started = _part(masked, heading, stop, label, problem, fresh, headed)
                listed = read[0] if read and started is None and n and masked[slice(*lines[n - 1])].strip() else ""
        if started is not None:
            label, problem = started.label, started.problem
            met.add(label)
            found.append(started)
        found += _glued(masked, start, stop, started, problem, label)
        if found and found[-1].at >= start:
            label = found[-1].label
        fresh = (
            started is not None or line.rstrip().endswith(("\ufffc", ":", "}")) or line.lstrip()[:1] in "-*+#|\u2022\\"
        )
    return found


def _resumes(heading: re.Match[str], met: set[str]) -> bool:
    """Whether a heading after a summary begins a part that was not there before."""
    read = _read_label(heading)
    return read is not None and read[0] not in met and bool(_emphasised(heading) or heading["word"])


def _label_of(masked: str, start: int, stop: int) -> str | None:
    if _ANNOUNCES.match(masked, start, stop):
        return None
    heading = _HEADING.match(masked, start, stop)
    if heading is None:
        return None
    read = _read_label(heading)
    return read[0] if read and not _MENTION.match(masked, heading.end(), stop) else None


def _read_label(heading: re.Match[str]) -> tuple[str, str | None] | None:
    """Label and problem number of a heading, None where the form needs more emphasis than it has."""
    marked = _emphasised(heading)
    word = (heading["word"] or "").strip().rstrip(".").lower()
    if heading["l1"]:
        return heading["l1"].lower(), heading["n1"]
    if heading["l2"]:
        letter = heading["l2"]
        return (letter.lower(), None) if letter.islower() or word else None
    if heading["l3"]:
        return heading["l3"], None
    if heading["l4"]:
        return (heading["l4"], heading["n4"]) if marked or word else None
    letter = heading["l5"]
    if letter and word in ("part", "subpart", "question", "solution to part", "solution for part", "solution part"):
        return letter.lower(), None
    end = heading.string[heading.end() : heading.end() + 1]
    if letter and letter.islower() and (end in (".", ":", ")", "*") if marked else end == "."):
        return letter, None  # "a." without emphasis is looked at once more with its neighbours
    return None


def _emphasised(heading: re.Match[str]) -> bool:
    return bool(heading["hash"] or heading["bold"] or heading["tex"])


def _part(
    masked: str,
    heading: re.Match[str],
    stop: int,
    label: str,
    problem: str | None,
    fresh: bool,
    headed: set[str],
) -> _Start | None:
    """The part that a heading starts, if it is one; ``headed`` are the labels that begin some line."""
    read = _read_label(heading)
    if read is None:
        return None
    letter, number = read
    mention = _MENTION.match(masked, heading.end(), stop)
    if mention and not (fresh and mention[0].strip() == "we" and _follows(letter, label)):
        return None
    if heading["l5"] and not heading["word"] and not _emphasised(heading):
        neighbour = chr(ord(letter) + 1) if letter == "a" else chr(ord(letter) - 1)
        if not fresh or not _follows(letter, label) or neighbour not in headed:
            return None
    marked = _emphasised(heading) or bool(heading["word"] or heading["list"])
    if not fresh and not marked and not _follows(letter, label):
        return None
    if letter in "ivx" and not _follows(letter, label):
        return None  # a roman numeral
    if letter == label and number in (None, problem):
        return None
    if label and label != SUMMARY and letter < label and not marked and number is None:
        return None  # an enumeration inside a part
    body = heading.end()
    while body < stop and masked[body] in ")]}*_:. \t":
        body += 1
    return _Start(heading.start(), letter, number or problem, body)


def _follows(letter: str, label: str) -> bool:
    return letter == "a" if not label or not label.isalpha() or len(label) > 1 else ord(letter) == ord(label) + 1


def _glued(masked: str, start: int, stop: int, started: _Start | None, problem: str | None, label: str) -> list[_Start]:
    """Headings inside a line: bold right after a sentence, or ``(b)`` where the line itself began with ``(a)``."""
    found: list[_Start] = []
    patterns = [_GLUED, _RUN_IN] if started is not None and len(started.label) == 1 else [_GLUED]
    matches = sorted((m for p in patterns for m in p.finditer(masked, start, stop)), key=lambda m: m.start())
    for match in matches:
        if started is not None and match.start() <= started.body or _MENTION.match(masked, match.end(), stop):
            continue
        letter = match["label"]
        apart = match.re is _RUN_IN or match["space"] != ""
        if letter == label or (apart and not _follows(letter, label)):
            continue
        found.append(_Start(match.start(), letter, problem, match.end()))
        label = letter
    return found


def _problem_number(masked: str, lines: list[tuple[int, int]], n: int, current: str | None, fresh: bool) -> str | None:
    """The number of the problem that a line opens, None where it opens none."""
    start, stop = lines[n]
    match = _PROBLEM.match(masked, start, stop)
    if match is None or not (fresh or match["hash"] or match["tex"]):
        return None
    rest = masked[match.end() : stop].strip()
    if match["number"]:
        marked = match["hash"] or match["bold"] or match["tex"]
        if not marked and (len(rest) > 100 or re.match(r"[,;]|(?:is|was|asks|we|and|says)\b", rest)):
            return None
        return match["number"]
    if match["list"] or rest.endswith((".", ":", ",", ";")) or "\ufffc" in rest or len(rest) > 100 or not rest:
        return None
    alone = (n + 1 >= len(lines) or not masked[slice(*lines[n + 1])].strip()) and (
        n == 0 or not masked[slice(*lines[n - 1])].strip()
    )
    if match["hash"] or match["tex"]:
        return match["bare"]
    expected = str(int(current or 0) + 1)
    return match["bare"] if alone and (match["bold"] or match["bare"] == expected) else None


def _part_after_number(masked: str, start: int, stop: int) -> tuple[str, int] | None:
    """The label in ``Problem 1 (a)``."""
    found = re.compile(r"[^\n]*?\d{1,2}[ \t]*[.:,]?[ \t]*(?:Part[ \t]*)?\(?([a-z])\)").match(
        masked, start, min(stop, start + 40)
    )
    return (found[1], found.end()) if found else None


def _is_title(masked: str, start: int, stop: int, match: re.Match[str]) -> bool:
    marked = bool(match["hash"] or match["bold"] or match["tex"])
    line = masked[start:stop].strip()
    if not match["hash"] and ("\ufffc" in masked[match.end() : stop] or re.fullmatch(r"\W*Conclusion:\W*", line, re.I)):
        return False  # "**Conclusion:** X_1 ..." closes a part
    return len(line) <= 100 and (marked or not line.endswith((".", ",", ";")) and "\ufffc" not in line)
