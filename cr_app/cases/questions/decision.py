"""The decision: the question of whoever returned it, history, responsibility, seriousness, a child's safeguards, the rationale."""

from cr_app.cases.questions.kinds import REPLY, Choice, Kind, Question

DISPOSALS = (
    Choice("community_resolution", "Community Resolution"),
    Choice("cannabis_warning", "Cannabis or khat warning"),
    Choice("penalty_notice", "Penalty notice for disorder"),
    Choice("caution", "Simple caution"),
    Choice("conditional_caution", "Conditional caution"),
    Choice("youth_caution", "Youth caution"),
    Choice("conviction", "Conviction"),
    Choice("other", "Other"),
)

GRAVITY = (
    Choice("1", "1", "Lowest: the least response may be right."),
    Choice("2", "2"),
    Choice("3", "3"),
    Choice("4", "4"),
    Choice("5", "5", "Highest: a charge would be usual."),
)

QUESTIONS = (
    Question(
        REPLY,
        "What is your answer?",
        Kind.LONG,
        wanted="Answer the question",
        hint="Whoever asked reads it beside the question when you submit the case.",
        max_length=4000,
    ),
    Question(
        "case.same_report_answer",
        "Is this a separate matter from the record shown?",
        Kind.CHOICE,
        wanted="Select whether this is a separate matter",
        choices=(
            Choice("separate", "Yes, it is a separate matter: carry on"),
            Choice("same", "No, it is the same: I will withdraw this draft"),
        ),
    ),
    Question(
        "case.pnc_checked",
        "Have you checked PNC and PND?",
        Kind.YES_NO,
        wanted="Select yes if you have checked PNC and PND",
    ),
    Question("case.pnc_checked_at", "When did you check PNC and PND?", Kind.MOMENT, latest="now"),
    Question(
        "case.local_checked",
        "Have you checked local systems?",
        Kind.YES_NO,
        wanted="Select yes if you have checked local systems",
    ),
    Question("case.local_checked_at", "When did you check local systems?", Kind.MOMENT, latest="now"),
    Question(
        "case.has_earlier_disposals",
        "Has the offender any earlier disposal that is not shown above?",
        Kind.YES_NO,
        wanted="Select yes if the offender has an earlier disposal",
        hint="Community Resolutions, warnings, penalty notices, cautions and convictions.",
    ),
    Question(
        "disposal.kind", "What kind of disposal?", Kind.CHOICE, wanted="Select the kind of disposal", choices=DISPOSALS
    ),
    Question("disposal.given_on", "When was it given?", Kind.DATE, wanted="Enter when it was given", latest="now"),
    Question(
        "disposal.offence_code",
        "Home Office code of the offence, if known",
        Kind.TEXT,
        hint="For example 92/61 for possession of cannabis.",
        max_length=10,
    ),
    Question(
        "case.accepts_responsibility",
        "Does the offender accept responsibility?",
        Kind.YES_NO,
        wanted="Select yes if the offender accepts responsibility",
    ),
    Question(
        "case.admits_offence",
        "Does the offender admit the offence?",
        Kind.YES_NO,
        wanted="Select yes if the offender admits the offence",
    ),
    Question(
        "case.account",
        "What does the offender say, in their own words?",
        Kind.LONG,
        wanted="Write what the offender says",
        hint="The offender gets this in writing: name no witness and no informant, and give nobody's address.",
        max_length=4000,
    ),
    Question(
        "case.agrees_to_take_part",
        "Does the offender agree to take part?",
        Kind.YES_NO,
        wanted="Select yes if the offender agrees to take part",
    ),
    Question(
        "case.consequences_explained",
        "Have you explained what a Community Resolution means?",
        Kind.YES_NO,
        wanted="Select yes if you have explained what it means",
        hint="It is not a conviction. It is held on local police records. It may appear on an enhanced DBS check.",
    ),
    Question(
        "case.legal_advice_offered",
        "Have you told the offender that they may have legal advice?",
        Kind.YES_NO,
        wanted="Select yes if you have told the offender about legal advice",
    ),
    Question(
        "case.evidence_sufficient",
        "Is there enough evidence of the offence?",
        Kind.YES_NO,
        wanted="Select yes if there is enough evidence",
        hint="Enough to have reasonable suspicion, and to expect that it could be proved.",
    ),
    Question(
        "case.less_serious",
        "Is this, in your judgement, a less serious offence?",
        Kind.YES_NO,
        wanted="Select yes if this is a less serious offence",
        hint="All considerations taken together: harm, vulnerability, history, the public interest.",
    ),
    Question(
        "case.gravity_score",
        "What gravity score have you considered?",
        Kind.CHOICE,
        wanted="Select the gravity score, 1 to 5",
        hint="After aggravating and mitigating factors.",
        choices=GRAVITY,
    ),
    Question(
        "case.youth_justice_consulted",
        "Has the youth justice service been consulted?",
        Kind.YES_NO,
        wanted="Select yes if the youth justice service has been consulted",
    ),
    Question("case.youth_justice_name", "Who was spoken to?", Kind.NAME),
    Question("case.youth_justice_at", "When?", Kind.MOMENT, latest="now"),
    Question("case.youth_justice_advice", "What did they say?", Kind.LONG, max_length=4000),
    Question(
        "case.rationale",
        "Why is a Community Resolution proportionate here?",
        Kind.LONG,
        wanted="Say why a Community Resolution is proportionate",
        hint="Someone who was not there should understand your decision from this.",
        max_length=10000,
    ),
)
