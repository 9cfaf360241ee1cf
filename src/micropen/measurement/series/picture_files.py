"""Which files of a folder are photographs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from os import PathLike
from os.path import realpath  # unlike Path.resolve, a link that leads to itself does not stop it
from pathlib import Path
from typing import Final

from micropen.errors import PhotoError
from micropen.measurement.series.file_names import same_spelling

SUFFIXES: Final = frozenset(
    {".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".webp", ".heic", ".heif", ".hif"}
)
# What the program itself writes beside photographs carries this in its name.
_OWN: Final = "micropen"
# What commonly lies beside photographs and is none: nobody needs to be told.
_NO_PICTURES: Final = frozenset(
    (".toml", ".txt", ".md", ".csv", ".json", ".html", ".pdf", ".xmp", ".aae", ".ini", ".db")
)

AnyPath = str | PathLike[str]


def picture_files(paths: Sequence[AnyPath] | AnyPath) -> tuple[list[Path], Path | None]:
    """List the photographs that were given.

    Parameters
    ----------
    paths
        A folder, a file, or a list of them. Of a folder every file with a known ending is taken,
        sorted by name, but no hidden file, no file whose name starts with ``micropen`` and no
        subfolder. A file named by itself is always taken.

    Returns
    -------
    files, folder
        Each file once; and the folder, if exactly one was given.

    Raises
    ------
    PhotoError
        A path does not exist, cannot be read, or nothing is left.
    """
    given = [Path(p) for p in ([paths] if isinstance(paths, (str, PathLike)) else paths)]
    files: dict[Path, Path] = {}
    for path in given:
        found = _of_folder(path) if path.is_dir() else [_file(path)]
        for file in found:
            files.setdefault(Path(realpath(file)), file)
    folders = [path for path in given if path.is_dir()]
    if not files:
        where = ", ".join(str(p) for p in given) or "the list of files"
        passed = "".join(f" {note}" for note in passed_over(given))
        raise PhotoError(
            f"There is no photograph in {where}; put in JPEG, PNG, TIFF, WebP or HEIC files of "
            f"one person (subfolders are not entered).{passed}"
        )
    return list(files.values()), folders[0] if len(folders) == 1 else None


def passed_over(paths: Sequence[AnyPath] | AnyPath) -> tuple[str, ...]:
    """Sentence on files in the given folders whose ending is not known, else nothing.

    Parameters
    ----------
    paths
        As in `picture_files`.
    """
    given = [Path(p) for p in ([paths] if isinstance(paths, (str, PathLike)) else paths)]
    endings = Counter(
        file.suffix.lower() or "no ending"
        for folder in given
        if folder.is_dir()
        for file in _listed(folder)
        if file.suffix.lower() not in SUFFIXES | _NO_PICTURES
    )
    if not endings:
        return ()
    count, kinds = endings.total(), ", ".join(f"{n} × {e}" for e, n in sorted(endings.items()))
    files = "One file was" if count == 1 else f"{count} files were"
    return (
        f"{files} passed over for an ending that is not known as a photograph's ({kinds}); save "
        "photographs as JPEG, PNG, TIFF, WebP or HEIC.",
    )


def _file(path: Path) -> Path:
    try:
        path.stat()
    except FileNotFoundError:
        raise PhotoError(f"There is no file or folder {str(path)!r}; check the path.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "invalid path"
        raise PhotoError(f"{str(path)!r} cannot be read ({why}); check the path.") from None
    return path


def _of_folder(folder: Path) -> list[Path]:
    return [path for path in _listed(folder) if path.suffix.lower() in SUFFIXES]


def _listed(folder: Path) -> list[Path]:
    """Every file of a folder by name, but hidden ones, the program's own and subfolders."""
    try:
        listed = sorted(folder.iterdir(), key=lambda p: same_spelling(p.name))
    except OSError as error:
        raise PhotoError(
            f"The folder {str(folder)!r} cannot be read ({error.strerror}); check its permissions."
        ) from None
    return [
        path
        for path in listed
        if not path.name.startswith(".")
        and not path.name.lower().startswith(_OWN)
        and not path.is_dir()
    ]


def names_of(files: Sequence[Path]) -> list[str]:
    """Names for the table: the file name, with its folder where two are the same."""
    plain = [same_spelling(f.name) for f in files]
    return [
        f"{Path(realpath(file)).parent.name}/{name}" if plain.count(name) > 1 else name
        for file, name in zip(files, plain, strict=True)
    ]
