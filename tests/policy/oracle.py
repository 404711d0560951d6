"""The definition of `missing`, word for word, by trying every answer: slow, so only for cases with few facts open."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import product

from cr_app.policy.assessment import Verdict, verdict_of
from cr_app.policy.facts import Disposal, Facts, OffenceFact, VictimFacts, null_facts
from cr_app.policy.rulebook import Rulebook

Value = object
YES_NO: tuple[Value, ...] = (True, False)
DAY = date(2023, 9, 1)
GOOD_VICTIM = VictimFacts("person", True, None, True, False, True, True, True)

ANSWERS: Mapping[str, tuple[Value, ...]] = {
    "offences": (
        (OffenceFact("46/00"),),
        (OffenceFact("92/61"),),
        (OffenceFact("34/01"),),
        (OffenceFact("8/26"),),
        (OffenceFact("92/61"), OffenceFact("8/67")),
        (OffenceFact("19/08"), OffenceFact("92/61"), OffenceFact("81/70"), OffenceFact("8/60")),
    ),
    "venue": ("none", "houses-of-parliament"),
    "gravity_score": (1, 5),
    "offender.age_at_offence": (0, 9, 10, 17, 18, 40),
    "offender.age_at_decision": (0, 9, 10, 17, 18, 40),
    "offender.previous_disposals": (
        (),
        (Disposal("other", DAY, None),),
        (Disposal("conviction", DAY, "92/61"),),
        (Disposal("cannabis_warning", DAY),),
        (Disposal("caution", DAY, "46/00"), Disposal("caution", DAY, "46/00")),
        (Disposal("caution", date(2001, 1, 1), "92/61"),),
    ),
    "offender.previous_disposals[].offence_code": ("92/61", "46/00"),
    "victims": (
        (),
        (GOOD_VICTIM,),
        (VictimFacts(),),
        (replace(GOOD_VICTIM, consulted=None), GOOD_VICTIM),
        (replace(GOOD_VICTIM, consulted=False, reason_not_consulted_recorded=False),),
        (replace(GOOD_VICTIM, agrees=False),),
        (replace(GOOD_VICTIM, mental_health_concern=True, capacity_evident=False),),
        (VictimFacts(kind="organisation", consulted=True, agrees=True),),
    ),
    "victims[].kind": ("person", "organisation"),
    "authority.decision": ("granted", "refused"),
    "authority.rank": ("Constable", "sergeant", "INSPECTOR", "Commissioner"),
    "professional_standards": ("suitable", "unsuitable"),
}


def base(path: str) -> str:
    """Return a path with its index taken out."""
    head, _, rest = path.partition("[")
    return f"{head}[]{rest.partition(']')[2]}" if rest else path


def answers_of(path: str) -> tuple[Value, ...]:
    """Return answers to a fact that between them bring about everything an answer to it can."""
    return ANSWERS.get(base(path), YES_NO)


def answered(facts: Facts, path: str, value: Value) -> Facts:
    """Return the facts with one of them answered."""
    head, _, rest = path.partition(".")
    name, _, index = head.partition("[")
    if name == "victims" and index:
        victims = list(facts.victims or ())
        place = int(index.rstrip("]"))
        victims[place] = replace(victims[place], **{rest: value})  # type: ignore[arg-type]
        return replace(facts, victims=tuple(victims))
    if rest.startswith("previous_disposals["):
        listed = list(facts.offender.previous_disposals or ())
        place = int(rest.partition("[")[2].partition("]")[0])
        listed[place] = replace(listed[place], offence_code=value)  # type: ignore[arg-type]
        return replace(facts, offender=replace(facts.offender, previous_disposals=tuple(listed)))
    if rest:
        part = replace(getattr(facts, name), **{rest: value})
        return replace(facts, **{name: part})
    return replace(facts, **{name: value})  # type: ignore[arg-type]


def is_valid(facts: Facts) -> bool:
    """Whether the ages are in order, the one thing that ties two answers together."""
    then, now = facts.offender.age_at_offence, facts.offender.age_at_decision
    return then is None or now is None or then <= now


def missing_by_definition(facts: Facts, rulebook: Rulebook) -> tuple[str, ...]:
    """Return the null facts that, after some answers (or none) to other null facts, change the verdict when answered."""
    paths = tuple(null_facts(facts))
    verdicts: dict[tuple[int, ...], Verdict] = {}
    options = [(None, *answers_of(path)) for path in paths]
    for chosen in product(*(range(len(some)) for some in options)):
        supposed = facts
        for path, some, choice in zip(paths, options, chosen, strict=True):
            if choice:
                supposed = answered(supposed, path, some[choice])
        if is_valid(supposed):
            verdicts[chosen] = verdict_of(supposed, rulebook)
    found = []
    for place, path in enumerate(paths):
        for chosen, verdict in verdicts.items():
            without = (*chosen[:place], 0, *chosen[place + 1 :])
            if chosen[place] and without in verdicts and verdicts[without] is not verdict:
                found.append(path)
                break
    return tuple(found)
