"""Lists of theirs: a real list, a scalar when there is one element, or a text with separators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from metaharmon.diagnostics import shown
from metaharmon.lenses import draws
from metaharmon.lenses.base import Draw, Malformed, Said, Unmapped, Unsayable, ValueLens, placeholder
from metaharmon.lenses.raws import Key, is_scalar, key, omitted, said, value_key, within
from metaharmon.lenses.reasons import holds_only, means_nothing, no_language, only_languages
from metaharmon.model.normal import sort_list

MODES = ("list", "one_or_list", "list_or_one", "split")
Element = tuple[Any, Any, Exception | None]  # raw element, value of ours or None, what was wrong


@dataclass(frozen=True)
class ListOf(ValueLens):
    """A list of theirs ⇄ a list of ours, element by element through `inner`. Class as `inner`; L with split.

    `mode`: list, one_or_list (a scalar when there is one element), list_or_one (so it is read, and a list is written)
    or split (a text; `separator` between elements, blanks around them are spelling). `nulls` are elements that say
    nothing, beside null and '', `between` the beginnings and ends of others. `up` is the member of ours that an element
    fills when the items of ours are objects (`("name",)`); their other members are lost.
    `langlist` is the tag under which a list of texts stands in ours; read and write are about the plain list, see
    `read_tagged` and `write_tagged` for the whole langlist.
    """

    inner: ValueLens
    mode: str = "list"
    separator: str | None = None
    langlist: str | None = None
    up: tuple[str, ...] | None = None
    nulls: tuple[Any, ...] = ()
    between: tuple[tuple[str, str], ...] = ()
    _nulls: frozenset[Key] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise ValueError(f"{shown(self.mode)} is no mode of a list; it is one of {', '.join(MODES)}")
        if (self.mode == "split") != bool(self.separator):
            raise ValueError("a split text needs a separator, and nothing else has one")
        if self.up is not None and not self.up:
            raise ValueError("up names the member that an element fills")
        object.__setattr__(self, "_nulls", frozenset(map(key, self.nulls)))

    # reading

    def _pieces(self, raw: Any) -> list[Any]:
        """The raw elements as they stand. Raises Malformed."""
        if self.mode == "split":
            if raw.__class__ is not str:
                raise Malformed(f"{shown(raw)} is not a text of elements separated by {shown(self.separator)}")
            return raw.split(self.separator)
        if raw.__class__ is list:
            return raw
        if self.mode == "list":
            raise Malformed(f"{shown(raw)} is not a list")
        return [raw]

    def _trimmed(self, piece: Any) -> Any:
        return piece.strip() if self.mode == "split" else piece

    def _says_nothing(self, element: Any) -> bool:
        if element is None or element == "":
            return True
        if self._nulls and is_scalar(element) and key(element) in self._nulls:
            return True
        return bool(self.between) and element.__class__ is str and placeholder(element, self.between)

    def read_elements(self, raw: Any) -> list[Element]:
        """Every element: raw (without outer blanks, if split), value, problem. Null markers have neither.

        Raises Malformed when the whole is no such list.
        """
        pieces = self._pieces(raw)
        if self._nulls or self.between or self.up:
            return [self._read_one(self._trimmed(piece)) for piece in pieces]
        if self.mode == "split":
            pieces = [piece.strip() for piece in pieces]
        read, out = self.inner.read, []
        for element in pieces:
            if not element and (element is None or element == ""):
                out.append((element, None, None))
                continue
            try:
                out.append((element, read(element), None))
            except (Malformed, Unmapped) as exc:
                out.append((element, None, exc))
        return out

    def _read_one(self, element: Any) -> Element:
        if self._says_nothing(element):
            return element, None, None
        try:
            return element, self._lifted(self.inner.read(element)), None
        except (Malformed, Unmapped) as exc:
            return element, None, exc

    def _lifted(self, value: Any) -> Any:
        for member in reversed(self.up or ()):
            value = {member: value}
        return value

    def read(self, raw: Any) -> list[Any]:
        """The values of the elements that read, in their order."""
        return [value for _, value, _ in self.read_elements(raw) if value is not None]

    def stretched(self, raw: Any) -> str | None:
        reasons = (self.inner.stretched(element) for element, value, _ in self.read_elements(raw) if value is not None)
        return next((reason for reason in reasons if reason), None)

    # writing

    def write(self, value: list[Any]) -> Any:
        """The raw list. Elements that cannot be said are omitted, one by one; Unsayable when none is left."""
        raws, losses = self._write_all(value)
        if not raws:
            raise Unsayable(losses[0].reason if losses else "the list is empty")
        return said(self._joined(raws, self.mode in ("list", "list_or_one")), losses)

    def _write_all(self, value: list[Any]) -> tuple[list[Any], list[Said]]:
        raws: list[Any] = []
        losses: list[Said] = []
        for index, item in enumerate(value):
            try:
                raw, parts = self._write_one(item, index)
            except Unsayable as exc:
                losses.append(omitted(str(exc), index))
            else:
                raws.append(raw)
                losses.extend(parts)
        return raws, losses

    def _write_one(self, item: Any, index: int) -> tuple[Any, Sequence[Said]]:
        if not self.up:
            raw = self.inner.write(item)
            raw, parts = within(raw, index) if raw.__class__ is Said else (raw, ())
            self._check_element(raw)
            return raw, parts
        value, losses = item, []
        path: list[str | int] = [index]
        for member in self.up:
            if member not in value:
                raise Unsayable(f"{holds_only(member)}, which the entry does not have")
            losses += [omitted(holds_only(member), *path, other) for other in value if other != member]
            value = value[member]
            path.append(member)
        raw, parts = within(self.inner.write(value), *path)
        self._check_element(raw)
        return raw, [*losses, *parts]

    def _check_element(self, raw: Any) -> None:
        """Raise Unsayable when the element would not be read back as one element."""
        if self._says_nothing(raw):
            raise Unsayable(means_nothing(raw))
        if raw.__class__ is list and self.mode == "one_or_list":
            raise Unsayable("an element that is a list cannot stand alone there")
        if self.mode != "split" or self.separator is None:
            return
        if raw.__class__ is not str:
            raise Unsayable(f"{shown(raw)} is not a text, as an element of a separated text must be")
        if raw != raw.strip():
            raise Unsayable(f"{shown(raw)} has outer blanks, which a separated text does not keep")
        if (raw + self.separator).find(self.separator) != len(raw):
            raise Unsayable(f"{shown(raw)} holds the separator {shown(self.separator)}")

    def _joined(self, raws: list[Any], as_list: bool) -> Any:
        if self.mode == "split" and self.separator is not None:
            return self.separator.join(raws)
        return raws if as_list or len(raws) != 1 else raws[0]

    # editing

    def merge(self, raw_before: Any, values_now: list[Any], ordered: bool = False) -> Any:
        """The raw list as it stood, brought to the values of now.

        Untouched elements keep their spelling, elements that were not read keep their place, new ones follow at the
        end. An element of which a part is lost is untouched if what is left of it stands there. `ordered` (sequences):
        the places of the elements that are left are filled in the order of now. Elements that cannot be said are left
        out. Raises Malformed as `read` does, Unsayable when nothing is left.
        """
        pieces = self._pieces(raw_before)
        read = [self._read_one(self._trimmed(piece))[1] for piece in pieces]
        spellings: dict[str, list[Any]] = {}
        for piece, value in zip(pieces, read, strict=True):
            if value is not None:
                spellings.setdefault(value_key(value), []).append(piece)
        names = [name if (name := value_key(value)) in spellings else self._name_as_read(value) for value in values_now]
        wanted = Counter(names)
        kept = {k: min(n, len(spellings.get(k, ()))) for k, n in wanted.items()}
        fresh: list[Any] = []
        queue: list[Any] = []  # present raws in the order of now, for sequences
        left = dict(kept)
        for value, name in zip(values_now, names, strict=True):
            if left[name] > 0:
                left[name] -= 1
                queue.append(spellings[name][kept[name] - left[name] - 1])
                continue
            fresh.extend(self._write_all([value])[0])
        merged = [*self._refilled(pieces, read, kept, queue if ordered else None), *fresh]
        if not merged:
            raise Unsayable("no element of the list can be said")
        joined = self._joined(merged, self.mode == "list" or raw_before.__class__ is list)
        if self.mode == "split" and joined.split(self.separator) != merged:
            raise Unsayable("the elements of the list cannot stand in this order")
        return joined

    def _name_as_read(self, value: Any) -> str:
        """The key of an element as it will be read back; '' if it will not be."""
        raws = self._write_all([value])[0]
        read = self._read_one(self._trimmed(raws[0]))[1] if raws else None
        return "" if read is None else value_key(read)

    def in_order(self, raw: Any, node: Any) -> Any:
        """A raw list of a bag as it is written: its elements in the order in which they are read back."""
        pieces = self._pieces(raw)
        read = [self._read_one(self._trimmed(piece))[1] for piece in pieces]
        if len(pieces) < 2 or any(value is None for value in read):
            return raw
        left = list(zip(read, pieces, strict=True))
        found = []
        for value in sort_list(read, node):
            at = next(i for i, (one, _) in enumerate(left) if one is value)
            found.append(left.pop(at)[1])
        return self._joined(found, raw.__class__ is list)

    @staticmethod
    def _refilled(pieces: list[Any], read: list[Any], kept: dict[str, int], queue: list[Any] | None) -> list[Any]:
        """The old places: unread pieces, and those that are left, each in its place or in the order of `queue`."""
        out: list[Any] = []
        left = dict(kept)
        waiting = list(queue or ())
        for piece, value in zip(pieces, read, strict=True):
            if value is None:
                out.append(piece)
            elif queue is None:
                if left.get(value_key(value), 0) > 0:
                    left[value_key(value)] -= 1
                    out.append(piece)
            elif waiting:
                out.append(waiting.pop(0))
        return out

    # a langlist

    def read_tagged(self, raw: Any) -> dict[str, list[Any]]:
        """A langlist: the values under the tag `langlist`. Raises Malformed when no element reads."""
        values = self.read(raw)
        if not values:
            raise Malformed("no element of the list reads")
        return {self.langlist or "und": values}

    def write_tagged(self, value: dict[str, list[Any]]) -> Any:
        """The list under the tag `langlist`; the lists of other languages are lost. Raises Unsayable without one."""
        tag = self.langlist or "und"
        others = [omitted(no_language(tag, "words"), other) for other in value if other != tag]
        if tag not in value:
            raise Unsayable(only_languages((tag,)))
        raw, parts = within(self.write(value[tag]), tag)
        return said(raw, (*parts, *others))

    # generated values

    def raws(self, draw: Draw) -> Any:
        elements = [self.inner.raws(draw) for _ in range(draw.integer(0, 4))]
        if draws.odd(draw) and self.nulls:
            elements.append(draw.choice(self.nulls))
        if self.mode == "split" and self.separator is not None:
            return self.separator.join(f"{draw.choice(('', '', ' '))}{e}" for e in elements if e.__class__ is str)
        if draws.odd(draw):
            return draw.choice((*draws.ODD_RAWS, None))
        return elements[0] if self.mode == "one_or_list" and len(elements) == 1 else elements

    def values(self, draw: Draw) -> list[Any]:
        return [self._lifted(self.inner.values(draw)) for _ in range(draw.integer(1, 4))]
