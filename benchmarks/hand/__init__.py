"""Two translators as a careful engineer writes them by hand: plain functions, tables, caches where values repeat.

They do what the generated ones do for the same pairs: the record, the losses (path, kind, what becomes of it), what the
way back needs (raw values, and fields that were not there), and findings (code, field). Unknown codes are kept and
reported, dates and addresses are checked. Values that hardly ever occur raise: a program would send such records to its
slow path. They exist to be measured against, and a test proves them equal to the generated ones.
"""

from __future__ import annotations

from hand.aba import aba_to_anhui, moment, split_formats, themes
from hand.common import in_order, industries, is_day
from hand.nanning import is_count, nanning_to_guiyang, printed_formats

PAIRS = {
    ("cn-guangxi-nanning", "cn-guizhou-guiyang"): nanning_to_guiyang,
    ("cn-sichuan-aba", "cn-anhui"): aba_to_anhui,
}
"""The translators by what they read and write."""

CACHES = (is_day, is_count, in_order, industries, themes, printed_formats, split_formats, moment)
"""What remembers values."""
