"""What happened in the demo's cases: invented incidents by published offence group."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One incident: its offence, what happened, what the offender says, who was harmed and what puts it right.

    `victim` is person, organisation or none; `remedy` is a code of the Community Remedy list, `amount` is in pounds.
    """

    code: str
    place: str
    brief: str
    account: str
    victim: str = "none"
    organisation: str = ""
    remedy: str = "apology"
    undertaking: str = "Write a letter of apology within two weeks"
    amount: str = ""
    gravity: int = 2
    flags: tuple[str, ...] = ()
    venue: str = "none"


STORIES: dict[str, tuple[Story, ...]] = {
    "Drug offences": (
        Story(
            "92/61",
            "Footpath behind the leisure centre",
            "Stopped and searched after a smell of cannabis. One small bag of herbal cannabis, under 3 grams, for own use.",
            "It's mine, I was going to smoke it at home. I know I shouldn't have it.",
            remedy="structured-activity",
            undertaking="Attend the online drug awareness course",
        ),
        Story(
            "92/61",
            "Car park of Quayside retail park",
            "Sat in a parked car, rolling a cigarette. Handed over a grinder with traces and one bag of cannabis.",
            "I only have it at weekends. I'm sorry, I'll do the course.",
            remedy="structured-activity",
            undertaking="Attend the drug awareness course and bring the certificate",
        ),
        Story(
            "92/61",
            "Main gate of the summer festival",
            "Found by a search dog at the entrance. One cannabis cigarette in a jacket pocket.",
            "A friend gave it to me. I forgot I had it, but yes, it's mine.",
            remedy="treatment",
            undertaking="See the drug and alcohol service once before the due date",
            gravity=1,
        ),
        Story(
            "92/65",
            "Queue outside the Foundry club",
            "Door staff found a wrap of white powder, said by the offender to be ketamine, under 1 gram.",
            "It's ket. It was for me and nobody else.",
            remedy="treatment",
            undertaking="Attend an appointment with the drug and alcohol service",
        ),
        Story(
            "93/91",
            "Playing fields by the allotments",
            "With two others, inhaling nitrous oxide from a canister. The canister was surrendered.",
            "We were just messing about. I didn't know it was against the law now.",
            remedy="structured-activity",
            undertaking="Attend the drug awareness course",
            gravity=1,
        ),
    ),
    "Violence against the person": (
        Story(
            "105/01",
            "Outside the Copper Kettle café",
            "Argument over a parking space. Pushed the victim once with both hands. No injury.",
            "I lost my temper and I pushed him. He didn't deserve that.",
            "person",
            undertaking="Apologise to the victim in person, with an officer present",
        ),
        Story(
            "105/01",
            "Top deck of a night bus",
            "Threw a half-full drink over another passenger after words were exchanged.",
            "I threw the drink. I was drunk, it was stupid.",
            "person",
            remedy="financial-compensation",
            undertaking="Pay for cleaning the victim's coat",
            amount="18.50",
        ),
        Story(
            "195/41",
            "By phone, from the offender's home",
            "Sent eleven insulting messages to a former colleague over two evenings after being asked to stop.",
            "I was angry about how I was treated at work. I went too far.",
            "person",
            remedy="behaviour-agreement",
            undertaking="Sign an agreement to make no contact with the victim for six months",
        ),
    ),
    "Theft": (
        Story(
            "46/00",
            "Pennyfold Stores, High Street",
            "Put two packets of cheese and a bottle of wine in a bag and left without paying. Goods recovered, not saleable.",
            "I took them. I'd no money till Friday. I'm ashamed of it.",
            "organisation",
            "Pennyfold Stores",
            remedy="financial-compensation",
            undertaking="Pay the shop for what was taken",
            amount="12.40",
        ),
        Story(
            "46/00",
            "Bellweather Chemist, Market Parade",
            "Seen by staff to hide cosmetics in a pushchair. Stopped at the door; everything recovered undamaged.",
            "I don't know why I did it. I've never stolen before.",
            "organisation",
            "Bellweather Chemist",
            undertaking="Write a letter of apology to the shop's manager",
            gravity=1,
        ),
        Story(
            "44/00",
            "Cycle racks at the railway station",
            "Took an unlocked bicycle and rode it home. Returned it undamaged the next day when officers called.",
            "I missed the last bus. I meant to bring it back.",
            "person",
            remedy="making-good",
            undertaking="Return the bicycle and replace the broken lamp",
        ),
        Story(
            "53/25",
            "The Saffron Table restaurant",
            "Left after a meal for two without paying. Traced by the booking made in the offender's name.",
            "My card was refused and I panicked. I'll pay it, of course I will.",
            "organisation",
            "The Saffron Table",
            remedy="financial-compensation",
            undertaking="Pay the restaurant's bill",
            amount="64.80",
        ),
    ),
    "Criminal damage & arson": (
        Story(
            "149/00",
            "Bus shelter, Station Approach",
            "Kicked and cracked a panel of the shelter. Seen on the operator's camera.",
            "I was in a mood and kicked it. I didn't think it would break.",
            "organisation",
            "Greenway Shelters",
            remedy="community-work",
            undertaking="Six hours with the neighbourhood clean-up team",
        ),
        Story(
            "149/00",
            "Larkrise Way",
            "Dispute between neighbours over a hedge. Broke the wing mirror of the neighbour's car.",
            "Yes, I did it. It's gone on for years, but that's no excuse.",
            "person",
            remedy="financial-compensation",
            undertaking="Pay for the mirror",
            amount="139.00",
        ),
    ),
    "Public order": (
        Story(
            "125/12",
            "Ticket hall of the underground station",
            "Swore and shouted at staff for several minutes after missing a train. Calmed down when spoken to.",
            "I was out of order. They were only doing their job.",
            "organisation",
            "Station staff of Meridian Line",
            undertaking="Write a letter of apology to the station staff",
            gravity=1,
        ),
        Story(
            "125/09",
            "Market Square",
            "Abused a street trader over the price of fruit, standing close and shouting in his face.",
            "I shouldn't have spoken to him like that.",
            "person",
            remedy="mediation",
            undertaking="Take part in one mediation meeting",
        ),
    ),
    "Misc. crimes": (
        Story(
            "59/11",
            "Communal hall, Tamarisk Row flats",
            "Threatened to put a neighbour's window through during an argument about noise.",
            "I said it, I'd never have done it.",
            "person",
            remedy="mediation",
            undertaking="Meet the neighbour with the mediation service",
        ),
        Story(
            "111/18",
            "Quillfeather Common",
            "A dog off its lead chased and frightened a jogger. Nobody was bitten.",
            "He slipped the lead. I should have had him under control.",
            "person",
            remedy="behaviour-agreement",
            undertaking="Keep the dog on a lead in public and attend a training class",
            gravity=1,
        ),
    ),
    "Possession of weapons": (
        Story(
            "8/26",
            "Bag search at the shopping centre",
            "A fixed-blade fishing knife was found in a rucksack. The offender had been fishing the day before.",
            "I forgot it was in the bag from fishing. I know I can't carry it about.",
            remedy="structured-activity",
            undertaking="Attend the knife awareness course",
            gravity=3,
        ),
    ),
    "Sexual": (
        Story(
            "88/14",
            "By phone, between two people who had met online",
            "Sent one unwanted photograph. Apologised at once when told that it was unwelcome.",
            "I thought she wanted it. I was wrong and I'm sorry.",
            "person",
            remedy="structured-activity",
            undertaking="Attend the course on consent",
            gravity=3,
        ),
    ),
    "Robbery": (
        Story(
            "34/01",
            "School gates",
            "Snatched a classmate's cap after pushing him, gave it back the same afternoon.",
            "It was meant as a joke but I pushed him.",
            "person",
            remedy="restorative-meeting",
            undertaking="Meet the victim with a trained facilitator",
            gravity=3,
        ),
    ),
}

CANNABIS = STORIES["Drug offences"][0]
KNIFE = STORIES["Possession of weapons"][0]
SHOP_THEFT = STORIES["Theft"][0]
ASSAULT = STORIES["Violence against the person"][0]
DOMESTIC = Story(
    "105/01",
    "The home of the offender's mother",
    "Pushed his adult brother in a quarrel over the television. No injury; both had been drinking.",
    "I pushed him, he pushed me. It won't happen again.",
    "person",
    undertaking="Apologise to his brother",
    flags=("domestic_abuse",),
)
PARLIAMENT = Story(
    "8/26",
    "Visitors' entrance, Houses of Parliament",
    "A folding knife with a blade over three inches was declared at the search. A visitor on the last day of a holiday.",
    "At home everybody carries one. I did not know it was forbidden here.",
    remedy="making-good",
    undertaking="Give up the knife and sign the disclaimer",
    gravity=1,
    venue="houses-of-parliament",
)
# Four more offences for one spree of small thefts and damage.
SPREE = ("149/00", "125/12", "44/00", "141/01")

BOROUGHS = {
    "01": ("Camden", "Islington", "Lambeth", "Southwark", "Westminster"),
    "46": ("Maidstone", "Medway", "Tonbridge and Malling"),
}
RATIONALES = (
    "First offence, admitted at once, and the victim is content. Prosecution would serve no public interest; the agreed "
    "action puts right what was done.",
    "Low harm, real remorse and a quick apology. A Community Resolution deals with it today and lets the victim be heard.",
    "The offender has no relevant history, understands what was done and wants to repair it. Proportionate to the harm.",
    "Considered a caution. The circumstances, the admission and the victim's wishes make an informal outcome sufficient.",
)
WISHES = (
    "I just want an apology and for it not to happen again.",
    "I don't want them to get a record. As long as it's paid for.",
    "It shook me up. I'd like them to understand that.",
    "We see this every week. We are happy as long as they stay away for a while.",
)
