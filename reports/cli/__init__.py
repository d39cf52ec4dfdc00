"""The command ``derive``: its commands by name, loaded when used, so that help and completion stay quick."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any, Final

import click

DONE: Final = 0
FAILED: Final = 1
UNUSABLE: Final = 2
INTERRUPTED: Final = 130

COMMANDS: Final = {
    "list": "The derivations of the catalogue, and the assignments.",
    "verify": "Prove, enclose and simulate derivations of the catalogue.",
    "show": "A derivation, step by step.",
    "check": "Judge one relation or chain, or every relation of a text.",
    "compare": "Decide whether an answer equals the gold.",
    "read": "What is read of an answer, and what is not.",
    "grade": "Grade answers against an assignment.",
    "audit": "Compare a person's grading notes with the evidence.",
    "report": "Write the solution manual of an assignment.",
    "new-assignment": "Start an assignment in a new folder.",
    "check-assignment": "Have the reference solution of an assignment judged.",
}


class Commands(click.Group):
    """A group whose commands are modules of this package, imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"reports.cli.{cmd_name.replace('-', '_')}_command").command
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"derive {version('derive-verifier')}")
        ctx.exit()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--debug", is_flag=True, help="Show the traceback of an unexpected error.")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="The version.")
def group(debug: bool) -> None:
    """Verify derivations by proof, rigorous numerics and simulation; grade answers in Markdown or LaTeX.

    Exit status: 0 done; 1 something is refuted, or a part fails under --strict; 2 bad usage or unreadable input.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every error is one sentence on standard error, and the process exits."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: list[str]) -> int:
    """The exit status of one command line."""
    try:
        misplaced = packages_apart()
        if misplaced:
            return _fail(misplaced)
        result: Any = group.main(args=arguments, prog_name="derive", standalone_mode=False)
        return result if isinstance(result, int) else DONE
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        return DONE
    except click.UsageError as error:
        hint = error.ctx.command_path if error.ctx else "derive"
        return _fail(f"{_sentence(error.format_message())} See: {hint} --help")
    except click.ClickException as error:
        return _fail(_sentence(error.format_message()))
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe has left; nobody is there to be told
        return DONE
    except Exception as error:
        if "--debug" in arguments:
            raise
        return _fail(_explain(error))


def _explain(error: Exception) -> str:
    from derive.errors import DeriveError

    if isinstance(error, DeriveError):
        return _sentence(str(error))
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {(error.strerror or 'it cannot be used').lower()}."
    return (
        f"derive failed unexpectedly ({type(error).__name__}: {_sentence(str(error))}) "
        "Please report this; derive --debug shows where."
    )


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?")) else text + "."


def _fail(sentence: str) -> int:
    click.echo(f"derive: {sentence}", err=True)
    return UNUSABLE


def packages_apart() -> str | None:
    """One sentence where another distribution or folder has taken the place of one of the four packages."""
    home = Path(__file__).resolve().parents[2]
    for name in ("derive", "numeric", "grading", "reports"):
        spec = PathFinder.find_spec(name)
        places = list(spec.submodule_search_locations or [spec.origin or ""]) if spec else []
        if not any(Path(place).resolve().parent == home for place in places):
            found = places[0] if places else "nowhere"
            return (
                f"The package '{name}' is found at {found} and not beside reports in {home}; "
                "install derive-verifier into an environment of its own (venv or pipx) and start it elsewhere."
            )
    return None
