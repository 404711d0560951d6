"""The exception: why an excluded case should be given all the same, and on whose advice."""

from cr_app.cases.questions.kinds import GROUNDS, Kind, Question

QUESTIONS = (
    Question(
        "case.investigation_team",
        "Which investigation team has the case?",
        Kind.TEXT,
        wanted="Enter the investigation team, for example Camden CID",
        hint="For example Camden CID, or the community safety unit.",
    ),
    Question(
        "case.advice_from",
        "Whose advice was sought?",
        Kind.TEXT,
        wanted="Enter whose advice was sought: name, and rank or role",
        hint="Name, and rank or role.",
    ),
    Question(
        "case.advice_at",
        "When was the advice given?",
        Kind.MOMENT,
        wanted="Enter the date of the advice, for example 27 3 2026, and its time",
        latest="now",
    ),
    Question(
        "case.advice",
        "What did they advise?",
        Kind.LONG,
        wanted="Write what they advised",
        max_length=4000,
    ),
    Question(
        "case.detained_or_waiting",
        "Is the offender detained, or waiting for the decision?",
        Kind.YES_NO,
        wanted="Select yes if the offender is detained or waiting",
        hint="If so, authority is wanted sooner.",
    ),
)


def grounds_question(rule: str, title: str) -> Question:
    """Return the question of the exceptional circumstances for one exclusion, in the words of its rule."""
    return Question(
        f"{GROUNDS}.{rule}",
        f"{title}: what are the exceptional circumstances?",
        Kind.LONG,
        wanted=f"Write the exceptional circumstances for: {title}",
        hint="What sets this case apart, so that a Community Resolution is right although the policy excludes it.",
        max_length=4000,
    )
