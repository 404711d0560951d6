"""What is recorded after issue, worded once: forms ask it, the page of a case and its history say it. Pure."""

from cr_app.cases.questions.kinds import Choice, Kind, Question

OUTCOMES = (
    Choice("completed", "Completed"),
    Choice("partly", "Partly done"),
    Choice("not_complied", "Not complied with"),
    Choice("date_changed", "Date changed"),
    Choice("reopened", "Open again: recorded in error"),
)
HOW = (
    Choice("phone", "By phone"),
    Choice("in_person", "In person"),
    Choice("letter", "By letter"),
    Choice("email", "By e-mail"),
    Choice("text", "By text message"),
    Choice("other", "In another way"),
)
RESULTS = (
    Choice("reached", "Reached"),
    Choice("sent", "Sent"),
    Choice("left_message", "Left a message"),
    Choice("no_answer", "No answer"),
    Choice("wrong", "Wrong number or address"),
)
TOLD = (
    Choice("nothing", "Nothing yet"),
    Choice("decision", "The decision"),
    Choice("correction", "That a name was corrected"),
    Choice("rescission", "That it was rescinded"),
)
DOCUMENTS = (
    Choice("offender_copy", "The offender's copy"),
    Choice("victim_letter", "Letter to the victim"),
    Choice("crime_report_entry", "Entry for the crime report"),
    Choice("offender_notice", "Notice to the offender that it was rescinded"),
    Choice("victim_notice", "Notice to the victim that it was rescinded"),
)
LANGUAGES = (Choice("en", "English"), Choice("cy", "Welsh"))
SIGNERS = (Choice("offender", "The offender"), Choice("appropriate_adult", "The appropriate adult"))
NAMES = (
    Choice("first_names", "First names"),
    Choice("last_names", "Last names"),
    Choice("organisation_name", "Name of the organisation"),
)

QUESTIONS = (
    Question("signing_refusal.role", "Who would not sign?", Kind.CHOICE, choices=SIGNERS),
    Question("signing_refusal.said", "What did they say?", Kind.LONG, max_length=1000),
    Question("document.kind", "Document", Kind.CHOICE, choices=DOCUMENTS),
    Question("document.victim_id", "For whom?", Kind.LIST),
    Question("document.language", "Language", Kind.CHOICE, choices=LANGUAGES),
    Question("document.version", "Version", Kind.WHOLE),
    Question("progress.action_id", "Agreed action", Kind.LIST),
    Question("progress.outcome", "What came of it?", Kind.CHOICE, choices=OUTCOMES),
    Question("progress.happened_on", "On which day was that?", Kind.DATE, latest="now"),
    Question("progress.left", "What is still to be done?", Kind.TEXT, max_length=500),
    Question("progress.due_on", "By when?", Kind.DATE),
    Question("progress.evidence", "What shows it?", Kind.LONG, max_length=1000),
    Question("progress.said_by", "Who says so?", Kind.TEXT),
    Question("progress.reason", "Why?", Kind.LONG, max_length=1000),
    Question("contact.victim_id", "Who was it?", Kind.LIST),
    Question("contact.happened_at", "When was it?", Kind.MOMENT, latest="now"),
    Question("contact.how", "How?", Kind.CHOICE, choices=HOW),
    Question("contact.result", "What came of it?", Kind.CHOICE, choices=RESULTS),
    Question("contact.told", "What were they told?", Kind.CHOICE, choices=TOLD),
    Question("contact.note", "Anything else to know", Kind.LONG, max_length=1000),
    Question("correction.victim_id", "Whose name is it?", Kind.LIST),
    Question("correction.column", "Which part of the name?", Kind.CHOICE, choices=NAMES),
    Question("correction.old", "What it said", Kind.NAME),
    Question("correction.new", "What it should say", Kind.NAME),
    Question("correction.reason", "Why?", Kind.LONG, max_length=1000),
    Question("rescission.rank", "Acting in which rank?", Kind.TEXT),
    Question("rescission.reason", "Why is it rescinded?", Kind.LONG),
)
