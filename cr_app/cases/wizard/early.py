"""The early result: what the rules already say, in words, and what may be done next."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from cr_app.cases import journey
from cr_app.cases.actions.answers import Saved
from cr_app.cases.judgement import authority_needed, deciding
from cr_app.cases.questions import QUESTIONS
from cr_app.cases.wizard.places import address_of
from cr_app.policy.assessment import Assessment, Verdict
from cr_app.policy.findings import Finding

_HEADINGS = {
    Verdict.NOT_AVAILABLE: "A Community Resolution cannot be given",
    Verdict.REFERRAL_REQUIRED: "This goes to professional standards",
    Verdict.AUTHORITY_REQUIRED: "This needs authority before it can be given",
    Verdict.REQUIREMENTS_UNMET: "Something the policy requires has not been done",
    Verdict.UNDECIDED: "Not decided yet",
    Verdict.AVAILABLE: "A Community Resolution may be given",
}
_NEXT = {
    Verdict.NOT_AVAILABLE: "Record that a Community Resolution was considered and not used, and deal with the offence "
    "another way. If an answer is wrong, change it.",
    Verdict.REFERRAL_REQUIRED: "Submit the case now: it goes to professional standards, who decide. Do not issue a "
    "Community Resolution meanwhile.",
    Verdict.AUTHORITY_REQUIRED: "When nothing is left, submit the case: authority is then asked of {who}, never of you. "
    "Do not give a Community Resolution before it is granted.",
    Verdict.REQUIREMENTS_UNMET: "Do what is missing, then change the answer. Until then the case cannot be submitted.",
    Verdict.UNDECIDED: "Carry on with the questions that are left.",
    Verdict.AVAILABLE: "Carry on to check your answers.",
}
# A verdict that an officer should stop at when an answer first brings it.
STOPS = frozenset({Verdict.NOT_AVAILABLE, Verdict.REFERRAL_REQUIRED, Verdict.AUTHORITY_REQUIRED})

# How the rules' facts are called on pages, where they are not one question.
_FACTS = {
    "offences": "The offences",
    "victims": "The victims",
    "venue": QUESTIONS["case.venue"].text,
    "offender.age_at_offence": "The offender's age at the offence",
    "offender.age_at_decision": "The offender's age today",
    "offender.history_checked": "Checks of PNC, PND and local systems",
    "offender.previous_disposals": "Earlier disposals",
    "rationale_recorded": "The rationale",
    "reparation_agreed": "The agreed actions",
    "professional_standards": "The decision of professional standards",
    "exception.grounds_documented": "The exceptional circumstances",
    "exception.investigation_team_advice": "The investigation team's advice",
    "exception.recorded_on_crime_report": "The entry on the crime report",
    "authority.decision": "The decision on authority",
    "authority.rank": "The rank of who gave authority",
    "authority.substantive": "Whether that rank is substantive",
    "authority.is_recording_officer": "Who gave authority",
}
_ROWS_OF = {"circumstances": "case", "offender": "offender"}


_TO_EXCEPTION = "Go to the Exception section"
EXCEPTION = journey.Page("exception")


@dataclass(frozen=True)
class EarlyResult:
    """What a page says at once: heading, the deciding sentences with their sources, what follows.

    `exception_url` leads to the page of the exception while it still wants answers.
    """

    verdict: Verdict
    heading: str
    findings: tuple[Finding, ...]
    next_step: str
    result_url: str
    exception_url: str
    is_stop: bool


@dataclass(frozen=True)
class Card:
    """One rule on the result page."""

    title: str
    state: str
    colour: str
    says: str
    rests_on: str
    source: str


@dataclass(frozen=True)
class Pile:
    """Cards under one heading; those that ask nothing of the officer are folded away."""

    title: str
    cards: tuple[Card, ...]
    is_folded: bool


_STATES = {
    "applies": ("Applies", "red"),
    "clear": ("Does not apply", "grey"),
    "lifted": ("Lifted", "green"),
    "met": ("Met", "green"),
    "unmet": ("Not met", "red"),
    "not_asked": ("Not asked yet", "blue"),
}


@dataclass(frozen=True)
class Button:
    """One way on from the result page; the first is the main one, another is a link unless it is said to be a button."""

    text: str
    url: str
    is_button: bool = False


def buttons_of(saved: Saved, next_page: journey.Page) -> tuple[Button, ...]:
    """Return the ways on from a verdict: what ends it or sends it on first, carrying on after."""
    reference, verdict = saved.record.case.reference, saved.assessment.verdict
    on = Button("Carry on with the questions that are left", address_of(reference, next_page))
    if verdict is Verdict.NOT_AVAILABLE:
        ending = reverse("case_not_used", args=[reference])
        is_complete = next_page == journey.CHECK
        return (Button("Record that it was considered and not used", ending), *(() if is_complete else (on,)))
    if verdict is Verdict.REFERRAL_REQUIRED:
        return (Button("Check and submit to professional standards", address_of(reference, journey.CHECK)), on)
    exception_url = exception_url_of(saved)
    if exception_url and next_page != EXCEPTION:
        return (Button("Carry on", on.url), Button(_TO_EXCEPTION, exception_url, is_button=True))
    return (Button(_TO_EXCEPTION if exception_url else "Carry on", on.url),)


def heading_of(verdict: Verdict) -> str:
    """Return the verdict as a heading."""
    return _HEADINGS[verdict]


def next_step_of(saved: Saved) -> str:
    """Return what may be done next; where authority is needed, what is asked first and of whom authority is asked."""
    verdict = saved.assessment.verdict
    if verdict is not Verdict.AUTHORITY_REQUIRED:
        return _NEXT[verdict]
    return f"{_before_authority(saved)} {_NEXT[verdict].format(who=who_gives_authority(saved))}"


def who_gives_authority(saved: Saved) -> str:
    """Return in words who must give authority for the case, as its rulebook says."""
    needed = authority_needed(saved.record, on=timezone.localdate())
    return needed.words if needed else "nobody"


def lead_of_exception(saved: Saved) -> str:
    """Return what the page of the exception says before it asks."""
    if not saved.situation.exclusions:
        return "Nothing excludes this case as it stands, so nothing need be answered here."
    return f"Whoever decides reads these answers: {who_gives_authority(saved)}, and never you."


def _before_authority(saved: Saved) -> str:
    if not saved.situation.exclusions:
        return "Your force asks for authority in every case."
    if exception_url_of(saved):
        return "The Exception section asks why this case is exceptional and who advised on it."
    return "The Exception section is answered."


def exception_url_of(saved: Saved) -> str:
    """Return where the exception is asked, while it applies and still wants an answer; "" otherwise."""
    is_open = EXCEPTION in journey.pages_left(saved.situation)
    return address_of(saved.record.case.reference, EXCEPTION) if is_open else ""


def early_result(saved: Saved, page: journey.Page | None) -> EarlyResult | None:
    """Return what a page says at once, None for the task list; nothing while nothing is decided."""
    assessment = saved.assessment
    if assessment.verdict not in STOPS:
        return None
    return EarlyResult(
        verdict=assessment.verdict,
        heading=_HEADINGS[assessment.verdict],
        findings=deciding(assessment),
        next_step=next_step_of(saved),
        result_url=reverse("case_result", args=[saved.record.case.reference]),
        exception_url=exception_url_of(saved)
        if assessment.verdict is Verdict.AUTHORITY_REQUIRED and page != EXCEPTION
        else "",
        is_stop=True,
    )


def cards_of(assessment: Assessment, titles: dict[str, str]) -> tuple[Card, ...]:
    """Return one card a rule, those that decide first, then those that wait, then the rest, each in rulebook order."""
    decisive = {finding.rule for finding in deciding(assessment)}

    def place(finding: Finding) -> int:
        if finding.rule in decisive:
            return 0
        return {"applies": 1, "unmet": 1, "not_asked": 2}.get(str(finding.state), 3)

    return tuple(_card(finding, titles) for finding in sorted(assessment.findings, key=place))


def piles_of(cards: tuple[Card, ...]) -> tuple[Pile, ...]:
    """Return the cards in piles: what counts now, what is not asked yet, and what is in order; no empty pile."""
    places = {"Not asked yet": 1, "Met": 2, "Does not apply": 2}
    piles: tuple[list[Card], list[Card], list[Card]] = ([], [], [])
    for card in cards:
        piles[places.get(card.state, 0)].append(card)
    titles = ("Rules that count here", "Rules not asked about yet", "Rules that are met or do not apply")
    return tuple(
        Pile(f"{title} ({len(pile)})", tuple(pile), is_folded=place > 0)
        for place, (title, pile) in enumerate(zip(titles, piles, strict=True))
        if pile
    )


def _card(finding: Finding, titles: dict[str, str]) -> Card:
    state, colour = _STATES[str(finding.state)]
    if str(finding.effect) == "advice" and str(finding.state) == "applies":
        state, colour = "Advice", "yellow"
    return Card(
        title=titles.get(finding.rule, finding.rule),
        state=state,
        colour=colour,
        says=finding.says,
        rests_on="; ".join(dict.fromkeys(fact_words(fact) for fact in finding.because)),
        source=finding.source,
    )


def fact_words(fact: str) -> str:
    """Return how pages call a fact of the rules: its question where it is one."""
    if fact in _FACTS:
        return _FACTS[fact]
    if fact.startswith("victims["):
        place, _, name = fact.removeprefix("victims[").partition("]")
        number = int(place) + 1 if place.isdecimal() else place
        question = QUESTIONS.get(f"victim{name}")
        return f"Victim {number}: {question.text if question else name.lstrip('.').replace('_', ' ')}"
    if fact.startswith("offences["):
        return "The offences"
    row, _, name = fact.rpartition(".")
    candidates = [f"{_ROWS_OF.get(row, 'case')}.{name}", f"case.{name}", f"offender.{name}"]
    found = next((QUESTIONS[key] for key in candidates if key in QUESTIONS), None)
    return found.text if found else fact.replace("_", " ").replace(".", ": ")
