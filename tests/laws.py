"""The laws as functions: each takes a plan and a record or a product, and gives a finding or None."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from metaharmon import interpreter
from metaharmon.engine.residue import Residue
from metaharmon.files.jsontext import dumps, loads
from metaharmon.generate import Edit
from metaharmon.mapping.plan import Plan
from metaharmon.model.apply import apply_losses
from metaharmon.model.normal import same
from metaharmon.model.whole import normal_product
from metaharmon.paths import leaves

Law = Callable[[Plan, dict[str, Any]], str | None]


def differences(a: Any, b: Any, path: str = "") -> list[str]:
    """The places where two JSON values differ, each with both values."""
    if isinstance(a, dict) and isinstance(b, dict):
        out = []
        for key in dict.fromkeys([*a, *b]):
            if key in a and key in b:
                out.extend(differences(a[key], b[key], f"{path}.{key}"))
            else:
                out.append(f"{path}.{key}: {a.get(key, 'absent')!r} / {b.get(key, 'absent')!r}")
        return out
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [line for i in range(len(a)) for line in differences(a[i], b[i], f"{path}.{i}")]
    return [] if same(a, b) else [f"{path}: {a!r} / {b!r}"]


def returns(plan: Plan, record: dict[str, Any]) -> str | None:
    """Law 1: what is read is written back as it was."""
    read = interpreter.read(plan, record)
    back = interpreter.write(plan, read.tree, read.residue).record
    return None if same(back, record) else f"return: {differences(record, back)}"


def accounts(plan: Plan, record: dict[str, Any]) -> str | None:
    """Law 3: every leaf has exactly one fate."""
    fates = interpreter.read(plan, record, explain=True).fates or []
    total = sum(fate.count for fate in fates)
    shown = [(fate.path, fate.fate, fate.count) for fate in fates]
    return None if total == leaves(record) else f"account: {leaves(record)} leaves, {total} fates: {shown}"


def is_normal(plan: Plan, record: dict[str, Any]) -> str | None:
    """What is read is canonical and in normal form."""
    tree = interpreter.read(plan, record).tree
    made = normal_product(tree)
    return None if same(made, tree) else f"normal form: {differences(tree, made)}"


def keeps_what_is_read(plan: Plan, record: dict[str, Any]) -> str | None:
    """Law 2 for the product that a record reads to, without its residue."""
    return keeps(plan, interpreter.read(plan, record).tree)


def keeps(plan: Plan, product: dict[str, Any]) -> str | None:
    """Law 2: what is written reads to the product after its losses."""
    written = interpreter.write(plan, product)
    back = interpreter.read(plan, written.record).tree
    wanted = apply_losses(product, written.losses)
    if same(back, wanted):
        return None
    return f"keep (read back / foretold): {differences(back, wanted)}; losses {[*map(str, written.losses)]}"


def travels(plan: Plan, record: dict[str, Any]) -> str | None:
    """The residue survives as JSON text."""
    read = interpreter.read(plan, record)
    data = loads(dumps(read.residue.as_data(plan.named)), "residue")
    back = interpreter.write(plan, read.tree, Residue.from_data(data)).record
    wanted = loads(dumps(record), "record")  # a float of the caller is a decimal in the text
    return None if same(loads(dumps(back), "back"), wanted) else f"residue as JSON: {differences(wanted, back)}"


def edited(plan: Plan, record: dict[str, Any], edit: Edit) -> str | None:
    """Law 6: an edit shows, and fields that it does not touch stay as they were."""
    residue = interpreter.read(plan, record).residue
    written = interpreter.write(plan, edit.tree, residue)
    back = interpreter.read(plan, written.record).tree
    wanted = apply_losses(edit.tree, written.losses)
    if not same(back, wanted):
        return f"edit {edit.what} (read back / foretold): {differences(back, wanted)}"
    before, after = record, written.record
    if plan.linked is not None:  # fields are those of the tree
        before, after = plan.linked.open(before)[0], plan.linked.open(after)[0]
    others = [key for key in {*before, *after} if key not in edit.touched]
    moved = [line for key in others for line in differences(*({key: side[key]} if key in side else {}
                                                              for side in (before, after)))]  # fmt: skip
    return f"edit {edit.what} moved other fields: {moved}" if moved else None


RECORD_LAWS: tuple[Law, ...] = (returns, accounts, is_normal, keeps_what_is_read, travels)


def attempt(law: Callable[..., str | None], *args: Any) -> str | None:
    """A law's finding; an exception is one too."""
    try:
        return law(*args)
    except Exception as exc:  # a law that cannot be tried is broken
        return f"{law.__name__}: {type(exc).__name__}: {exc}"


def smallest(value: dict[str, Any], broken: Callable[[dict[str, Any]], bool], tries: int = 400) -> dict[str, Any]:
    """A smaller value that is still broken: members and entries are left out while that holds."""
    left = [tries]

    def shrink(here: Any, rebuild: Callable[[Any], dict[str, Any]]) -> Any:
        for key in list(here) if isinstance(here, dict) else list(range(len(here)))[::-1]:
            without = _without(here, key)
            left[0] -= 1
            if left[0] > 0 and broken(rebuild(without)):
                here = without
            elif isinstance(here[key], (dict, list)) and here[key]:
                here = _with(here, key, shrink(here[key], lambda v, h=here, k=key: rebuild(_with(h, k, v))))
        return here

    return shrink(value, lambda v: v)


def _without(here: Any, key: Any) -> Any:
    if isinstance(here, dict):
        return {k: v for k, v in here.items() if k != key}
    return here[:key] + here[key + 1 :]


def _with(here: Any, key: Any, value: Any) -> Any:
    if isinstance(here, dict):
        return {**here, key: value}
    return [*here[:key], value, *here[key + 1 :]]


def shown(value: Any) -> str:
    """A record or product for a message."""
    try:
        text = dumps(value)
        return text if len(text) <= 4000 else f"{text[:4000]}... ({len(text)} characters)"
    except Exception:  # not JSON, which is the finding
        return repr(value)
