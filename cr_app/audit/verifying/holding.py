"""Holds the log's roots to what was signed: by the database's checkpoints, the witness's, and those kept elsewhere. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

from cr_app.audit.checkpoints import Statement
from cr_app.audit.verifying.reports import Kind, Problem, Problems
from cr_app.audit.verifying.stated import Checkpoints, Stated, Witnessed, hold_to, in_words

# By size: the roots of the log as its rows lead to them.
Roots: TypeAlias = Mapping[int, bytes]


def check_checkpoints(roots: Roots, size: int, checkpoints: Checkpoints, problems: Problems) -> None:
    """Hold the roots that the database's checkpoints sign to the log's; name the first that differs, count the others."""
    wrong = sorted(hold_to(roots, checkpoints.all, size), key=lambda each: each.size)
    if wrong:
        good = max((each.size for each in checkpoints.all if each.size < wrong[0].size), default=0)
        sentence = (
            f"Places {good} to {wrong[0].size - 1} of the log do not lead to the root that the checkpoint of size"
            f" {wrong[0].size} (epoch {wrong[0].epoch}) signs{_besides(len(wrong) - 1)}."
        )
        problems.add(Problem(Kind.TREE, sentence, "checkpoint", None, good))


def check_witness(
    roots: Roots,
    size: int,
    checkpoints: Checkpoints,
    seen: Witnessed,
    problems: Problems,
    known_restores: Collection[int],
) -> Iterator[str]:
    """Hold what the witness keeps to the log and to the database's checkpoints; yield what is worth saying besides.

    What a restore lost is no problem where the epoch that it began is among `known_restores`.
    """
    add = problems.add
    if checkpoints.all and not seen.all:
        add(Problem(Kind.WITNESS, "The witness is empty or not there, though checkpoints were made.", "witness"))
        return
    lasts = checkpoints.last_of_epochs
    lost: dict[int, list[Stated]] = {}
    for each in seen.all:
        # The epoch that a restore began after it, where there is one.
        begun = min((epoch for epoch in lasts if epoch > each.epoch), default=0)
        if begun and each.size > lasts.get(each.epoch, 0):
            lost.setdefault(begun, []).append(each)
    others = {each for of_epoch in lost.values() for each in of_epoch}
    for begun, of_epoch in sorted(lost.items()):
        most = max(of_epoch, key=lambda each: each.size)
        sentence = (
            f"The witness has seen {most.size} rows in epoch {most.epoch}, of which this database holds"
            f" {lasts.get(most.epoch, 0)}: it was restored from an older copy, and what was sealed in between is lost"
            f" (epoch {begun} goes on from there)."
        )
        if begun in known_restores:
            yield sentence
        else:
            add(Problem(Kind.RESTORED, sentence, "witness"))
    beyond = [each for each in seen.all if each.size > size and each not in others]
    if beyond:
        most = max(beyond, key=lambda each: each.size)
        sentence = (
            f"The witness has seen {most.size} rows in the log, which has {size}: its end was removed,"
            " or an older copy was put in its place."
        )
        add(Problem(Kind.WITNESS, sentence, "witness"))
    others |= set(beyond)
    wrong = [each for each in hold_to(roots, seen.all, size) if each not in others]
    if wrong:
        first = min(wrong, key=lambda each: each.size)
        sentence = (
            f"The witness has seen another log of {first.size} rows (epoch {first.epoch}): two were signed, this one is"
            f" not the one handed over{_besides(len(wrong) - 1)}."
        )
        add(Problem(Kind.WITNESS, sentence, "witness"))
    known = set(checkpoints.all)
    for place, each in seen.unknown:
        if each not in others and each not in wrong and each not in known:
            name = f"The checkpoint of size {each.size} (epoch {each.epoch}), note {place} of the witness"
            sentence = f"{name}, is not in the database any more."
            add(Problem(Kind.CHECKPOINT, sentence, "checkpoint"))
    yield from _check_handed_over(checkpoints, seen, problems)


def _check_handed_over(checkpoints: Checkpoints, seen: Witnessed, problems: Problems) -> Iterator[str]:
    """Name checkpoints that the witness lacks, but for those after its last, which the sealer hands over next."""
    held = set(seen.all)
    missing = [each for each in checkpoints.all if each not in held]
    if not missing:
        return
    last = max((each.epoch, each.size) for each in seen.all)
    passed = [each for each in missing if (each.epoch, each.size) < last]
    for each in passed:
        sentence = (
            f"The witness lacks the checkpoint of size {each.size} (epoch {each.epoch}), though it has a later one."
        )
        problems.add(Problem(Kind.WITNESS, sentence, "witness"))
    if waiting := len(missing) - len(passed):
        are = "checkpoint is" if waiting == 1 else "checkpoints are"
        yield f"{waiting} {are} not handed to the witness yet; the sealer does so next."


def check_kept(roots: Roots, size: int, kept: Iterable[Statement], problems: Problems) -> None:
    """Hold the log to checkpoints kept elsewhere."""
    for each in kept:
        name = f"the checkpoint kept of {in_words(each.made_at)}"
        if each.size > size:
            sentence = f"The log has {size} rows, but {name} {each.size}: its end was removed, or an older copy was put in its place."
        elif roots[each.size] != each.root:
            sentence = f"The first {each.size} rows of the log are not those that {name} signs: the log was rewritten or forked."
        else:
            continue
        problems.add(Problem(Kind.KEPT, sentence, "checkpoint"))


def _besides(count: int) -> str:
    return f" ({count} more differ likewise)" if count else ""
