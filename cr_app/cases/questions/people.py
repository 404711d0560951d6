"""Who: the offender and the victims, and what keeps them safe."""

from cr_app.cases.questions.kinds import Choice, Kind, Question

SEXES = (Choice("female", "Female"), Choice("male", "Male"), Choice("other", "Other"), Choice("not_known", "Not known"))

CONSULTED = (
    Choice("yes", "Yes"),
    Choice(
        "nobody_responsible",
        "No professional is responsible for this person",
        "Say who was asked instead. It counts as consulted and is shown as such.",
    ),
    Choice("no", "No, not yet"),
)

NOT_ABLE_TO_ACT = (
    Choice("none", "No, none of these"),
    Choice("police", "A police officer or member of police staff"),
    Choice("victim", "The victim"),
    Choice("witness", "A witness"),
    Choice("suspect", "A suspect in this matter"),
    Choice("solicitor", "A solicitor or other legal adviser acting for the person"),
    Choice("custody_visitor", "An independent custody visitor acting as one"),
)


def _identity(row: str, whose: str) -> tuple[Question, ...]:
    return (
        Question(
            f"{row}.first_names",
            "First names",
            Kind.NAME,
            hint="All given names. Leave empty if the person has one name only.",
        ),
        Question(f"{row}.last_names", "Last name", Kind.NAME, wanted=f"Enter the {whose} last name, or only name"),
    )


def _safeguards(row: str, who: str) -> tuple[Question, ...]:
    return (
        Question(
            f"{row}.mental_health_concern",
            f"Is there any concern about the {who}'s mental health or capacity?",
            Kind.YES_NO,
            wanted=f"Select yes if there is any concern about the {who}'s mental health",
            hint="If in doubt, answer yes. Code C 1.13(d): a person may be vulnerable who, because of a mental health "
            "condition or mental disorder, has difficulty understanding what is happening or its implications, "
            "communicating, or recognising what they agree to, who is suggestible or readily complies, or who gives "
            "unreliable answers without meaning to.",
        ),
        Question(
            f"{row}.professional_consulted",
            f"Has the professional responsible for the {who} been consulted?",
            Kind.CHOICE,
            wanted="Select whether the professional was consulted",
            hint="A community psychiatric nurse, doctor, social worker or liaison and diversion practitioner.",
            choices=CONSULTED,
        ),
        Question(f"{row}.professional_name", "Who was consulted, or asked instead?", Kind.NAME),
        Question(f"{row}.professional_role", "What is their role?", Kind.TEXT),
        Question(f"{row}.professional_at", "When were they consulted?", Kind.MOMENT, latest="now"),
        Question(f"{row}.professional_advice", "What did they advise?", Kind.LONG, max_length=4000),
        Question(
            f"{row}.capacity_evident",
            f"Is it evident that the {who} has the capacity to understand this?",
            Kind.YES_NO,
            wanted=f"Select yes if the {who}'s capacity to understand is evident",
            hint="What a Community Resolution is, what it asks, and that it may be refused.",
        ),
        Question(
            f"{row}.capacity_how",
            "How do you know?",
            Kind.LONG,
            wanted="Say how you know",
            hint="What was said or done that shows it, or that it is not so.",
            max_length=4000,
        ),
        Question(
            f"{row}.appropriate_adult_present",
            "Is an appropriate adult present?",
            Kind.YES_NO,
            wanted="Select yes if an appropriate adult is present",
        ),
        Question(f"{row}.appropriate_adult_name", "Name of the appropriate adult", Kind.NAME),
        Question(
            f"{row}.appropriate_adult_relationship",
            f"What are they to the {who}?",
            Kind.TEXT,
            hint="For example mother, social worker, or scheme volunteer.",
        ),
        Question(f"{row}.appropriate_adult_contact", "Phone number or e-mail of the appropriate adult", Kind.TEXT),
        Question(
            f"{row}.appropriate_adult_is",
            "Is the appropriate adult any of these?",
            Kind.CHOICE,
            hint="None of these may act as an appropriate adult.",
            choices=NOT_ABLE_TO_ACT,
        ),
        Question(f"{row}.appropriate_adult_from", "Present from", Kind.MOMENT, latest="now"),
        Question(f"{row}.appropriate_adult_to", "Present until (optional)", Kind.MOMENT, latest="now"),
    )


QUESTIONS = (
    *_identity("offender", "offender's"),
    Question(
        "offender.born_on",
        "Date of birth",
        Kind.DATE,
        hint="For example 27 3 2008. Leave empty if it is not known, and give an estimated age.",
        latest="now",
    ),
    Question(
        "offender.estimated_age",
        "Estimated age in years, if the date of birth is not known",
        Kind.WHOLE,
        minimum=1,
        maximum=120,
    ),
    Question("offender.estimated_age_reason", "Why is the date of birth not known?", Kind.TEXT, max_length=300),
    Question("offender.sex", "Sex", Kind.CHOICE, wanted="Select the offender's sex", choices=SEXES),
    Question(
        "offender.self_defined_ethnicity",
        "How does the offender describe their own ethnicity?",
        Kind.LIST,
        wanted="Select how the offender describes their own ethnicity, or not stated",
        hint="The 18+1 codes. Ask; do not guess.",
    ),
    Question(
        "offender.officer_defined_ethnicity",
        "How would you describe it?",
        Kind.LIST,
        wanted="Select the IC code you would give",
        hint="The officer's own visual assessment.",
    ),
    Question("offender.address", "Address", Kind.LONG, max_length=400, hint="Leave empty if there is none."),
    Question("offender.postcode", "Postcode", Kind.POSTCODE),
    Question("offender.phone", "Phone number", Kind.PHONE),
    Question("offender.email", "E-mail address", Kind.EMAIL),
    Question("offender.pnc_id", "PNC ID", Kind.PNC, hint="For example 2003/0011985X"),
    Question("offender.cro_number", "CRO number", Kind.CRO, hint="For example 265416/21G"),
    Question("offender.occupation", "Occupation", Kind.TEXT, max_length=100),
    Question(
        "offender.police_officer_or_staff",
        "Is the offender a police officer or a member of police staff?",
        Kind.YES_NO,
        wanted="Select yes if the offender is a police officer or a member of police staff",
        hint="Of any force, specials and PCSOs among them.",
    ),
    Question("offender.warrant_number", "Their warrant or staff number, if so", Kind.REFERENCE, max_length=20),
    *_safeguards("offender", "offender"),
    Question(
        "offender.interpreter",
        "Is an interpreter needed?",
        Kind.YES_NO,
        wanted="Select yes if an interpreter is needed",
    ),
    Question("offender.interpreter_language", "Which language, and who interprets?", Kind.TEXT),
    Question(
        "victim.kind",
        "Who is the victim?",
        Kind.CHOICE,
        wanted="Select who the victim is",
        choices=(
            Choice("person", "A person"),
            Choice("organisation", "An organisation", "For example the shop, for shop theft."),
            Choice("none", "There is no victim", "For example possession of cannabis."),
        ),
    ),
    Question("victim.organisation_name", "Name of the organisation", Kind.NAME),
    Question("victim.first_names", "First names of the victim, or of whoever speaks for it", Kind.NAME),
    Question("victim.last_names", "Last name", Kind.NAME),
    Question("victim.contact", "Phone number, e-mail or address", Kind.TEXT, max_length=300),
    Question(
        "victim.warrant_number",
        "Warrant or staff number, if the victim is a police officer or member of police staff",
        Kind.REFERENCE,
        max_length=20,
    ),
    Question(
        "victim.consulted",
        "Has the victim been consulted?",
        Kind.YES_NO,
        wanted="Select yes if the victim has been consulted",
    ),
    Question("victim.consulted_at", "When?", Kind.MOMENT, latest="now"),
    Question("victim.consulted_how", "How?", Kind.TEXT, hint="For example in person, or by phone."),
    Question("victim.reason_not_consulted", "Why not?", Kind.LONG, max_length=2000),
    Question("victim.agrees", "Does the victim agree to a Community Resolution?", Kind.YES_NO),
    Question(
        "victim.wishes",
        "What does the victim say, and want?",
        Kind.LONG,
        hint="Their views and what would put it right, in their own words. The victim reads this: nothing about the "
        "offender's health, past or address.",
        max_length=4000,
    ),
    Question(
        "victim.departure_reason",
        "If the decision differs from what the victim wants, why?",
        Kind.LONG,
        hint="The victim reads this: nothing about the offender's health, past or address.",
        max_length=4000,
    ),
    *_safeguards("victim", "victim"),
)
