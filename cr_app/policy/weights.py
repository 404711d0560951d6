"""Sums of findings: how heavy a part of the facts weighs, and what one more answer may change.

Rules that share a fact form a part. What a part does to the verdict is a *weight*: the heaviest level of its plain
rules (see `findings`), and whether an exclusion holds, whose level hangs on authority. Parts share no fact but
authority and the list of offences, so the verdict of a case is the heaviest of its parts, and sets of possible
weights combine part by part. Sets are small and few, so they are integers of bits and every combination is kept.
"""

from collections.abc import Iterable
from functools import lru_cache

from cr_app.policy.findings import EXCLUDED, NOT_AVAILABLE, QUIET, REFERRED, REQUIRED, SUPERVISED, WAITING

_LEVELS = (NOT_AVAILABLE, REFERRED, REQUIRED, WAITING, QUIET)
_PLACE = {level: place for place, level in enumerate(_LEVELS)}
_SIZE = 2 * len(_LEVELS)

Weight = int  # one of _SIZE; its number is 2 * place of the level, + 1 when an exclusion holds
Weights = int  # a set of weights
Shifts = int  # a set of pairs of weights, before and after one answer
Standings = frozenset[tuple[int, int]]  # levels of a holding exclusion and of the rules for every case
StandingShifts = frozenset[tuple[tuple[int, int], tuple[int, int]]]


def weight(level: int, *, excluded: bool) -> Weight:
    """Return the weight of a level, with or without an exclusion that holds."""
    return 2 * _PLACE[level] + excluded


def heavier(one: Weight, other: Weight) -> Weight:
    """Return what two weights weigh together."""
    return min(one & ~1, other & ~1) | (one & 1) | (other & 1)


def weights(of: Iterable[Weight]) -> Weights:
    """Return the set of some weights."""
    bits = 0
    for one in of:
        bits |= 1 << one
    return bits


NOTHING: Weight = weight(QUIET, excluded=False)
ONLY_NOTHING: Weights = 1 << NOTHING


def shift(before: Weight, after: Weight) -> Shifts:
    """Return the set of one pair of weights."""
    return 1 << (before * _SIZE + after)


@lru_cache(maxsize=65536)
def members(bits: int) -> tuple[int, ...]:
    """Return the members of a set."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return tuple(found)


@lru_cache(maxsize=65536)
def together(one: Weights, other: Weights) -> Weights:
    """Return the weights that two parts may have together."""
    if one == ONLY_NOTHING:
        return other
    if other == ONLY_NOTHING:
        return one
    return weights(heavier(a, b) for a in members(one) for b in members(other))


@lru_cache(maxsize=65536)
def still(of: Weights) -> Shifts:
    """Return the pairs of parts that an answer leaves as they are."""
    bits = 0
    for one in members(of):
        bits |= shift(one, one)
    return bits


@lru_cache(maxsize=65536)
def shifts_together(one: Shifts, other: Shifts) -> Shifts:
    """Return the pairs that two parts may have together when both see the same answer."""
    bits = 0
    for a in members(one):
        for b in members(other):
            before = heavier(a // _SIZE, b // _SIZE)
            bits |= shift(before, heavier(a % _SIZE, b % _SIZE))
    return bits


def _verdict(of: Weight, standing: tuple[int, int]) -> int:
    excluded, supervised = standing
    level = min(_LEVELS[of >> 1], excluded if of & 1 else QUIET, supervised)
    return EXCLUDED if level == SUPERVISED else level


@lru_cache(maxsize=65536)
def answer_matters(shifts: Shifts, rest: Weights, standings: Standings) -> bool:
    """Whether one of the shifts, beside one of the other parts' weights, changes the verdict in some standing."""
    for pair in members(shifts):
        before, after = divmod(pair, _SIZE)
        for other in members(rest):
            one, two = heavier(before, other), heavier(after, other)
            if one != two and any(_verdict(one, standing) != _verdict(two, standing) for standing in standings):
                return True
    return False


@lru_cache(maxsize=65536)
def standing_matters(shifts: StandingShifts, of: Weights) -> bool:
    """Whether one of the shifts of authority changes the verdict beside one of the weights of a case."""
    return any(_verdict(one, before) != _verdict(one, after) for before, after in shifts for one in members(of))
