"""Where dialects are found and kept: shipped mappings, folders of the user's, and those of other packages."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metaharmon.diagnostics import ERROR, UNKNOWN_DIALECT, UNREADABLE, WRONG_FORM, Diagnostic, MappingError, Place
from metaharmon.dialect.dialect import Dialect
from metaharmon.dialect.folders import default_folders
from metaharmon.mapping.build import build_plan
from metaharmon.mapping.grammar import Report, closest
from metaharmon.mapping.load import is_name, load_mapping
from metaharmon.mapping.named import shadows
from metaharmon.yamltext import YMap, YText, read_file

_LENSES: dict[str, Any] = {}


def register_lens(name: str, lens: Any) -> None:
    """Make a two-way Python lens known by the name that mappings say (`lens: NAME`).

    `lens` has `read(raw)` and `write(value)` (see `lenses.base.ValueLens`); dialects loaded before do not know it.
    Raises TypeError when it cannot go both ways, ValueError when the name means another lens.
    """
    if not (callable(getattr(lens, "read", None)) and callable(getattr(lens, "write", None))):
        raise TypeError(f"the lens '{name}' needs both read and write")
    if _LENSES.setdefault(name, lens) is not lens:
        raise ValueError(f"another lens is registered as '{name}'")


@dataclass(frozen=True)
class Listed:
    """A mapping file that is known, by its head only: nothing else of it was read."""

    name: str
    path: Path
    title: dict[str, str]
    version: str = ""
    status: str = ""
    abstract: bool = False
    extends: str | None = None


class Registry:
    """Finds dialects by name, or by the path of a YAML file, and keeps them loaded.

    A file is named after its dialect (`cn-hangzhou.yaml`). Folders are searched in this order: `paths`, the shipped
    mappings, those of other packages (entry point group `metaharmon.mappings`). A file that changed, or a parent of
    it, is loaded anew.
    """

    def __init__(self, paths: Iterable[str | os.PathLike[str]] = ()):
        self.paths = tuple(Path(path) for path in paths)
        self._loaded: dict[Path, tuple[Any, Dialect]] = {}
        self._folders: tuple[Path, ...] | None = None
        self.problems: list[Diagnostic] = []
        """What is wrong with folders or heads of files, and what shadows what, as far as they were looked at."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Registry, (self.paths,)

    # --- finding

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders that are searched, in order."""
        if self._folders is None:
            self._folders = (*self.paths, *default_folders(self.problems))
            for path in self.paths:
                if not path.is_dir():
                    self.problems.append(Diagnostic(UNREADABLE, f"the folder {path} does not exist"))
        return self._folders

    def find(self, name: str) -> Path | None:
        """The file of a dialect."""
        return next(self._all(name), None)

    def _all(self, name: str) -> Iterator[Path]:
        """The files of a name in all folders; the first is the dialect of that name."""
        return (path for folder in self.folders if is_name(name) and (path := folder / f"{name}.yaml").is_file())

    def _shadowing(self, path: Path) -> list[Diagnostic]:
        """What is to be said of a mapping of the caller's that stands in the place of one that is shipped, or that
        another package brings; noted in `problems`, once."""
        own = set(self.paths)
        other = next((one for one in self._all(path.stem) if one.parent not in own), None)
        if path.parent not in own or other is None or other.samefile(path):
            return []
        note = shadows(path, other)
        if note not in self.problems:
            self.problems.append(note)
        return [note]

    def files(self) -> dict[str, Path]:
        """Every mapping file by the name of its dialect."""
        found: dict[str, Path] = {}
        for folder in self.folders:
            for path in sorted(folder.glob("*.yaml")):
                found.setdefault(path.stem, path)
        return dict(sorted(found.items()))

    def listed(self) -> list[Listed]:
        """The heads of all mapping files, by name; broken files are noted in `problems`."""
        files = self.files().values()
        for path in files:
            self._shadowing(path)
        return [head for path in files if (head := self._head(path))]

    def _head(self, path: Path) -> Listed | None:
        try:
            node = read_file(path, inside=(path.parent, *self.folders))
        except MappingError as error:
            self.problems.extend(error.diagnostics)
            return None
        if not isinstance(node, YMap):
            self.problems.append(Diagnostic(WRONG_FORM, "a mapping file is a map of words", place=node.place))
            return None
        title = node.get("title")
        said = node.get("evidence")
        return Listed(
            path.stem,
            path,
            {str(k): str(v) for k, v in title.items()} if isinstance(title, YMap) else {},
            _text(node.get("version")),
            _text(said.get("status")) if isinstance(said, YMap) else "",
            _text(node.get("abstract")) == "true",
            _text(node.get("extends")) or None,
        )

    # --- loading

    def load(self, name: str | os.PathLike[str]) -> Dialect:
        """The dialect of a name, or of a YAML file. Raises MappingError with every finding."""
        path = self._path_of(name)
        kept = self._loaded.get(path)
        if kept is not None and kept[0] == self._stamp(path, kept[1]):
            return kept[1]
        dialect = self._load(path, inside=self.folders if path == self._named(name) else ())
        if isinstance(name, str) and path.stem == name != dialect.name:
            text = f"the file is named after '{name}', and says 'dialect: {dialect.name}'"
            raise MappingError([Diagnostic(WRONG_FORM, text, place=Place(str(path), 1, 1))])
        self._loaded[path] = (self._stamp(path, dialect), dialect)
        return dialect

    def _named(self, name: str | os.PathLike[str]) -> Path | None:
        """The file of a name, where it is no path of the caller's."""
        return self.find(name) if isinstance(name, str) else None

    def _path_of(self, name: str | os.PathLike[str]) -> Path:
        text = os.fspath(name)
        if not isinstance(name, str) or "/" in text or os.sep in text or text.endswith((".yaml", ".yml")):
            return Path(text)
        path = self.find(text)
        if path is None:
            loadable = [head.name for head in self.listed() if not head.abstract]
            finding = Diagnostic(
                UNKNOWN_DIALECT,
                f"no dialect is called '{text}'",
                hint=_meant(text, loadable) or "`metaharmon dialects` lists those that are known",
            )
            raise MappingError([finding, *self.problems])
        return path

    def _load(self, path: Path, inside: tuple[Path, ...]) -> Dialect:
        report = Report()
        mapping = load_mapping(path, self.find, report, self.paths, inside)
        report.extend(self._shadowing(path))
        if mapping is not None and mapping.says.abstract:
            raise MappingError([self._abstract(mapping.name, path)])
        plan = None if mapping is None else build_plan(mapping, report, dict(_LENSES))
        if mapping is None or plan is None or any(finding.severity == ERROR for finding in report):
            raise MappingError(list(report))
        return Dialect(mapping, plan, report)

    def _abstract(self, name: str, path: Path) -> Diagnostic:
        children = [head.name for head in self.listed() if head.extends == name and not head.abstract]
        hint = f"it is the base of {', '.join(children[:5])}" + (" and more" if len(children) > 5 else "")
        hint = hint if children else f"a mapping of your own may say 'extends: {name}'"
        text = f"'{name}' is a base for other dialects and cannot be loaded alone"
        return Diagnostic(UNKNOWN_DIALECT, text, place=Place(str(path), 1, 1), hint=hint)

    def _stamp(self, path: Path, dialect: Dialect) -> Any:
        """When the file and its parents were last changed."""
        parents = [self.find(name) or path.parent / f"{name}.yaml" for name in dialect.mapping.parents]
        return [_changed(file) for file in (path, *parents)]


def _changed(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _text(node: Any) -> str:
    return str(node) if isinstance(node, YText) else ""


def _meant(text: str, names: list[str]) -> str | None:
    """The dialects that were probably meant: those with the word in their name, else the most similar."""
    holding = [name for name in names if text and text.lower() in name]
    if 0 < len(holding) <= 3:
        return f"did you mean {' or '.join(map(repr, holding))}?"
    return closest(text, names)
