"""What an export says about itself, for whoever is given it."""

README = """\
AN EXPORT OF THE AUDIT TRAIL

What it is
  Rows of the audit trail of Community Resolutions: entries (what was done, by whom, when) and looks (who read what, and
  why). They were sealed in a log that only grows, so that nobody can change, remove, insert or move one unseen.

How to check it
  You need Python 3.11 or later, and nothing else. In this folder run

      python verify.py --key THE-KEY

  with the key that was given to you in another way than this folder: by letter, by telephone, from a printed page.
  Without --key the key of this folder is used; then compare the key that is printed with the one you were given.
  A key from the same hand as the rows proves nothing about that hand.

  If you kept an earlier checkpoint of the log, add --against FILE. That shows that what was sealed then is still there
  as it was. An export has what that takes if it was made with that checkpoint, or is of the same size.

  To read the rows afterwards, personal values among them: python verify.py --show

  verify.py is short so that you can read it, or have it read. Whoever could forge this folder could forge it too: take
  it from a copy that you trust, or write your own from docs/audit.md of the service, which says how everything is made.

What the outcome means
  "Everything holds": each row is, byte for byte, what was sealed at its place in the log.
  Of a case: no row is changed or invented. That no row of the case is left out cannot be shown without the whole log;
  ask for an export of the period, in which a place that is missing would be seen.
  Of a period: no row between the first and the last is missing, either.
  "Rows of which only the hash is here": rows that would tell you of other records, such as a look at a list of cases.
  They stand at their places in the log, and what is in them is not shown.
  "Their own times": of the rows that are shown whole, from the first to the last, as they were sealed.
  What about.json says is the word of whoever made the export, and not sealed: the days asked for, purpose, recipient,
  when it was made. Rows of a shorter time than those days may be all there were, or less than you were to be given.

  "Erased, or not in this export": a personal value that is not here. What was sealed holds a digest under a salt, from
  which nobody finds the value, and which shows that a value given is the one recorded.

The files
  about.json     what was exported, for whom and what for, and of a period the hashes of the rest of the log
  checkpoint     the signed statement of the log that everything here is proved from
  verifier-key   the key that goes with it
  rows.jsonl     the rows, each a line: its place in the log, its bytes (base64), personal values, and its proof
  verify.py      the check; show.py puts rows in words for it

This export may hold personal data. Keep it as you keep such, and no longer than what it was given to you for takes.
"""
