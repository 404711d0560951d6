"""What stands out in a stretch of the sealed log: each rule of `red_flags` over all of it, with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

from django.conf import settings

from cr_app.accounts.models import Officer
from cr_app.audit import following
from cr_app.audit.following import Done, Looked, Stretch
from cr_app.cases.queries import Parties, parties_of
from cr_app.oversight import red_flags
from cr_app.oversight.models import Flag, Rule
from cr_app.oversight.red_flags import Decided, Found, Given, Opened, Party

_CASE = "case:"


def standing_out(stretch: Stretch) -> list[Found]:
    """Return everything in a stretch of the log that a rule finds, what was found before among it."""
    done = [entry for entry in stretch.done if entry.outcome == "done" and entry.subject.startswith(_CASE)]
    issued = [entry for entry in done if entry.event == red_flags.ISSUED]
    opened = [look for look in stretch.looked if look.is_opening]
    looked = [look for look in opened if len(look.subjects) == 1 and look.subjects[0].startswith(_CASE)]
    parties = parties_of({_reference(subject) for subject in _subjects(issued, looked)})
    return [
        *_quick_grants(done),
        *_edits_after_grants(done),
        *_same_pairs(done),
        *_own_records(looked, parties),
        *_unusual_volumes(opened),
        *_victims_not_told(issued, parties),
    ]


def _subjects(issued: Iterable[Done], looked: Iterable[Looked]) -> set[str]:
    return set(chain((entry.subject for entry in issued), (look.subjects[0] for look in looked)))


def _reference(subject: str) -> str:
    return subject.partition(":")[2]


def _given(entry: Done) -> Given:
    decision = entry.row("decision")
    return Given(
        entry_id=entry.id,
        at=entry.at,
        actor_key=entry.actor_key,
        subject=entry.subject,
        event=entry.event,
        asked_by=str(decision.get("asked_by_id", "")),
        asked_at=datetime.fromisoformat(decision["asked_at"]) if "asked_at" in decision else entry.at,
    )


def _quick_grants(done: Iterable[Done]) -> list[Found]:
    given = [_given(entry) for entry in done if entry.event in red_flags.GIVEN]
    looks = following.looks_on(red_flags.DECIDING_PAGE, {each.subject for each in given})
    found = (red_flags.quick_grant(each, looks.get((each.actor_key, each.subject), ())) for each in given)
    return [flag for flag in found if flag is not None]


def _edits_after_grants(done: Iterable[Done]) -> list[Found]:
    saved = [
        entry for entry in done if entry.event in red_flags.VOIDING and (entry.changes or "voided" in entry.details)
    ]
    saved = [entry for entry in saved if entry.event in red_flags.SAVED or "voided" in entry.details]
    decided = following.happened_to({entry.subject for entry in saved}, red_flags.DECIDED)
    found = (
        red_flags.edited_after_grant(
            entry.id,
            entry.at,
            entry.actor_key,
            entry.subject,
            voids="voided" in entry.details,
            decisions=[(pk, event) for pk, event, _ in decided.get(entry.subject, ())],
        )
        for entry in saved
    )
    return [flag for flag in found if flag is not None]


def _same_pairs(done: Iterable[Done]) -> list[Found]:
    given = [_given(entry) for entry in done if entry.event in red_flags.GIVEN]
    pairs = {(each.asked_by, each.actor_key) for each in given if each.asked_by}
    if not pairs:
        return []
    since = min(each.at for each in given) - red_flags.PAIR_WITHIN
    deciders = {decider for _, decider in pairs}
    decided: dict[tuple[str, str], list[Decided]] = defaultdict(list)
    for entry in chain.from_iterable(following.done_by(deciders, red_flags.DECIDED, since=since).values()):
        asked_by = _given(entry).asked_by
        is_given = entry.event in red_flags.GIVEN
        decided[asked_by, entry.actor_key].append(
            Decided(entry.id, entry.at, entry.actor_key, asked_by, entry.subject, is_given)
        )
    before = Flag.objects.filter(rule=Rule.SAME_PAIR, actor_key__in=deciders, at__gte=since)
    flagged = frozenset(pk for pk in before.values_list("entry_id", flat=True) if pk is not None)
    return [flag for pair in pairs for flag in red_flags.same_pair(decided[pair], flagged=flagged)]


def _own_records(looked: Sequence[Looked], parties: dict[str, Parties]) -> list[Found]:
    known = Officer.objects.filter(pk__in={int(look.actor_key) for look in looked})
    officers = {str(officer.pk): officer for officer in known.only("warrant_number", "family_name", "force_id")}
    people = {reference: _party(each) for reference, each in parties.items()}
    found: dict[str, Found] = {}
    for look in looked:
        reference, officer = _reference(look.subjects[0]), officers.get(look.actor_key)
        # Of another force's case the flag would tell the officer's own force who is in it.
        if officer is None or reference not in people or parties[reference].force_id != officer.force_id:
            continue
        flag = red_flags.own_record(
            look.id,
            look.at,
            look.actor_key,
            look.subjects[0],
            number=officer.warrant_number,
            family_name=officer.family_name,
            party=people[reference],
            was_refused=look.was_refused,
            was_routed=look.implied and look.page in red_flags.ROUTED_PAGES,
        )
        if flag is not None:
            found.setdefault(flag.key, flag)
    return list(found.values())


def _party(parties: Parties) -> Party:
    return Party(
        numbers=parties.numbers,
        family_names=frozenset(chain.from_iterable(map(red_flags.names_compared, parties.family_names))),
        own_work_of=frozenset(map(str, parties.recorded_by)),
    )


def _unusual_volumes(looked: Sequence[Looked]) -> list[Found]:
    if not looked:
        return []
    actors = {look.actor_key for look in looked}
    times = [look.at for look in looked]
    since, until = min(times) - red_flags.VOLUME_WITHIN, max(times)
    opened = following.opened_by(actors, since=since, until=until)
    flagged: dict[str, list[datetime]] = defaultdict(list)
    before = Flag.objects.filter(
        rule=Rule.UNUSUAL_VOLUME, actor_key__in=actors, at__gte=since - red_flags.VOLUME_WITHIN
    )
    for actor, at in before.values_list("actor_key", "at"):
        flagged[actor].append(at)
    most = settings.TRAIL_LOOKS_AN_HOUR
    return [
        flag
        for actor, looks in opened.items()
        for flag in red_flags.unusual_volume(actor, _records(looks), most=most, flagged=flagged[actor])
    ]


def _records(looks: Iterable[Looked]) -> list[Opened]:
    return [
        Opened(look.at, subject, look.id, was_refused=look.was_refused, was_exported=look.is_disclosure)
        for look in looks
        for subject in look.subjects
        if subject.startswith(_CASE)
    ]


def _victims_not_told(issued: Iterable[Done], parties: dict[str, Parties]) -> list[Found]:
    found = (
        red_flags.victim_not_told(
            entry.id, entry.at, entry.actor_key, entry.subject, consulted=parties[_reference(entry.subject)].consulted
        )
        for entry in issued
        if _reference(entry.subject) in parties
    )
    return [flag for flag in found if flag is not None]
