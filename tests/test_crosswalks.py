"""Published crosswalks are honoured."""

from __future__ import annotations

import pytest

import crosswalks

PAIRS = list(crosswalks.pairs())


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.crosswalk}: {pair.theirs}")
def test_a_pair_is_reproduced_or_has_its_reason(pair: crosswalks.Pair) -> None:
    if pair.reason is not None:
        assert pair.record is None and len(pair.reason) > 10
    else:
        assert crosswalks.failure(pair) is None


def test_most_pairs_are_reproduced() -> None:
    assert sum(pair.reason is None for pair in PAIRS) > 0.6 * len(PAIRS)
