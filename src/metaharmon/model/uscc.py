"""The check character of the unified social credit code (统一社会信用代码), GB 32100-2015."""

from __future__ import annotations

from metaharmon.diagnostics import shown

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of a code (no I, O, S, V, Z); the value of a character is its position."""

_VALUE = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))


def check_character(first: str) -> str:
    """The 18th character for the first 17: (31 - weighted sum mod 31) mod 31. KeyError outside the alphabet."""
    total = sum(_VALUE[character] * weight for character, weight in zip(first, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def uscc_problem(text: str) -> str | None:
    """Why the text is no valid code, in one sentence, or None if it is one. The text is taken as it stands."""
    if len(text) != 18:
        return f"a unified social credit code has 18 characters, not {len(text)}"
    strange = sorted(set(text) - _VALUE.keys())
    if strange:
        return f"a unified social credit code has no character {shown(strange[0])}"
    if not all("0" <= character <= "9" for character in text[2:8]):
        return "characters 3 to 8 of a unified social credit code are the digits of a division code"
    expected = check_character(text[:17])
    if text[17] != expected:
        return f"the check character of this unified social credit code is {text[17]}, but {expected} is computed"
    return None
