"""What each demo case is to be: drawn from a seed and a number, the same each time; a round of forty meets everything."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from random import Random

from cr_app.accounts.demo_cast import CAST, KENT
from cr_app.cases.demo import stories
from cr_app.cases.demo.figures import draw_group
from cr_app.cases.demo.people import Person, draw_person, pnc_id
from cr_app.cases.demo.stories import STORIES, Story


class Ending(StrEnum):
    """How far a demo case is taken; what the rules then say may stop it earlier."""

    EMPTY = "empty draft"
    HALF = "half a draft"
    COMPLETE = "draft with everything answered"
    SUBMITTED = "submitted"
    ISSUED = "issued"
    REOPENED = "submitted and reopened"
    SENT_BACK = "sent back when it was to be issued"
    HANDED_OVER = "draft handed over"
    NOT_USED = "considered and not used"
    WITHDRAWN = "withdrawn"


class Scene(StrEnum):
    """What is particular about a case."""

    ORDINARY = "drawn from the published mix"
    SHOP_THEFT = "shop theft by an adult"
    CHILD = "a child with an appropriate adult"
    MENTAL_HEALTH = "a mental health concern, capacity evident"
    NO_CAPACITY = "a mental health concern, capacity not evident"
    CANNABIS = "cannabis, first time"
    CANNABIS_AGAIN = "cannabis again, the person of the case before"
    KNIFE = "a knife"
    PARLIAMENT = "a knife that a visitor declares at Parliament"
    DOMESTIC = "domestic abuse"
    POLICE = "a police officer"
    TWO_VICTIMS = "two victims, one an organisation"
    THREE_VICTIMS = "three victims, something agreed for each"
    FIVE_OFFENCES = "five offences"
    ASSAULT = "an assault by two people"
    CO_OFFENDER = "the other of the two"
    OBJECTS = "a victim who does not agree"
    DECLINES = "an offender who does not agree"
    KNOWN = "somebody with a PNC ID"
    SAME_PERSON = "the person of the case before, another day"
    KENT = "a case of Kent, where every one needs authority"


ROUND: tuple[tuple[Scene, Ending], ...] = (
    (Scene.SHOP_THEFT, Ending.ISSUED),
    (Scene.ORDINARY, Ending.ISSUED),
    (Scene.CHILD, Ending.ISSUED),
    (Scene.ORDINARY, Ending.EMPTY),
    (Scene.ORDINARY, Ending.ISSUED),
    (Scene.CANNABIS, Ending.ISSUED),
    (Scene.CANNABIS_AGAIN, Ending.NOT_USED),
    (Scene.ORDINARY, Ending.HALF),
    (Scene.KNIFE, Ending.SUBMITTED),
    (Scene.TWO_VICTIMS, Ending.ISSUED),
    (Scene.ORDINARY, Ending.ISSUED),
    (Scene.MENTAL_HEALTH, Ending.ISSUED),
    (Scene.ORDINARY, Ending.ISSUED),
    (Scene.ASSAULT, Ending.ISSUED),
    (Scene.CO_OFFENDER, Ending.ISSUED),
    (Scene.SHOP_THEFT, Ending.SUBMITTED),
    (Scene.DOMESTIC, Ending.SUBMITTED),
    (Scene.ORDINARY, Ending.HALF),
    (Scene.FIVE_OFFENCES, Ending.ISSUED),
    (Scene.POLICE, Ending.SUBMITTED),
    (Scene.ORDINARY, Ending.ISSUED),
    (Scene.ORDINARY, Ending.WITHDRAWN),
    (Scene.KENT, Ending.SUBMITTED),
    (Scene.PARLIAMENT, Ending.ISSUED),
    (Scene.OBJECTS, Ending.ISSUED),
    (Scene.ORDINARY, Ending.COMPLETE),
    (Scene.CANNABIS, Ending.SUBMITTED),
    (Scene.CANNABIS_AGAIN, Ending.SENT_BACK),
    (Scene.ORDINARY, Ending.ISSUED),
    (Scene.DECLINES, Ending.NOT_USED),
    (Scene.SHOP_THEFT, Ending.REOPENED),
    (Scene.ORDINARY, Ending.HANDED_OVER),
    (Scene.CHILD, Ending.ISSUED),
    (Scene.ORDINARY, Ending.ISSUED),
    (Scene.NO_CAPACITY, Ending.NOT_USED),
    (Scene.KENT, Ending.HALF),
    (Scene.ORDINARY, Ending.ISSUED),
    (Scene.KNOWN, Ending.ISSUED),
    (Scene.SAME_PERSON, Ending.SUBMITTED),
    (Scene.ORDINARY, Ending.SUBMITTED),
)
# These continue the case before them, with its officer.
FOLLOWING = {Scene.CANNABIS_AGAIN, Scene.CO_OFFENDER, Scene.SAME_PERSON}
_UNUSUAL_EVERY, _UNUSUAL_AT = 8, 4

# How many of every hundred cases each officer of the cast records.
_METROPOLITAN = {"amina": 34, "tom": 18, "grace": 7, "daniel": 5, "priya": 4, "marcus": 26, "helen": 6}
_KENT = {"kieran": 60, "laura": 28, "owen": 12}

_STORY_OF = {
    Scene.SHOP_THEFT: stories.SHOP_THEFT,
    Scene.CANNABIS: stories.CANNABIS,
    Scene.CANNABIS_AGAIN: stories.CANNABIS,
    Scene.KNIFE: stories.KNIFE,
    Scene.PARLIAMENT: stories.PARLIAMENT,
    Scene.DOMESTIC: stories.DOMESTIC,
    Scene.TWO_VICTIMS: stories.SHOP_THEFT,
    Scene.THREE_VICTIMS: stories.SHOP_THEFT,
    Scene.FIVE_OFFENCES: stories.SHOP_THEFT,
    Scene.ASSAULT: stories.ASSAULT,
    Scene.CO_OFFENDER: stories.ASSAULT,
    Scene.OBJECTS: stories.ASSAULT,
    Scene.POLICE: stories.STORIES["Public order"][1],
}


@dataclass(frozen=True)
class Plan:
    """One case to be made."""

    seed: int
    number: int
    scene: Scene
    ending: Ending
    officer: str
    story: Story
    person: Person
    victim: Person
    days_ago: int
    # After how many days what is agreed is due; drawn where it is not said.
    due_after: int | None = None

    def rng(self, about: str) -> Random:
        """Return a source of chance for one matter, the same whatever was drawn before."""
        return _source(self.seed, self.number, about)

    @property
    def is_of_kent(self) -> bool:
        """Tell whether the officer is one of Kent's."""
        return CAST[self.officer].team.force == KENT

    @property
    def is_child(self) -> bool:
        """Tell whether the offender is under 18."""
        return self.person.age < 18

    @property
    def has_concern(self) -> bool:
        """Tell whether there is a mental health concern about the offender."""
        return self.scene in (Scene.MENTAL_HEALTH, Scene.NO_CAPACITY)


@cache
def plan_of(seed: int, number: int) -> Plan:
    """Return the plan of one case: the same for the same seed and number, whatever else is made."""
    scene, ending = ROUND[number % len(ROUND)]
    rng = _source(seed, number, "plan")
    before = plan_of(seed, number - 1) if scene in FOLLOWING else None
    officer = before.officer if before else _draw_officer(rng, scene, ending)
    kent = CAST[officer].team.force == KENT
    age = rng.randint(12, 17) if scene is Scene.CHILD else None
    person = draw_person(rng, number=number, kent=kent, age=age, unusual=number % _UNUSUAL_EVERY == _UNUSUAL_AT)
    if scene in (Scene.CANNABIS, Scene.KNOWN):
        person = replace(person, pnc_id=pnc_id(2012 + number % 10, number * 41 + 200_003))
    if before and scene is not Scene.CO_OFFENDER:
        person = before.person
    story = _STORY_OF.get(scene) or rng.choice(STORIES[draw_group(rng, frozenset(STORIES))])
    if scene is Scene.SAME_PERSON and before:
        story = stories.STORIES["Public order"][0]
    return Plan(
        seed=seed,
        number=number,
        scene=scene,
        ending=ending,
        officer=officer,
        story=story,
        person=person,
        victim=draw_person(rng, number=number + 500_000, kent=kent),
        days_ago=before.days_ago if scene is Scene.CO_OFFENDER and before else rng.randint(0, 20),
    )


def _source(seed: int, number: int, about: str) -> Random:
    return Random(f"{seed}/{number}/{about}")  # noqa: S311 - invented cases, the same for a seed


def _draw_officer(rng: Random, scene: Scene, ending: Ending) -> str:
    if ending is Ending.HANDED_OVER:
        return "tom"
    weights = _KENT if scene is Scene.KENT else _METROPOLITAN
    return rng.choices(list(weights), list(weights.values()))[0]
