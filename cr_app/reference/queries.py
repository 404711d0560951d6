"""Reference, read: offence types by what was typed, pickers, and labels for what a record holds."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q, QuerySet

from cr_app.policy.catalogue import OffenceKind, shipped_catalogue
from cr_app.reference import shipped
from cr_app.reference.models import Force, OffenceType
from cr_app.reference.search_text import (
    HALF_THE_WORDS,
    MOST_WORDS,
    Named,
    closeness,
    code_beginnings,
    search_words,
)

# Rows that the index brings for ranking; the best answer was among the first ten of them in every search tried.
_CANDIDATES = 60


def search_offence_types(text: str, *, on: date, force_code: str, limit: int = 20) -> list[OffenceType]:
    """Return the offence types that answer `text`, best first; typos forgiven.

    Found by title, everyday name, code or statute, among the Home Office's and the force's own types without those
    withdrawn by the day `on`. Trigrams find candidates, closeness of words ranks them.
    """
    words = search_words(text)
    if not words:
        return []
    offered = offered_on(on, force_code=force_code)
    found = _candidates(offered, text, words)
    ranked = _ranked(found, text, words, MOST_WORDS)
    if not ranked:
        # Too far off for the index; on a list this short every row can be looked at.
        found += _best_of(offered.exclude(pk__in=[row.pk for row in found]), words)
        ranked = _ranked(found, text, words, MOST_WORDS) or _ranked(found, text, words, HALF_THE_WORDS)
    return ranked[:limit]


def offered_on(day: date, *, force_code: str) -> QuerySet[OffenceType]:
    """Return the types that an officer of the force may choose on `day`."""
    return OffenceType.objects.filter(
        Q(added_by_force=None) | Q(added_by_force=force_code),
        Q(withdrawn_on=None) | Q(withdrawn_on__gt=day),
    )


def common_offence_types(*, on: date) -> list[OffenceType]:
    """Return the quick picks, the most frequent first, without those withdrawn by the day `on`."""
    codes = shipped.common_codes()
    kept = {
        kind.code: kind
        for kind in OffenceType.objects.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on), code__in=codes)
    }
    return [kept[code] for code in codes if code in kept]


def offence_type(code: str) -> OffenceType | None:
    """Return the type with this code, withdrawn or not; None when there is none."""
    return OffenceType.objects.filter(code=code.replace("\0", "")).first()


def offence_types(codes: Iterable[str]) -> dict[str, OffenceType]:
    """Return the types with these codes, withdrawn or not, by code."""
    return OffenceType.objects.in_bulk(list(codes))


def catalogue_of(codes: Iterable[str]) -> Mapping[str, OffenceKind]:
    """Return these offence types as the rules see them; shipped ones cost no query, a force's own one."""
    shipped_kinds = shipped_catalogue()
    own = [code for code in codes if code not in shipped_kinds]
    if not own:
        return shipped_kinds
    return {**shipped_kinds, **{code: _as_rules_see(row) for code, row in offence_types(own).items()}}


def forces() -> QuerySet[Force]:
    """Return all forces in the order of their codes."""
    return Force.objects.all()


def self_defined_ethnicities() -> tuple[shipped.Code, ...]:
    """Return the 18+1 codes to choose from, in the published order, with the group each stands in; no query."""
    return tuple(code for code in shipped.ethnicities() if code.scheme == shipped.SELF_DEFINED)


def officer_defined_ethnicities() -> tuple[shipped.Code, ...]:
    """Return the IC codes to choose from; no query."""
    return tuple(code for code in shipped.ethnicities() if code.scheme == shipped.OFFICER_DEFINED)


def ethnicity_label(code: str) -> str:
    """Return the words for an ethnicity code, the older row included; the code itself when it is unknown."""
    return next((each.label for each in shipped.ethnicities() if each.code == code), code)


def outcome_types() -> tuple[shipped.Code, ...]:
    """Return the outcome types to choose from, in the order of the framework; no query."""
    return shipped.outcomes()


def outcome_label(code: str) -> str:
    """Return the words for an outcome type; the code itself when it is unknown."""
    return next((each.label for each in shipped.outcomes() if each.code == code), code)


def _candidates(offered: QuerySet[OffenceType], text: str, words: tuple[str, ...]) -> list[OffenceType]:
    wanted = Q()
    for beginning in code_beginnings(text):
        wanted |= Q(code__startswith=beginning)
    for word in words:
        wanted |= Q(search__contains=word) | Q(search__trigram_word_similar=word)
    return _best_of(offered.filter(wanted), words)


def _best_of(rows: QuerySet[OffenceType], words: tuple[str, ...]) -> list[OffenceType]:
    near = TrigramWordSimilarity(" ".join(words), "search")
    return list(rows.annotate(near=near).order_by("-near", "code")[:_CANDIDATES])


def _ranked(rows: list[OffenceType], text: str, words: tuple[str, ...], enough: float) -> list[OffenceType]:
    common = shipped.common_codes()
    scored = [(closeness(text, words, _named(row, row.code in common), enough=enough), row) for row in rows]
    scored.sort(key=lambda pair: (-pair[0], pair[1].title))
    return [row for score, row in scored if score > 0]


def _named(row: OffenceType, is_common: bool) -> Named:
    return Named(row.code, row.title, row.statute, tuple(row.also_called.splitlines()), is_common)


def _as_rules_see(row: OffenceType) -> OffenceKind:
    return OffenceKind(
        code=row.code,
        title=row.title,
        group=row.group,
        subgroup=row.subgroup,
        statute=row.statute,
        mode_of_trial=row.mode_of_trial,
        max_penalty=row.max_penalty,
        exclusion_category=row.exclusion_category,
        basis=row.basis,
    )
