"""What happened: the start of a record, the incident, its offences and circumstances."""

from cr_app.cases.questions.kinds import Kind, Question

QUESTIONS = (
    Question(
        "case.crime_report_reference",
        "What is the crime report reference?",
        Kind.REFERENCE,
        wanted="Enter the crime report reference, for example 2312345/26",
        hint="The CRIS or other crime recording number of this offence.",
        max_length=40,
    ),
    Question("case.unit", "Which unit are you recording this for?", Kind.LIST, wanted="Select your unit"),
    Question(
        "case.occurred_from",
        "When did it happen?",
        Kind.MOMENT,
        wanted="Enter the date and time it happened, for example 27 3 2026 and 14:30",
        hint="If it went on for some time, when it began.",
        latest="now",
    ),
    Question(
        "case.occurred_to",
        "When did it end? (optional)",
        Kind.MOMENT,
        hint="Leave empty if it was over at once.",
        latest="now",
    ),
    Question(
        "case.place",
        "Where did it happen?",
        Kind.TEXT,
        wanted="Enter where it happened, for example the shop and its street",
        max_length=300,
    ),
    Question(
        "case.borough",
        "Which borough, district or BCU is that in?",
        Kind.TEXT,
        wanted="Enter the borough, district or BCU",
        max_length=100,
    ),
    Question(
        "case.circumstances_brief",
        "What happened, in brief?",
        Kind.LONG,
        wanted="Say in brief what happened",
        hint="What was done, to whom, and what was taken, damaged or said. The offender gets this in writing: name no "
        "witness and no informant, and give nobody's address.",
        max_length=4000,
    ),
    Question(
        "case.body_worn_video",
        "Body-worn video reference (optional)",
        Kind.TEXT,
        max_length=100,
    ),
    Question(
        "case.venue",
        "Did it happen at a place with a local arrangement?",
        Kind.CHOICE,
        wanted="Select the place, or that it was at none of these",
        hint="Your force's policy names these places.",
    ),
    Question(
        "case.visitor_from_abroad",
        "Is the offender a visitor from abroad?",
        Kind.YES_NO,
        wanted="Select yes if the offender is a visitor from abroad",
    ),
    Question(
        "case.lawful_at_home",
        "Is the item legal in the offender's own country?",
        Kind.YES_NO,
        wanted="Select yes if the item is legal in the offender's own country",
    ),
    Question("offence.offence_type", "Which offence?", Kind.LIST, wanted="Search for the offence and select it"),
    Question(
        "offence.encouraging_or_assisting",
        "Was it encouraging or assisting this offence?",
        Kind.YES_NO,
        hint="Serious Crime Act 2007. Leave it, or answer no, for the offence itself or an attempt.",
        wanted="Select yes if it was encouraging or assisting",
    ),
    Question(
        "case.domestic_abuse",
        "Was it domestic abuse?",
        Kind.YES_NO,
        wanted="Select yes if it was domestic abuse",
        hint="Controlling, coercive or threatening behaviour, violence or abuse between people aged 16 or over who are, "
        "or were, intimate partners or family members.",
    ),
    Question(
        "case.intimate_partner",
        "Are, or were, the people involved intimate partners?",
        Kind.YES_NO,
        wanted="Select yes if they are or were intimate partners",
    ),
    Question(
        "case.hate_crime",
        "Does the victim or anyone else see it as a hate crime?",
        Kind.YES_NO,
        wanted="Select yes if it is seen as a hate crime",
        hint="Hostility or prejudice because of race, religion, disability, sexual orientation or transgender identity.",
    ),
    Question(
        "case.sexual",
        "Was it sexual in nature?",
        Kind.YES_NO,
        wanted="Select yes if it was sexual in nature",
    ),
    Question(
        "case.firearm",
        "Was a firearm, imitation firearm or air weapon involved?",
        Kind.YES_NO,
        wanted="Select yes if a firearm was involved",
    ),
    Question(
        "case.weapon_or_blade",
        "Was an offensive weapon, or a pointed or bladed article, involved?",
        Kind.YES_NO,
        wanted="Select yes if a weapon, point or blade was involved",
    ),
)
