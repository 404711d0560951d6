"""What the offender undertakes."""

from cr_app.cases.questions.kinds import Kind, Question

QUESTIONS = (
    Question(
        "action.remedy",
        "What will the offender do?",
        Kind.CHOICE,
        wanted="Select what the offender will do, or that nothing is agreed",
        hint="From the force's Community Remedy list.",
    ),
    Question(
        "action.undertaking",
        "In plain words, what exactly?",
        Kind.TEXT,
        wanted="Say exactly what the offender will do",
        hint="For example: write a letter of apology to the shop. The offender gets this in writing, and a victim may read "
        "it: nothing about anybody's health, past or address.",
        max_length=500,
    ),
    Question("action.amount", "How much, in pounds?", Kind.MONEY, hint="Only where money is to be paid back."),
    Question("action.for_whom", "For whom?", Kind.LIST, wanted="Select for whom it is done"),
    Question("action.due_on", "By when?", Kind.DATE, wanted="Enter the day by which it is to be done"),
)
