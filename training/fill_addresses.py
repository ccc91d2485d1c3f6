"""Postal addresses in the shapes of their countries; every number is drawn at random."""

import random
from collections.abc import Callable

from training.fill_lists import words
from training.fill_people import rare_surname
from training.fill_places import city, town
from training.fill_pools import KNOWN_CITIES, last_names, streets

Lines = list[str]
STATES = words(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM "
    "NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC"
)
US_KINDS = words(
    "St St St. Street Ave Avenue Ave. Rd Road Blvd Dr Drive Ln Lane Ct Way Pl Ter Pkwy"
)
UK_KINDS = words(
    "Street Road Lane Avenue Close Drive Way Crescent Gardens Place Terrace Grove Court Mews Hill "
    "Park Row Rise Walk Square Green"
)
BASES = words(
    "Maple Oak Elm Cedar Pine Birch Willow Chestnut Walnut Ash Hazel Main High Church Station Mill "
    "Park Lake River Hill Spring Meadow Orchard School College Market Bridge Castle Abbey King "
    "Queen Victoria Albert Kings Queens Prospect Highland Sunset Ridge Valley Forest Green Garden "
    "North South East West Union Liberty Harbour Dock Canal Quarry Vicarage Manor Priory Rectory"
)
UK_AREAS = words(
    "AB B BA BB BD BH BL BN BR BS CA CB CF CH CM CO CR CT CV CW DA DE DH DN DY E EC EH EN EX FY G "
    "GL GU HA HD HG HP HU HX IG IP KT KY L LA LE LL LN LS LU M ME MK N NE NG NN NP NR NW OL OX PE "
    "PL PO PR RG RH S SA SE SG SK SN SO SP SR SS ST SW SY TA TN TQ TR TS TW UB W WA WC WD WF WN WR "
    "WS WV YO"
)
GERMAN = words(
    "Haupt Bahnhof Garten Dorf Schul Berg Wald Linden Birken Kirch Mühlen Wiesen Ring Rosen Tannen "
    "Brunnen Post Markt Schloss Kastanien Goethe Schiller Mozart Feld Bach Ahorn Eichen Kloster"
)
GERMAN_KINDS = ("straße", "straße", "str.", "strasse", "weg", "gasse", "allee", "platz", "ring")
ROMANCE = {
    "fr": (
        "rue|rue de la|rue du|avenue|avenue de la|boulevard|place|chemin des|impasse|allée des",
        "Moulin|République|Gare|Église|Fontaine|Liberté|Pasteur|Gambetta|Lilas|Tilleuls|Château|"
        "Marché|Vignes|Écoles|Mairie|Prairie|Victor Hugo|Bellevue|Acacias",
    ),
    "es": (
        "Calle|Calle de|C/|Avenida|Avda.|Avenida de la|Paseo de|Plaza|Camino de|Ronda de",
        "Mayor|Real|Constitución|Sol|Luna|Fuente|Iglesia|Molino|San Juan|Santa Ana|Goya|Cervantes|"
        "Olivos|Rosales|Libertad|Reforma|Hidalgo|Independencia|Alcalá",
    ),
    "it": (
        "Via|Via|Via della|Viale|Corso|Piazza|Vicolo|Largo|Via dei",
        "Roma|Garibaldi|Mazzini|Verdi|Dante|Libertà|Stazione|Fontana|Mulino|Pini|Gelsomini|Cavour|"
        "Vittorio Veneto|San Marco|Giardini|Europa|Marconi",
    ),
    "pt": (
        "Rua|Rua da|Rua do|Avenida|Av.|Travessa da|Praça|Largo do|Estrada da",
        "Liberdade|Igreja|Fonte|Moinho|Paz|República|Comércio|Flores|Palmeiras|Santo António|Rosário|"
        "Boa Vista|Ipiranga|Sete de Setembro|Bela Vista",
    ),
}


def digits(rng: random.Random, count: int) -> str:
    """A number of so many digits that does not begin with 0."""
    return str(rng.randrange(10 ** (count - 1), 10**count))


def house(rng: random.Random) -> str:
    text = str(rng.randint(1, 30) if rng.random() < 0.5 else rng.randint(1, 250))
    roll = rng.random()
    if roll < 0.08:
        return text + rng.choice("abcd")
    return f"{text}-{int(text) + 2}" if roll < 0.10 else text


def base(rng: random.Random) -> str:
    roll = rng.random()
    if roll < 0.4:
        return rng.choice(BASES)
    return rng.choice(last_names("en_GB")) if roll < 0.8 else rare_surname(rng)


def _unit(rng: random.Random) -> str:
    number = rng.choice((str(rng.randint(1, 40)), f"{rng.randint(1, 30)}{rng.choice('ABCD')}"))
    return rng.choice(("Apt", "Apt.", "Unit", "Suite", "Ste", "#", "Apartment")) + " " + number


def us_street(rng: random.Random) -> str:
    number = rng.randint(1, 9999) if rng.random() < 0.8 else rng.randint(10000, 29999)
    if rng.random() < 0.15:
        ordinal = rng.choice("1st")
        return f"{number} {rng.choice('NSEW')} {ordinal} {rng.choice(US_KINDS)}"
    way = rng.choice(("", "", "", "N ", "S. ", "East ", "W ", "NE "))
    return f"{number} {way}{base(rng)} {rng.choice(US_KINDS)}"


def us(rng: random.Random) -> Lines:
    street = us_street(rng)
    if rng.random() < 0.3:
        street += rng.choice((", ", " ")) + _unit(rng)
    return [street, f"{city(rng)}, {rng.choice(STATES)} {us_zip(rng)}"]


def us_zip(rng: random.Random) -> str:
    code = f"{rng.randrange(501, 99950):05}"
    return f"{code}-{rng.randrange(10000):04}" if rng.random() < 0.2 else code


def uk_postcode(rng: random.Random) -> str:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    inward = f"{rng.randint(0, 9)}{rng.choice(letters)}{rng.choice(letters)}"
    return f"{rng.choice(UK_AREAS)}{rng.randint(1, 29)} {inward}"


def uk_street(rng: random.Random) -> str:
    roll = rng.random()
    street = f"{house(rng)} {base(rng)} {rng.choice(UK_KINDS)}"
    if roll < 0.15:
        return f"Flat {rng.randint(1, 40)}, {street}"
    if roll < 0.22:
        return f"{base(rng)} {rng.choice(('Cottage', 'House', 'Farm', 'Lodge'))}, {base(rng)} Lane"
    return street


def uk(rng: random.Random) -> Lines:
    lines = [uk_street(rng), town(rng) if rng.random() < 0.4 else city(rng), uk_postcode(rng)]
    if rng.random() < 0.15:
        lines.insert(2, rng.choice(("Kent", "Devon", "Surrey", "Norfolk", "Fife", "West Sussex")))
    if rng.random() < 0.3:
        lines[-2:] = [f"{lines[-2]} {lines[-1]}"]
    return lines


def ie(rng: random.Random) -> Lines:
    code = rng.choice(("D04", "D15", "T12", "H91", "V94", "A94", "X91", "F92", "P31"))
    tail = "".join(rng.choice("ACDEFHKNPRTVWXY0123456789") for _ in range(4))
    place = rng.choice(("Dublin 4", "Dublin 15", "Cork", "Galway", "Ennis, Co. Clare", "Co. Kerry"))
    return [uk_street(rng), place, f"{code} {tail}"]


def ca(rng: random.Random) -> Lines:
    letters = "ABCEGHJKLMNPRSTVXY"
    pick = rng.choice
    code = f"{pick(letters)}{rng.randint(0, 9)}{pick(letters)} "
    code += f"{rng.randint(0, 9)}{pick(letters)}{rng.randint(0, 9)}"
    place = pick(("Toronto, ON", "Ottawa, ON", "Calgary, AB", "Halifax, NS", "Montréal, QC"))
    return [us_street(rng), f"{place} {code}"]


def au(rng: random.Random) -> Lines:
    unit = f"{rng.randint(1, 30)}/" if rng.random() < 0.3 else ""
    state = rng.choice(("NSW 2", "VIC 3", "QLD 4", "SA 5", "WA 6", "TAS 7"))
    street = f"{unit}{house(rng)} {base(rng)} {rng.choice(UK_KINDS)}"
    return [street, f"{town(rng)} {state}{rng.randrange(1000):03}"]


def nz(rng: random.Random) -> Lines:
    place = rng.choice(("Auckland", "Wellington", "Christchurch", "Hamilton", "Nelson"))
    street = f"{house(rng)} {base(rng)} {rng.choice(UK_KINDS)}"
    return [street, f"{place} {rng.randrange(100, 9900):04}"]


def india(rng: random.Random) -> Lines:
    flat = rng.choice(("Flat No. {}", "H.No. {}", "#{}", "Plot {}", "{}-A")).format(house(rng))
    way = rng.choice(
        ("MG Road", "Gandhi Nagar", "Sector 14", "2nd Cross", "Station Road", "Park St")
    )
    place = rng.choice(("Bengaluru", "Pune", "Chennai", "New Delhi", "Mumbai", "Kochi", "Jaipur"))
    code = digits(rng, 6)
    return [f"{flat}, {way}", f"{place} {rng.choice(('- ', '', '– '))}{code}"]


def _german(rng: random.Random) -> str:
    if rng.random() < 0.25:
        return f"{rng.choice(('Am', 'Im', 'An der', 'Zum'))} {rng.choice(GERMAN)}berg {house(rng)}"
    first = rng.choice(GERMAN) if rng.random() < 0.7 else rare_surname(rng)
    return f"{first}{rng.choice(GERMAN_KINDS)} {house(rng)}"


def de(rng: random.Random) -> Lines:
    code = f"{rng.randrange(1067, 99998):05}"
    return [_german(rng), f"{rng.choice(('', '', 'D-'))}{code} {city(rng)}"]


def at(rng: random.Random) -> Lines:
    door = f"/{rng.randint(1, 20)}" if rng.random() < 0.4 else ""
    place = rng.choice(("Wien", "Graz", "Linz", "Salzburg", "Innsbruck", town(rng)))
    return [_german(rng) + door, f"{rng.choice(('', 'A-'))}{digits(rng, 4)} {place}"]


def ch(rng: random.Random) -> Lines:
    place = rng.choice(("Zürich", "Bern", "Basel", "Luzern", "Genève", "Lausanne", town(rng)))
    return [_german(rng).replace("ß", "ss"), f"{rng.choice(('', 'CH-'))}{digits(rng, 4)} {place}"]


def _romance(rng: random.Random, language: str) -> str:
    kinds, names = ROMANCE[language]
    return f"{rng.choice(kinds.split('|'))} {rng.choice(names.split('|'))}"


def fr(rng: random.Random) -> Lines:
    bis = rng.choice(("", "", "", " bis", " ter"))
    street = f"{rng.randint(1, 150)}{bis}{rng.choice((' ', ', '))}{_romance(rng, 'fr')}"
    place = rng.choice(("Paris", "Lyon", "Nantes", "Lille", "Rennes", "Dijon", town(rng)))
    return [street, f"{rng.randrange(1000, 95900):05} {place}{rng.choice(('', '', ' Cedex'))}"]


def be(rng: random.Random) -> Lines:
    bus = rng.choice(("", "", f" bus {rng.randint(1, 20)}", f" bte {rng.randint(1, 20)}"))
    place = rng.choice(("Bruxelles", "Gent", "Antwerpen", "Leuven", "Namur", town(rng)))
    return [f"{_dutch(rng)}{bus}", f"{digits(rng, 4)} {place}"]


def _dutch(rng: random.Random) -> str:
    stem = rng.choice(
        words("Dorps Kerk Molen Station Linden Beuken School Nieuw Hoog Tulpen Prins")
    )
    return f"{stem}{rng.choice(('straat', 'laan', 'weg', 'plein', 'gracht', 'kade'))} {house(rng)}"


def nl(rng: random.Random) -> Lines:
    letters = "ABCDEGHJKLMNPRSTVWXZ"
    code = f"{digits(rng, 4)} {rng.choice(letters)}{rng.choice(letters)}"
    return [_dutch(rng), f"{code} {rng.choice(('Amsterdam', 'Utrecht', 'Delft', town(rng)))}"]


def es(rng: random.Random) -> Lines:
    floor = rng.choice(("", "", f", {rng.randint(1, 8)}º {rng.choice('ABCD')}", ", bajo"))
    street = f"{_romance(rng, 'es')}{rng.choice((', ', ' '))}{rng.randint(1, 150)}{floor}"
    place = rng.choice(("Madrid", "Sevilla", "Valencia", "Bilbao", "Málaga", town(rng)))
    return [street, f"{rng.randrange(1001, 52006):05} {place}"]


def pt(rng: random.Random) -> Lines:
    floor = rng.choice(("", f", {rng.randint(1, 9)}º {rng.choice(('Esq', 'Dto'))}"))
    place = rng.choice(("Lisboa", "Porto", "Coimbra", "Braga", "Faro", town(rng)))
    code = f"{digits(rng, 4)}-{rng.randrange(1000):03}"
    return [f"{_romance(rng, 'pt')}, {rng.randint(1, 200)}{floor}", f"{code} {place}"]


def it(rng: random.Random) -> Lines:
    place = rng.choice(("Roma RM", "Milano (MI)", "Torino", "Bologna (BO)", "Bari", town(rng)))
    street = f"{_romance(rng, 'it')}{rng.choice((', ', ' '))}{house(rng)}"
    return [street, f"{rng.randrange(10, 98168):05} {place}"]


def pl(rng: random.Random) -> Lines:
    flat = rng.choice(("", f"/{rng.randint(1, 60)}", f" m. {rng.randint(1, 60)}"))
    street = f"{rng.choice(('ul. ', 'ul. ', 'al. ', ''))}{rng.choice(streets('pl_PL'))} "
    code = f"{rng.randrange(100):02}-{rng.randrange(1000):03}"
    place = rng.choice(("Warszawa", "Kraków", "Gdańsk", "Łódź", town(rng)))
    return [f"{street}{rng.randint(1, 120)}{flat}", f"{code} {place}"]


def cz(rng: random.Random) -> Lines:
    code = f"{rng.randrange(100, 799)} {rng.randrange(100):02}"
    number = rng.choice((f"{rng.randint(1, 99)}", f"{digits(rng, 3)}/{rng.randint(1, 60)}"))
    place = rng.choice(("Praha 3", "Brno", "Ostrava", "Plzeň", town(rng)))
    return [f"{rng.choice(streets('cs_CZ'))} {number}", f"{code} {place}"]


def sk(rng: random.Random) -> Lines:
    code = f"{rng.randrange(800, 990)} {rng.randrange(100):02}"
    return [f"{rng.choice(streets('sk_SK'))} {house(rng)}", f"{code} {town(rng)}"]


def nordic(rng: random.Random, stems: str, ends: str, places: str, code: str) -> Lines:
    street = rng.choice(stems.split()) + rng.choice(ends.split())
    place = rng.choice((*places.split(), town(rng)))
    return [f"{street} {house(rng)}", f"{code} {place}"]


def se(rng: random.Random) -> Lines:
    code = f"{rng.randrange(100, 985)} {rng.randrange(100):02}"
    stems = "Stor Kyrko Björk Skol Sjö Ring Lind Kungs Drottning Berg Ängs"
    return nordic(rng, stems, "gatan vägen gränd stigen", "Stockholm Lund Umeå Malmö", code)


def no(rng: random.Random) -> Lines:
    stems = "Kirke Skole Bjørke Strand Fjell Stor Sjø Linde Parkv"
    code = f"{rng.randrange(10, 9990):04}"
    return nordic(rng, stems, "veien gata vegen gaten", "Oslo Bergen Tromsø Bodø", code)


def dk(rng: random.Random) -> Lines:
    if rng.random() < 0.5:
        floor = rng.choice(("", ", 2. tv", ", 1. th", ", st."))
        street = f"{rng.choice(streets('da_DK'))} {house(rng)}{floor}"
        return [street, f"{digits(rng, 4)} {rng.choice(('København K', 'Odense', 'Aarhus C'))}"]
    return nordic(
        rng, "Bøge Kirke Skov Strand Eng Mølle", "vej gade allé", "Aalborg Vejle", digits(rng, 4)
    )


def fi(rng: random.Random) -> Lines:
    code = f"{rng.randrange(100, 99990):05}"
    stems = "Koivu Kirkko Mänty Koulu Ranta Metsä Kuusi"
    lines = nordic(rng, stems, "katu tie kuja polku", "Helsinki Tampere Oulu Turku", code)
    return [lines[0] + rng.choice(("", f" {rng.choice('ABC')} {rng.randint(1, 60)}")), lines[1]]


def hu(rng: random.Random) -> Lines:
    street = rng.choice(words("Petőfi Kossuth Rákóczi Arany Ady Fő Szent Deák"))
    kind = rng.choice(("utca", "u.", "út", "tér", "körút"))
    line = f"{digits(rng, 4)} {rng.choice(('Budapest', 'Szeged', 'Pécs', 'Győr'))}"
    return [line, f"{street} {kind} {rng.randint(1, 90)}."]


def ro(rng: random.Random) -> Lines:
    street = f"Str. {rng.choice(words('Florilor Libertății Unirii Morii Teilor Garoafei'))}"
    block = rng.choice(("", f", bl. {rng.randint(1, 40)}, ap. {rng.randint(1, 60)}"))
    place = rng.choice(("București", "Cluj-Napoca", "Iași", town(rng)))
    return [f"{street} nr. {rng.randint(1, 90)}{block}", f"{digits(rng, 6)} {place}"]


def hr(rng: random.Random) -> Lines:
    place = rng.choice(("Zagreb", "Split", "Rijeka", "Osijek"))
    return [f"{rng.choice(streets('hr_HR'))} {house(rng)}", f"{digits(rng, 5)} {place}"]


def gr(rng: random.Random) -> Lines:
    street = rng.choice(words("Ermou Athinas Stadiou Solonos Patission Kifisias Aiolou"))
    place = rng.choice(("Athina", "Thessaloniki", "Patra"))
    return [f"{street} {house(rng)}", f"{digits(rng, 3)} {digits(rng, 2)} {place}"]


def tr(rng: random.Random) -> Lines:
    street = f"{rng.choice(words('Atatürk Cumhuriyet Lale Çınar Gül Bahar Zafer'))} "
    street += rng.choice(("Cad.", "Sok.", "Caddesi", "Mah.")) + f" No: {rng.randint(1, 120)}"
    return [street, f"{digits(rng, 5)} {rng.choice(('Kadıköy/İstanbul', 'Ankara', 'İzmir'))}"]


def br(rng: random.Random) -> Lines:
    quarter = rng.choice(("Centro", "Jardim América", "Boa Vista", "Moema", "Vila Nova"))
    place = rng.choice(("São Paulo - SP", "Recife/PE", "Curitiba - PR", "Belo Horizonte - MG"))
    code = f"{rng.randrange(1000, 99999):05}-{rng.randrange(1000):03}"
    flat = rng.choice(("", f", apto {rng.randint(11, 220)}"))
    return [f"{_romance(rng, 'pt')}, {rng.randint(1, 2500)}{flat}", f"{quarter}, {place}", code]


def mx(rng: random.Random) -> Lines:
    quarter = rng.choice(("Col. Centro", "Col. Roma Norte", "Col. Del Valle", "Fracc. Las Palmas"))
    place = rng.choice(("CDMX", "Guadalajara, Jal.", "Puebla, Pue.", "Monterrey, N.L."))
    line = f"{_romance(rng, 'es')} {rng.choice(('', '', '#'))}{rng.randint(1, 900)}"
    return [line, f"{quarter}, {rng.randrange(1000, 99999):05} {place}"]


def ar(rng: random.Random) -> Lines:
    code = rng.choice((digits(rng, 4), f"{rng.choice('BCSX')}{digits(rng, 4)}ABC"))
    place = rng.choice(("Buenos Aires", "Rosario", "Mendoza", "La Plata"))
    return [f"{_romance(rng, 'es')} {rng.randint(100, 5000)}", f"{code} {place}"]


def jp(rng: random.Random) -> Lines:
    ward = rng.choice(words("Shibuya-ku Minato-ku Setagaya-ku Nakano-ku Kita-ku Sakyo-ku"))
    part = rng.choice(words("Sakura Midori Hon-cho Nishi Higashi Asahi Wakaba Kamimachi"))
    block = f"{rng.randint(1, 8)}-{rng.randint(1, 30)}-{rng.randint(1, 20)}"
    code = f"{digits(rng, 3)}-{rng.randrange(10000):04}"
    where = f"{ward}, {rng.choice(('Tokyo', 'Kyoto', 'Osaka'))} {code}"
    return [f"{block} {part}", where]


def sg(rng: random.Random) -> Lines:
    unit = f" #{rng.randint(1, 30):02}-{rng.randint(1, 400):02}"
    street = f"Blk {digits(rng, 3)} {rng.choice(('Bedok', 'Tampines', 'Clementi'))} "
    return [f"{street}Avenue {rng.randint(1, 9)}{unit}", f"Singapore {digits(rng, 6)}"]


def za(rng: random.Random) -> Lines:
    place = rng.choice(("Sandton", "Rondebosch, Cape Town", "Durban", "Hatfield, Pretoria"))
    return [
        f"{house(rng)} {base(rng)} {rng.choice(('Street', 'Rd', 'Ave'))}",
        place,
        digits(rng, 4),
    ]


def ke(rng: random.Random) -> Lines:
    return [f"P.O. Box {digits(rng, rng.randint(2, 5))}-00{rng.randrange(1000):03}", "Nairobi"]


def ph(rng: random.Random) -> Lines:
    barangay = rng.choice(("Brgy. San Roque", "Brgy. Poblacion", "Barangay 12"))
    return [f"{house(rng)} {base(rng)} St., {barangay}", f"Quezon City {digits(rng, 4)}"]


def kr(rng: random.Random) -> Lines:
    gil = f"{rng.randint(1, 200)}, {rng.choice(words('Teheran Sejong Mapo Hangang'))}-"
    gil += rng.choice(("ro", "daero", f"ro {rng.randint(1, 40)}-gil"))
    return [gil, f"{rng.choice(('Gangnam-gu', 'Mapo-gu', 'Jongno-gu'))}, Seoul {digits(rng, 5)}"]


def box(rng: random.Random) -> Lines:
    """A post office box with its town."""
    kind = rng.choice(("PO Box", "P.O. Box", "Postfach", "BP", "GPO Box", "Private Bag", "Box"))
    return [f"{kind} {digits(rng, rng.randint(2, 5))}", f"{city(rng)} {digits(rng, 4)}"]


COUNTRIES: dict[str, Callable[[random.Random], Lines]] = {
    "us": us, "uk": uk, "ie": ie, "ca": ca, "au": au, "nz": nz, "in": india, "de": de, "at": at,
    "ch": ch, "fr": fr, "be": be, "nl": nl, "es": es, "pt": pt, "it": it, "pl": pl, "cz": cz,
    "sk": sk, "se": se, "no": no, "dk": dk, "fi": fi, "hu": hu, "ro": ro, "hr": hr, "gr": gr,
    "tr": tr, "br": br, "mx": mx, "ar": ar, "jp": jp, "sg": sg, "za": za, "ke": ke, "ph": ph,
    "kr": kr, "box": box,
}  # fmt: skip
DRAWN = (*COUNTRIES, "us", "us", "us", "us", "us", "us", "uk", "uk", "uk", "uk", "uk", "de", "au")
ENDINGS = {
    "us": "USA", "uk": "United Kingdom", "de": "Germany", "fr": "France", "it": "Italy",
    "es": "Spain", "jp": "Japan", "in": "India", "au": "Australia", "br": "Brazil", "ca": "Canada",
}  # fmt: skip


def lines(rng: random.Random, country: str = "") -> Lines:
    """The lines of one address."""
    key = country or rng.choice(DRAWN)
    found = COUNTRIES[key](rng)
    if key in ENDINGS and rng.random() < 0.08:
        found.append(ENDINGS[key])
    return found


def one_line(rng: random.Random, country: str = "") -> str:
    """A whole address with commas."""
    return ", ".join(lines(rng, country))


def many_lines(rng: random.Random, country: str = "") -> str:
    """A whole address on the lines of an envelope."""
    return "\n".join(lines(rng, country))


def street(rng: random.Random) -> str:
    """A street with its house number alone."""
    key = rng.choice(DRAWN)
    found = COUNTRIES[key](rng)
    return found[1] if key == "hu" else found[0]


def postcode(rng: random.Random) -> str:
    """A postal code alone, of a form that letters or length make plain."""
    return rng.choice((us_zip, uk_postcode, us_zip, uk_postcode, _ca_code, _nl_code))(rng)


def _ca_code(rng: random.Random) -> str:
    return ca(rng)[1][-7:]


def _nl_code(rng: random.Random) -> str:
    return nl(rng)[1][:7]


def crossing(rng: random.Random) -> str:
    """Two streets that meet."""
    first, second = (f"{base(rng)} {rng.choice(US_KINDS[:8])}" for _ in range(2))
    if rng.random() < 0.3:
        first, second = (f"{rng.randint(4, 20)}th {rng.choice(('St', 'Ave'))}", second)
    return f"{first} {rng.choice(('and', '&', 'at'))} {second}"


def partial(rng: random.Random) -> str:
    """A part of an address, as people write it in passing."""
    roll = rng.random()
    if roll < 0.5:
        return street(rng)
    if roll < 0.65:
        return f"{street(rng)}, {rng.choice(KNOWN_CITIES)}"
    if roll < 0.8:
        return ", ".join(box(rng)) if roll < 0.72 else box(rng)[0]
    return f"{us_street(rng)}, {_unit(rng)}" if roll < 0.9 else uk_street(rng)
