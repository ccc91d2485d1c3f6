"""Organisations, and the names of nations, faiths and parties."""

import random

from training.fill_lists import phrases, words
from training.fill_people import rare_surname, syllable
from training.fill_places import city, region, town
from training.fill_pools import last_names

FIELDS = words(
    "Logistics Systems Energy Foods Media Capital Partners Software Analytics Robotics Textiles "
    "Motors Pharma Biotech Insurance Consulting Airlines Shipping Steel Mining Telecom Networks "
    "Studios Records Publishing Press Books Interiors Catering Plumbing Dental Optics Solar "
    "Ventures Holdings Industries Engineering Construction Properties Travel Records Design"
)
FORMS = words(
    "Ltd Ltd. Limited PLC Inc Inc. LLC Corp. Corporation Co. & Co. GmbH AG KG SE S.A. SA SARL "
    "S.r.l. SpA B.V. NV AB AS ApS Oy Sp._z_o.o. s.r.o. Kft. d.o.o. Pty_Ltd Pvt._Ltd. Ltda Bhd Group"
)
PUBLIC = phrases(
    "Ministry of {}|Department of {}|Office for {}|National Institute of {}|Federal Agency for {}|"
    "Royal Society of {}|Council for {}|Institute of {}|Centre for {}|International {} Association|"
    "{} Workers Union|Academy of {}|{} Research Council|{} Regulatory Authority|Bureau of {}"
)
SUBJECTS = words(
    "Health Education Transport Agriculture Defence Justice Finance Labour Science Statistics "
    "Fisheries Housing Culture Energy Engineering Linguistics Astronomy Nursing Meteorology Trade"
)
KNOWN = words(
    "Google Microsoft Amazon Apple Facebook IBM Intel Nokia Siemens Bosch BMW Volkswagen Toyota Sony "
    "Samsung Nestlé Unilever Shell BP Barclays HSBC Vodafone Tesco Walmart Boeing Airbus Reuters BBC "
    "CNN NASA NATO UNESCO UNICEF WHO FBI CIA NHS FIFA UEFA EU UN IMF Oxfam Greenpeace Netflix "
    "Twitter Spotify Lufthansa Ryanair IKEA Adidas Nike Arsenal Chelsea Liverpool Juventus Yankees "
    "Lakers Celtics Ajax Bayern Reebok Novartis Pfizer Oracle SAP Adobe Tesla Honda Philips Ericsson"
)
NOT_ONE_WORD = phrases(
    "the United Nations|the World Bank|the European Union|the Red Cross|the Labour Party|the Senate|"
    "the House of Commons|Manchester United|Real Madrid|the New York Times|the Guardian|Goldman "
    "Sachs|General Motors|Deutsche Bank|Amnesty International|the Supreme Court|the White House|"
    "Harvard University|the Green Party|the Metropolitan Police|Scotland Yard|Crystal Palace"
)
NATIONS = words(
    "French German Austrian Swiss Italian Spanish Portuguese Polish Hungarian Romanian Bulgarian "
    "Greek Turkish Ukrainian Russian Norwegian Swedish Finnish Danish Icelandic Irish Scottish "
    "Welsh English British Belgian Dutch Croatian Serbian Bosnian Slovenian Slovak Czech Latvian "
    "Lithuanian Estonian Canadian American Mexican Brazilian Argentine Chilean Peruvian Bolivian "
    "Colombian Cuban Jamaican Haitian Egyptian Libyan Tunisian Algerian Moroccan Sudanese Ethiopian "
    "Kenyan Ugandan Ghanaian Nigerian Senegalese Malian Angolan Namibian Israeli Jordanian Lebanese "
    "Syrian Iraqi Iranian Kuwaiti Yemeni Afghan Pakistani Indian Nepali Bangladeshi Burmese Thai "
    "Vietnamese Cambodian Malaysian Indonesian Filipino Japanese Korean Chinese Taiwanese Mongolian "
    "Kazakh Australian European African Asian Palestinian Kurdish Tibetan Maori Basque Catalan"
)
PEOPLES = words(
    "Germans Americans Italians Russians Poles Danes Swedes Finns Turks Greeks Serbs Croats Kurds "
    "Indians Mexicans Brazilians Canadians Australians Nigerians Kenyans Egyptians Syrians Iraqis "
    "Israelis Palestinians Ukrainians Hungarians Austrians Koreans Arabs Africans Europeans Asians "
    "Muslims Christians Catholics Protestants Jews Hindus Buddhists Sikhs Quakers Mormons Baptists "
    "Methodists Lutherans Democrats Republicans Conservatives Tories Liberals Socialists Communists"
)
BELIEFS = words(
    "Muslim Christian Catholic Protestant Jewish Hindu Buddhist Sikh Quaker Mormon Baptist "
    "Methodist Lutheran Anglican Orthodox Democrat Republican Conservative Labour Liberal Socialist "
    "Communist Marxist Zionist Sunni Shia Jain Evangelical Presbyterian Tory Libertarian Roma"
)


def _name(rng: random.Random) -> str:
    roll = rng.random()
    if roll < 0.35:
        return rng.choice(last_names(rng.choice(("en_US", "en_GB", "de_DE", "it_IT", "fr_FR"))))
    if roll < 0.65:
        return rare_surname(rng)
    if roll < 0.8:
        return (
            syllable(rng) + rng.choice(("ex", "ix", "io", "ra", "tec", "ly", "zen"))
        ).capitalize()
    return rng.choice(
        words("Apex Nova Delta Orion Blue Northern Global United Summit Pioneer Nordic")
    )


def company(rng: random.Random) -> str:
    """An invented firm."""
    form = rng.choice(FORMS).replace("_", " ")
    roll = rng.random()
    if roll < 0.3:
        return f"{_name(rng)} {rng.choice(FIELDS)} {form}"
    if roll < 0.5:
        return f"{_name(rng)} {form}"
    if roll < 0.7:
        return f"{_name(rng)} {rng.choice(FIELDS)}"
    if roll < 0.8:
        return f"{_name(rng)} & {rng.choice((_name(rng), 'Sons', 'Daughters', 'Partners'))}"
    if roll < 0.86:
        return f"{_name(rng)}, {_name(rng)} and {_name(rng)}"
    if roll < 0.93:
        return (syllable(rng) + syllable(rng)).capitalize()
    return f"{_name(rng)}{rng.choice(('Tech', 'Soft', 'Works', 'Lab', 'Bank', 'Pay', 'Hub'))}"


def school(rng: random.Random) -> str:
    """A school or university."""
    place = town(rng)
    saint = rng.choice(("St Mary's", "St. John's", "Holy Cross", "St Anne's", "Sacred Heart"))
    return rng.choice(
        (
            f"University of {city(rng)}", f"{place} University", f"{city(rng)} State University",
            f"{place} High School", f"{place} Primary School", f"{place} Community College",
            f"{saint} School", f"{_name(rng)} Academy", f"{place} Grammar School",
            f"Technische Universität {place}", f"{place} Institute of Technology",
            f"{_name(rng)} College", f"Université de {place}", f"{saint} College",
        )
    )  # fmt: skip


def hospital(rng: random.Random) -> str:
    """A hospital or practice."""
    place = town(rng)
    return rng.choice(
        (
            f"{place} General Hospital", f"{place} Medical Center", f"{_name(rng)} Clinic",
            f"St {rng.choice(('Luke', 'Mary', 'Thomas', 'Barnabas'))}'s Hospital",
            f"{place} Surgery", f"{_name(rng)} Memorial Hospital", f"Klinikum {place}",
            f"{region(rng)} Children's Hospital", f"{place} Health Centre",
        )
    )  # fmt: skip


def team(rng: random.Random) -> str:
    """A sports club."""
    kind = rng.choice(
        words("United City Rovers FC Tigers Bears Eagles Wanderers Athletic Hawks Rangers AFC RFC")
    )
    return f"{town(rng)} {kind}"


def public_body(rng: random.Random) -> str:
    """A ministry, office, union or learned body, without its article."""
    name = rng.choice(PUBLIC).format(rng.choice(SUBJECTS))
    return f"{name} of {region(rng)}" if rng.random() < 0.05 else name


def local_body(rng: random.Random) -> str:
    """A town's council, police, church or charity."""
    place = town(rng)
    kinds = (
        "City Council|Police Department|Borough Council|Fire Department|Housing Association|"
        "Public Library|Chamber of Commerce|Food Bank|Rotary Club|Choral Society|Baptist Church|"
        "County Court|Historical Society|Museum|Symphony Orchestra|Credit Union|Rugby Club"
    )
    return f"{place} {rng.choice(kinds.split('|'))}"


def organization(rng: random.Random) -> str:
    """Any organisation, without a leading article."""
    roll = rng.random()
    if roll < 0.36:
        return company(rng)
    if roll < 0.48:
        return rng.choice(KNOWN)
    if roll < 0.56:
        return rng.choice(NOT_ONE_WORD).removeprefix("the ")
    return rng.choice((school, hospital, team, public_body, local_body))(rng)


def nation(rng: random.Random) -> str:
    """An adjective of nationality."""
    return rng.choice(NATIONS)


def belief(rng: random.Random) -> str:
    """A religion or party as a person's."""
    return rng.choice(BELIEFS)


def people(rng: random.Random) -> str:
    """A group as a plural noun."""
    return rng.choice(PEOPLES)
