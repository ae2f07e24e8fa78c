"""metaharmon: one canonical data-product schema, one two-way mapping file per dialect, and a translator between any two
that never loses or changes anything without saying so.

    import metaharmon as mh

    d = mh.load("cn-hangzhou")
    product = d.read(record)
    assert d.write(product) == record
    t = mh.translator(read="cn-hangzhou", write="ckan")
    result = t(record)            # result.record, result.losses, result.residue, result.problems, result.ok

What is not used is not imported: every name is loaded when it is first asked for.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "metaharmon.dialect.door": ("check", "dialects", "load", "losses", "read", "translator", "write"),
    "metaharmon.dialect.registry": ("Registry", "register_lens"),
    "metaharmon.dialect.dialect": ("Dialect",),
    "metaharmon.dialect.translation": ("Translation", "Translator"),
    "metaharmon.model.product": ("DataProduct",),
    "metaharmon.diagnostics": ("Diagnostic", "Left", "Loss", "MappingError", "MetaharmonError", "RecordError"),
    "metaharmon.model.normal": ("CanonicalError",),
    "metaharmon.engine.residue": ("Residue",),
    "metaharmon.files.jsontext": ("dumps", "loads"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'metaharmon' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
