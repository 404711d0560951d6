"""The named cast of the demo and of the tests: every role, units of the Metropolitan Police and of Kent. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cr_app.accounts.roles import Role

MET, KENT = "01", "46"
# One password for the whole demo cast; it opens nothing but a demo.
DEMO_PASSWORD = "shop-theft-and-an-apology"  # noqa: S105


@dataclass(frozen=True)
class Team:
    """A unit of the cast."""

    force: str
    name: str
    area: str


CAMDEN = Team(MET, "Emergency Response Team B", "Central North: Camden and Islington")
LAMBETH = Team(MET, "Emergency Response Team D", "Central South: Lambeth and Southwark")
STANDARDS = Team(MET, "Directorate of Professional Standards", "")
SCRUTINY = Team(MET, "Out of Court Resolutions Scrutiny", "")
INFORMATION = Team(MET, "Information Rights Unit", "")
DIGITAL = Team(MET, "Digital Policing", "")
MAIDSTONE = Team(KENT, "Victim Based Crime Team", "Maidstone")


@dataclass(frozen=True)
class Member:
    """One officer of the cast."""

    warrant_number: str
    given_names: str
    family_name: str
    rank: str
    team: Team
    roles: tuple[Role, ...]
    acting_rank: str = ""
    acting_from: date | None = None

    @property
    def email(self) -> str:
        """An address that no mail reaches."""
        return f"{self.warrant_number.lower()}@officers.example"


_RECORDS = (Role.RECORDING_OFFICER,)
_SUPERVISES = (Role.RECORDING_OFFICER, Role.SERGEANT)
_AUTHORISES = (Role.RECORDING_OFFICER, Role.AUTHORISING_OFFICER)

CAST: Mapping[str, Member] = {
    "amina": Member("4127", "Amina", "Khan", "Constable", CAMDEN, _RECORDS),
    "tom": Member("4213", "Tom", "O'Neill", "Constable", CAMDEN, _RECORDS),
    "grace": Member("3088", "Grace", "Mensah", "Sergeant", CAMDEN, _SUPERVISES),
    "daniel": Member("3302", "Daniel", "Reid", "Sergeant", CAMDEN, _AUTHORISES, "Inspector", date(2025, 9, 1)),
    "priya": Member("2051", "Priya", "Shah", "Inspector", CAMDEN, _AUTHORISES),
    "marcus": Member("4519", "Marcus", "Bell", "Constable", LAMBETH, _RECORDS),
    "helen": Member("2077", "Helen", "Brandt", "Inspector", LAMBETH, _AUTHORISES),
    "yusuf": Member("1904", "Yusuf", "Demir", "Chief Inspector", STANDARDS, (Role.PROFESSIONAL_STANDARDS,)),
    "ruth": Member("1733", "Ruth", "Adeyemi", "Chief Inspector", SCRUTINY, (Role.REVIEWER,)),
    "olivia": Member("70012", "Olivia", "Grant", "Police Staff Investigator", INFORMATION, (Role.FOI_ANALYST,)),
    "sam": Member("70045", "Sam", "Whitlock", "Police Staff Investigator", INFORMATION, (Role.FOI_ANALYST,)),
    "colin": Member("71010", "Colin", "Ward", "Police Staff Investigator", DIGITAL, (Role.ADMINISTRATOR,)),
    "margaret": Member("1205", "Margaret", "Lowe", "Superintendent", SCRUTINY, (Role.POLICY_OWNER,)),
    "kieran": Member("46-9123", "Kieran", "Doyle", "Constable", MAIDSTONE, _RECORDS),
    "laura": Member("46-8045", "Laura", "Finch", "Sergeant", MAIDSTONE, (*_SUPERVISES, Role.AUTHORISING_OFFICER)),
    "owen": Member("46-7012", "Owen", "Price", "Inspector", MAIDSTONE, _AUTHORISES),
}

# Taking requests from the start, until the next morning.
ON_DUTY = ("priya", "helen", "laura", "owen")
# Away for some days, and who covers meanwhile: the acting inspector by the inspector of the same unit.
AWAY, COVERS = "daniel", "priya"
