"""What officers of the demo write where a case is excluded: why it is exceptional, who was asked, what they said."""

TEAMS = {
    "01": (
        "Camden CID",
        "Central North community safety unit",
        "Lambeth proactive team",
        "Westminster case progression",
    ),
    "46": ("Maidstone CID", "Medway vulnerability investigation team"),
}
ADVISERS = (
    "Detective Sergeant Marguerite Achebe",
    "Detective Inspector Tadeusz O'Hara, duty",
    "Detective Constable Wen Li, officer in the case",
    "Detective Sergeant Rhiannon Vaughan-Okoro",
)
ADVICE = (
    "No further enquiries are outstanding. Supports a Community Resolution if an Inspector agrees.",
    "Would not seek a charge: the public interest test is not met. Asked that the conditions be written down in full.",
    "Content with it. Checked intelligence with the officer and found nothing that speaks against it.",
    "Supports it with one reservation: the course must be finished before anything is closed.",
)
# By the exclusion's rule; the last for any other.
GROUNDS_FOR: dict[str, tuple[str, ...]] = {
    "weapon-or-blade": (
        "The item was carried for a lawful pastime, forgotten in a bag and handed over before the search began. Nobody saw "
        "it and nothing suggests that it would have been used.",
        "The item was never taken out and nobody was put in fear. It was surrendered at once and will be destroyed.",
    ),
    "domestic-abuse": (
        "A single push between adult members of a family, not partners. A risk assessment was made: standard risk, no "
        "coercion, no earlier report, no child in the house.",
        "No pattern of behaviour: no earlier call to the address, no injury, no fear described to the officer who attended.",
    ),
    "hate-crime": (
        "The words were said once, in anger, and withdrawn on the spot. They were not part of what led to the offence.",
    ),
    "sexual-offence": (
        "One picture, no threat and no repetition, between two adults who knew each other. It was deleted in front of the "
        "officer.",
        "Stopped at the first word that it was unwelcome. A specialist officer was asked and sees no further risk.",
    ),
    "firearm": ("A toy with the tip painted over, taken from a child's costume. Nobody took it for a weapon.",),
    "indictable-only": (
        "Robbery in law only: a cap was pulled off and given back the same afternoon. No injury and no "
        "threat; the school deals with it as well.",
        "A prank between friends that went too far: nothing was kept, and what was taken was worth very little.",
    ),
    "": ("The harm was slight and has been put right, and the person harmed asks that no more be done.",),
}
