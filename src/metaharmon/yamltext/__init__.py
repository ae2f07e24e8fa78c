"""YAML as texts with places: what a mapping file is made of.

Every scalar is a text (`NO`, `010`, `1.10`, `2026-01-02` mean themselves) and knows where it stands. The parser's
events are checked one by one as they come, before any tree is built, and nothing here recurses into the input:
libyaml's own loader crashes the process on 25 KB of `[`.
"""

from metaharmon.yamltext.build import LIMITS, Limits, documents, parse, read_file
from metaharmon.yamltext.sentences import colon_hint
from metaharmon.yamltext.values import Node, YList, YMap, YText, resolve, to_json

__all__ = [
    "LIMITS",
    "Limits",
    "Node",
    "YList",
    "YMap",
    "YText",
    "colon_hint",
    "documents",
    "parse",
    "read_file",
    "resolve",
    "to_json",
]
