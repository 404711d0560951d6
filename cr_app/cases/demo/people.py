"""Invented people: names of many origins, addresses in districts that do not exist, numbers that ring nowhere."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from cr_app.pages.identifiers import check_letter


@dataclass(frozen=True)
class Person:
    """One invented person; `age` is in whole years today, `pnc_id` and `cro_number` have the right check letters."""

    first_names: str
    last_names: str
    sex: str
    age: int
    self_defined_ethnicity: str
    officer_defined_ethnicity: str
    address: str
    postcode: str
    phone: str
    email: str
    occupation: str
    days_older: int
    pnc_id: str = ""
    cro_number: str = ""

    @property
    def name(self) -> str:
        """Return the whole name."""
        return " ".join(part for part in (self.first_names, self.last_names) if part)

    def born_on(self, today: date) -> date:
        """Return the date of birth that makes the person this old today."""
        return today.replace(year=today.year - self.age, day=1) - timedelta(days=self.days_older)


@dataclass(frozen=True)
class _Pool:
    """Given and family names that go together, with the ethnicity codes of those who bear them in the demo."""

    female: tuple[str, ...]
    male: tuple[str, ...]
    family: tuple[str, ...]
    self_defined: tuple[str, ...]
    officer_defined: str


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_POOLS = (
    _Pool(
        _split("Alice Bethan Chloe Erin Freya Georgia Hannah Isla Lauren Megan Rosie Tilly"),
        _split("Aaron Callum Dylan Ethan Finlay George Harvey Jake Lewis Owen Rhys Toby"),
        _split("Ashdown Birchall Cobbold D'Arcy Fenwick Halloran Larkin Merriweather O'Dowd Pemberton-Hayes Tolliver"),
        ("W1", "W1", "W1", "W2", "W3"),
        "IC1",
    ),
    _Pool(
        _split("Agnieszka Elena Ioana Katarzyna Mirela Sofia Zofia"),
        _split("Andrei Bogdan Jakub Luca Marek Stefan Tomasz"),
        _split("Albescu Bielawska Castelnovo Dragomir Jankowiak Lisowski Petrescu-Vale"),
        ("W9",),
        "IC2",
    ),
    _Pool(
        _split("Adaeze Amara Efua Folake Jasmine Keisha Naomi Shanice Yetunde"),
        _split("Chidi Dwayne Emeka Jermaine Kofi Malachi Olumide Tariq Zion"),
        _split("Abankwah Akindele Boateng-Rowe Clarke-Olu Dacosta Eze Fordham N'Diaye Okonjo Sarpong"),
        ("B1", "B2", "B2", "B9", "M1", "M2"),
        "IC3",
    ),
    _Pool(
        _split("Aaliyah Ayesha Fatima Harpreet Meera Nusrat Priti Sunita Zara"),
        _split("Arjun Bilal Farhan Gurdeep Imran Kavi Mohsin Ravi Shahid"),
        _split("Ahluwat Begum Chowdhary Dhaliwal-Rai Hussaini Karimov Mirza Pattani Rahmani Sandhar"),
        ("A1", "A2", "A3", "A9", "M3"),
        "IC4",
    ),
    _Pool(
        _split("Hui Linh Mei Thuy Xiu Yuna"),
        _split("Bao Haruto Jun Minh Wei Zhen"),
        _split("Choy Hoang-Lam Kwan Nguyet Ong Tanaka-Reed Zhaoling"),
        ("A4", "A9"),
        "IC5",
    ),
    _Pool(
        _split("Dalal Layla Nadia Rania Yasmin"),
        _split("Anwar Hamza Idris Karim Sami"),
        _split("Al-Haddad Benyoussef El-Masri Khoury Zaitouni"),
        ("O2", "O9", "NS"),
        "IC6",
    ),
)
_WEIGHTS = (46, 10, 19, 16, 3, 6)

# Names that forms and pages must bear: written from right to left, of one part, and longer than a line.
UNUSUAL = (
    ("ליאור", "בן־שחר", "O9", "IC9"),
    ("سلمى", "الحدّاد", "O2", "IC6"),
    ("", "Suryadi", "A9", "IC5"),
    (
        "Maximiliana Wilhelmina Anne-Sophie Théodora",
        "de Vasconcelos e Castelbranco von Hohenfels-Quistgaard O'Shaughnessy-Llanfairpwll",
        "W9",
        "IC2",
    ),
    ("Siân", "Ní Dhálaigh-O'Toole", "W2", "IC1"),
)

_STREETS = _split("Larkrise Tamarisk Quillfeather Marlstone Copperbeech Whinberry Saltern Hollowell")
_KINDS = _split("Road Row Way Close Gardens Mews")
_LONDON = _split("N31 N33 SE30 SE32 NW13 NW14 W16 W18")
_KENT = _split("ME22 ME23 CT24 TN42")
_INWARD = "ABDEFGHJLNPQRSTUWXYZ"
_WORK = (
    *("Student", "Warehouse operative", "Unemployed", "Care assistant", "Delivery rider", "Retired", "Chef", "Nurse"),
    *("Electrician", "Retail assistant", "Software tester", "Cleaner", "Bus driver", "Plasterer", "Teaching assistant"),
)


def draw_person(rng: Random, *, number: int, kent: bool, age: int | None = None, unusual: bool = False) -> Person:
    """Draw a person; `number` keeps PNC IDs apart from one another, and the unusual take their names in turn."""
    sex = rng.choices(("male", "female"), (76, 24))[0]
    pool = rng.choices(_POOLS, _WEIGHTS)[0]
    first, last = rng.choice(pool.female if sex == "female" else pool.male), rng.choice(pool.family)
    self_defined, officer_defined = rng.choice(pool.self_defined), pool.officer_defined
    if unusual:
        first, last, self_defined, officer_defined = UNUSUAL[(number // 8) % len(UNUSUAL)]
    elif rng.random() < 0.2:
        first = f"{first} {rng.choice(pool.female if sex == 'female' else pool.male)}"
    age = (
        rng.choices((rng.randint(18, 24), rng.randint(25, 39), rng.randint(40, 79)), (45, 36, 19))[0]
        if age is None
        else age
    )
    year = rng.randint(98, 125)
    is_known = rng.random() < 0.35
    return Person(
        first_names=first,
        last_names=last,
        sex=sex if not unusual else rng.choice(("male", "female", "other")),
        age=age,
        self_defined_ethnicity=self_defined,
        officer_defined_ethnicity=officer_defined,
        address=f"{rng.randint(1, 140)} {rng.choice(_STREETS)} {rng.choice(_KINDS)}",
        postcode=_postcode(rng, _KENT if kent else _LONDON),
        phone=f"07700 900{rng.randint(0, 999):03d}" if rng.random() < 0.8 else f"020 7946 {rng.randint(0, 999):04d}",
        email=f"resident{number}.{rng.randint(10, 99)}@example.org" if rng.random() < 0.4 else "",
        days_older=rng.randint(1, 330),
        occupation="Schoolchild" if age < 16 else rng.choice(_WORK),
        pnc_id=pnc_id(1900 + year, number * 37 + 100_003) if is_known else "",
        cro_number=cro_number(year % 100, (number * 53 + 10_007) % 1_000_000)
        if is_known and rng.random() < 0.5
        else "",
    )


def pnc_id(year: int, serial: int) -> str:
    """Return a PNC ID with its check letter."""
    digits = f"{serial:07d}"
    return f"{year}/{digits}{check_letter(f'{year % 100:02d}{digits}')}"


def cro_number(year: int, serial: int) -> str:
    """Return a CRO number with its check letter; `year` has two digits."""
    digits = f"{serial:06d}"
    return f"{digits}/{year:02d}{check_letter(f'{year:02d}{digits}')}"


def _postcode(rng: Random, districts: tuple[str, ...]) -> str:
    return f"{rng.choice(districts)} {rng.randint(1, 9)}{rng.choice(_INWARD)}{rng.choice(_INWARD)}"
