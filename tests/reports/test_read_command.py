"""``derive read``: what was understood, what was not, for one answer and for many."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reports import cli


def derive(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    status = cli.run([str(a) for a in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_what_was_read_is_printed_from_the_trees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.md"
    file.write_text("(a) Let $u = 2v$.\n\nThen $u(x+1) = \\foo$ and $\\sum_{k=1}^n a_k = \\int_0^1 dx/(1+x)$.\n")
    status, out, err = derive(capsys, "read", file)
    assert (status, err) == (0, "")
    shown = " ".join(out.split())
    assert shown.startswith(f"{file}: 2 of 3 relations read ")
    assert "∫₀¹ 1/(1+x) dx" in out
    assert "not read" in out and "'\\foo' is not known. (line 3, column 16)" in shown
    assert "1:10" in out and ":=" in out


def test_json_says_how_it_was_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.md"
    file.write_text("Let $u = 2v$ and $w = \\foo$")
    _, out, _ = derive(capsys, "read", file, "--json")
    answer = json.loads(out)
    first, second = answer["parts"][0]["relations"]
    assert (first["read"], first["unread"], first["defines"]) == ("u = 2 v", None, True)
    assert second["read"] is None and "foo" in second["unread"]


def test_many_answers_are_summed_up_by_cause(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.jsonl"
    records = [{"text": f"$a = {side}$", "id": n} for n, side in enumerate(["b", "\\foo", "\\bar{", "\\foo"])]
    file.write_text("\n".join(json.dumps(r) for r in records))
    status, out, _ = derive(capsys, "read", file, "--field", "text")
    assert status == 0
    assert "1 of 3 relations read in 4 answers" in " ".join(out.split())
    assert "is not known" in out
    status, out, _ = derive(capsys, "read", file, "--json")
    assert status == 0 and [json.loads(line)["answer"] for line in out.splitlines()][1] == f"{file}:2"


@pytest.mark.parametrize(
    ("name", "content", "arguments", "words"),
    [
        ("a.md", "$a = b$", ["--field", "text"], "no fields"),
        ("a.jsonl", '{"x": "$a = b$"}\n{"y": 1}', ["--field", "x"], "has no field 'x'"),
        ("a.json", '{"x": 3,}', [], "broken at line 1"),
        ("a.md", "words", [], "no mathematics"),
    ],
)
def test_unusable_input_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str, arguments: list[str], words: str
) -> None:
    (tmp_path / name).write_text(content)
    status, _, err = derive(capsys, "read", tmp_path / name, *arguments)
    assert status == 2 and words in err and err.count("\n") == 1


def test_every_part_has_the_notation_of_the_assignment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.md"
    file.write_text("# Problem 1\n\n(a) $a = \\sigma(b + c)$\n\n# Problem 2\n\n(e) $a = \\sigma(b + c)$\n")
    _, out, _ = derive(capsys, "read", file, "--assignment", "hw13", "--json")
    read = {(p["problem"], p["part"]): [r["read"] for r in p["relations"]] for p in json.loads(out)["parts"]}
    assert read["1", "a"] == [r"a = \sigma (b + c)"]  # a product
    assert read["2", "e"] == [r"a = \sigma(b + c)"]  # the logistic function
    file.write_text("(e) $a = \\sigma(b + c)$\n")
    _, out, _ = derive(capsys, "read", file, "--assignment", "hw13", "--problem", "2", "--json")
    assert json.loads(out)["parts"][0]["relations"][0]["read"] == r"a = \sigma(b + c)"
