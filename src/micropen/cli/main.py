"""The command line: parse, call a workflow, print. Every job lives in `micropen.workflows`.

Nothing heavy is imported before a command runs, so that ``micropen --help`` answers at once.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from micropen._version import __version__
from micropen.errors import MicropenError

FAULT = 1
BAD_INPUT = 2
INTERRUPTED = 130
TERMINATED = 143

app = typer.Typer(
    name="micropen",
    help="What a microneedling treatment will do to a face, day by day, on its own photograph.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

case_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(case_app, name="case", help="The folder of one person's treatment.")

OutputOption = Annotated[
    Path, typer.Option("--output", "-o", help="Folder for the report; made if it is not there.")
]
DaysOption = Annotated[
    float, typer.Option("--days", help="How many days after the last session to show (1-400).")
]
DrawsOption = Annotated[
    int, typer.Option("--draws", help="Simulated courses behind each band (20-20000).")
]
SeedOption = Annotated[
    int,
    typer.Option("--seed", help="The same seed gives the same bytes.", min=0, max=2**31 - 1),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"micropen {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """What a microneedling treatment will do to a face, day by day, on its own photograph."""


@app.command()
def forecast(
    photo: Annotated[Path, typer.Argument(help="A photograph: JPEG, PNG, TIFF, WebP or HEIC.")],
    treatment: Annotated[Path, typer.Argument(help="The treatment file (TOML).")],
    output: OutputOption,
    days: DaysOption = 60.0,
    draws: DrawsOption = 200,
    seed: SeedOption = 0,
    face: Annotated[
        int | None, typer.Option("--face", help="Which face, from the left, 1 first.", min=1)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Forecast the face of every day after a treatment, on this photograph."""
    from micropen.cli.job import run_forecast

    run_forecast(photo, treatment, output, days, draws, seed, face, as_json)


@app.command()
def measure(
    photos: Annotated[list[Path], typer.Argument(help="A folder, or photographs of one person.")],
    output: OutputOption,
    baseline: Annotated[
        str, typer.Option("--baseline", help="The photograph that the others are compared with.")
    ] = "",
    treatment: Annotated[
        Path | None,
        typer.Option("--treatment", help="Treatment file: dates, treated zones and forecast."),
    ] = None,
    series: Annotated[
        Path | None,
        typer.Option("--series", help="TOML file with dates, states and repeats of the photos."),
    ] = None,
    face: Annotated[
        int | None, typer.Option("--face", help="Which face, from the left, 1 first.", min=1)
    ] = None,
    phototype: Annotated[
        str,
        typer.Option(
            "--phototype", help="Skin tone of the person, I to VI; a photo alone cannot tell it."
        ),
    ] = "",
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Measure what really changed between photographs of one face, each number with its error."""
    from micropen.cli.measurement import run_measure

    run_measure(photos, output, baseline, treatment, series, face, seed, phototype, as_json)


@case_app.callback()
def _case() -> None:
    """The folder of one person's treatment."""


@case_app.command("new")
def case_new(
    folder: Annotated[Path, typer.Argument(help="Where; a name that is not there yet.")],
    treatment: Annotated[
        Path | None,
        typer.Option("--treatment", help="A treatment file to copy; an example if left out."),
    ] = None,
    date: Annotated[
        str,
        typer.Option("--date", help="When the example's session was, such as 2027-06-08."),
    ] = "",
) -> None:
    """Make a case folder: treatment file, photos, check-ins."""
    from micropen.cli.case import run_case_new

    run_case_new(folder, treatment, date)


_SCORE_HELP = "0 (none) to 10, or a word: none, mild, moderate, strong."


@app.command()
def checkin(
    folder: Annotated[Path, typer.Argument(help="The case folder.")],
    redness: Annotated[str | None, typer.Option("--redness", help=_SCORE_HELP)] = None,
    pain: Annotated[str | None, typer.Option("--pain", help=_SCORE_HELP)] = None,
    swelling: Annotated[str | None, typer.Option("--swelling", help=_SCORE_HELP)] = None,
    itching: Annotated[str | None, typer.Option("--itching", help=_SCORE_HELP)] = None,
    peeling: Annotated[str | None, typer.Option("--peeling", help=_SCORE_HELP)] = None,
    breakouts: Annotated[
        str | None, typer.Option("--breakouts", help="How many spots are on the treated face.")
    ] = None,
    makeup: Annotated[
        bool | None, typer.Option("--makeup/--no-makeup", help="Whether makeup is worn.")
    ] = None,
    sun: Annotated[
        str | None, typer.Option("--sun", help="Since last time: none, little or much.")
    ] = None,
    products: Annotated[
        str | None, typer.Option("--products", help="What was put on the skin.")
    ] = None,
    warning: Annotated[
        list[str] | None,
        typer.Option(
            "--warning",
            help="fever, pus, blisters, spreading_heat or eye; may be repeated. "
            "Each means: see a clinician.",
        ),
    ] = None,
    note: Annotated[str | None, typer.Option("--note", help="Anything else.")] = None,
    when: Annotated[
        str, typer.Option("--when", help="Local time, such as 2027-06-08T21:30; now if left out.")
    ] = "",
) -> None:
    """Write down how the skin is now; asks, if no answer is given."""
    from micropen.cli.case import run_check_in

    answers = {
        "redness": redness,
        "pain": pain,
        "swelling": swelling,
        "itching": itching,
        "peeling": peeling,
        "breakouts": breakouts,
        "makeup": None if makeup is None else "yes" if makeup else "no",
        "sun": sun,
        "products": products,
        "warning_signs": None if warning is None else "; ".join(warning),
        "note": note,
    }
    run_check_in(folder, answers, when)


@app.command()
def follow(
    folder: Annotated[Path, typer.Argument(help="The case folder.")],
    output: OutputOption,
    face: Annotated[
        int | None, typer.Option("--face", help="Which face, from the left, 1 first.", min=1)
    ] = None,
    pictures: Annotated[
        bool, typer.Option("--pictures/--no-pictures", help="Draw the days to come.")
    ] = True,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Learn from a case's photographs and check-ins: this person's own forecast, and alerts."""
    from micropen.cli.follow import run_follow

    run_follow(folder, output, face, pictures, seed, as_json)


@app.command()
def plan(
    person: Annotated[Path, typer.Argument(help="The person file (TOML); see micropen person.")],
    output: OutputOption,
    event: Annotated[
        list[str] | None,
        typer.Option("--event", help="A day on which nothing may be seen; may be repeated."),
    ] = None,
    device: Annotated[
        str | None, typer.Option("--device", help="Device, instead of the file's.")
    ] = None,
    goal: Annotated[
        str | None,
        typer.Option("--goal", help="acne scars, laxity, texture, pigment or glow."),
    ] = None,
    case: Annotated[
        Path | None,
        typer.Option("--case", help="This person's case folder: plan with what was learned."),
    ] = None,
    today: Annotated[
        str, typer.Option("--today", help="Plan as on this day, such as 2027-01-08.")
    ] = "",
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Plan: whether to treat, how deep and how often, and when, around a person's life."""
    from micropen.cli.plan import run_plan

    run_plan(person, output, event or [], device, goal, case, today, seed, as_json)


@app.command()
def person(
    file: Annotated[Path, typer.Argument(help="Where; a name that is not there yet.")],
    example: Annotated[
        bool, typer.Option("--example", help="Filled in with the bundled example.")
    ] = False,
    today: Annotated[str, typer.Option("--today", help="Dates of the form as on this day.")] = "",
) -> None:
    """Write a person file with every question, to fill in for a plan."""
    from micropen.cli.plan import run_person

    run_person(file, example, today)


@app.command()
def demo(
    output: OutputOption = Path("demo-report"),
    days: DaysOption = 60.0,
    draws: DrawsOption = 200,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Forecast the bundled example: a real portrait and the founding case."""
    from micropen.cli.job import run_demo

    run_demo(output, days, draws, seed, as_json)


@app.command()
def example(
    folder: Annotated[Path, typer.Argument(help="Where to put the two files; made if missing.")],
) -> None:
    """Write the bundled portrait and treatment file into a folder, to start from."""
    from micropen.cli.job import run_example

    run_example(folder)


@app.command()
def devices(as_json: JsonOption = False) -> None:
    """List the devices that the program knows, with source and evidence grade."""
    from micropen.cli.catalogue import print_devices

    print_devices(as_json)


@app.command()
def zones(as_json: JsonOption = False) -> None:
    """List the facial zones with their anatomy."""
    from micropen.cli.catalogue import print_zones

    print_zones(as_json)


@app.command()
def parameters(
    prefix: Annotated[
        str | None, typer.Argument(help="Only names under this prefix: healing, punctures ...")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List every number of the model with unit, spread, source and grade."""
    from micropen.cli.catalogue import print_parameters

    print_parameters(prefix, as_json)


@app.command()
def sources(as_json: JsonOption = False) -> None:
    """List the bibliography: what each number rests on."""
    from micropen.cli.catalogue import print_sources

    print_sources(as_json)


@app.command()
def scales(
    part: Annotated[
        str | None, typer.Argument(help="Only those with this text: erythema, scar, days ...")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the scales that a study file may name."""
    from micropen.cli.catalogue import print_scales

    print_scales(part, as_json)


@app.command()
def studies(
    folders: Annotated[
        list[Path] | None,
        typer.Option("--studies", help="A folder of study files of your own; may be repeated."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the published studies that the program knows, and what each is for."""
    from micropen.cli.catalogue import print_studies

    print_studies(folders or [], as_json)


@app.command()
def calibrate(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for the fitted set and its report."),
    ] = None,
    studies: Annotated[
        list[Path] | None, typer.Option("--studies", help="A folder of further study files.")
    ] = None,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Fit the free population parameters to the published studies marked for fitting."""
    from micropen.cli.calibration import run_calibrate

    run_calibrate(output, studies or [], seed, as_json)


@app.command()
def sensitivity(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for the tables and the page.")
    ] = None,
    draws: Annotated[
        int,
        typer.Option(
            "--draws", help="Base points of the design (64-8192), up to the next power of two."
        ),
    ] = 512,
    seed: SeedOption = 0,
    parameter_file: Annotated[
        Path | None,
        typer.Option("--parameters", help="A fitted set, as `micropen calibrate` writes it."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show which parameters each headline depends on (Sobol indices)."""
    from micropen.cli.calibration import run_sensitivity

    run_sensitivity(output, draws, seed, parameter_file, as_json)


@app.command()
def validate(
    studies: Annotated[
        list[Path] | None,
        typer.Option("--studies", help="A folder of study files of your own; may be repeated."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Folder for page and data; made if it is not there."),
    ] = None,
    trials: Annotated[
        int, typer.Option("--trials", help="Virtual trials of each study (20-5000).")
    ] = 200,
    seed: SeedOption = 0,
    only_given: Annotated[
        bool, typer.Option("--only-given", help="Leave the program's own studies out.")
    ] = False,
    parameter_file: Annotated[
        Path | None,
        typer.Option("--parameters", help="A fitted set, as `micropen calibrate` writes it."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Hold the model against every published study, and say where it fails."""
    from micropen.cli.validation import run_validation

    code = run_validation(studies or [], output, trials, seed, only_given, parameter_file, as_json)
    if code:
        raise typer.Exit(code)


def main() -> None:
    """Run the command line; bad input prints one sentence and exits with code 2."""
    # Ended politely or not, a run leaves no half-made folder with a face in it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        app()
    except MicropenError as error:
        typer.echo(f"micropen: {error}", err=True)
        sys.exit(BAD_INPUT)
    except SystemExit as ended:
        # The command line's own library turns Ctrl-C into an exit code without a word.
        if ended.code in {INTERRUPTED, TERMINATED}:
            typer.echo("micropen: interrupted; nothing was written.", err=True)
        raise
    except KeyboardInterrupt:
        typer.echo("micropen: interrupted; nothing was written.", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if os.environ.get("MICROPEN_DEBUG"):
            raise
        typer.echo(
            f"micropen: a fault of the program itself ({type(error).__name__}: {error}); "
            "nothing was written. Set MICROPEN_DEBUG=1 to see where, and please report it.",
            err=True,
        )
        sys.exit(FAULT)
