"""Places: cities, regions, countries, named spots, and how prose points at them."""

import random

from training.fill_lists import phrases, words
from training.fill_people import rare_surname
from training.fill_pools import KNOWN_CITIES, cities, last_names

MORE_CITIES = phrases(
    "New York|New York City|Los Angeles|San Francisco|San Diego|San Jose|Las Vegas|Salt Lake City|"
    "Kansas City|New Orleans|St. Louis|Washington, D.C.|Cape Town|Port Elizabeth|Buenos Aires|"
    "São Paulo|Rio de Janeiro|Mexico City|Guatemala City|Ho Chi Minh City|Kuala Lumpur|Hong Kong|"
    "Phnom Penh|Tel Aviv|Abu Dhabi|Addis Ababa|Newcastle upon Tyne|Stoke-on-Trent|Bad Homburg|"
    "Frankfurt am Main|Freiburg|Aix-en-Provence|The Hague|Fort Worth|Santa Fe|Baton Rouge|Hof|Ulm|"
    "St Andrews|Kingston upon Hull|Bury St Edmunds|Palo Alto|Grand Rapids|Little Rock|Köln|Zürich"
)
COUNTRIES = phrases(
    "France|Germany|Austria|Switzerland|Italy|Spain|Portugal|Poland|Hungary|Romania|Bulgaria|"
    "Greece|Turkey|Ukraine|Russia|Norway|Sweden|Finland|Denmark|Iceland|Ireland|Scotland|Wales|"
    "England|Belgium|Luxembourg|Croatia|Serbia|Bosnia|Slovenia|Slovakia|Latvia|Lithuania|Estonia|"
    "Canada|Mexico|Brazil|Argentina|Chile|Peru|Bolivia|Colombia|Venezuela|Ecuador|Cuba|Jamaica|"
    "Haiti|Egypt|Libya|Tunisia|Algeria|Morocco|Sudan|Ethiopia|Kenya|Uganda|Tanzania|Zambia|Ghana|"
    "Nigeria|Senegal|Mali|Niger|Chad|Angola|Namibia|Botswana|South Africa|Mozambique|Madagascar|"
    "Israel|Jordan|Lebanon|Syria|Iraq|Iran|Kuwait|Qatar|Yemen|Oman|Afghanistan|Pakistan|India|"
    "Nepal|Bhutan|Bangladesh|Sri Lanka|Myanmar|Thailand|Laos|Vietnam|Cambodia|Malaysia|Singapore|"
    "Indonesia|the Philippines|Japan|South Korea|North Korea|China|Taiwan|Mongolia|Kazakhstan|"
    "Australia|New Zealand|Fiji|Samoa|the Netherlands|the United States|the United Kingdom|"
    "United States|United Kingdom|USA|UK|U.S.|U.K.|US|UAE|the Czech Republic|El Salvador|Malta"
)
REGIONS = phrases(
    "California|Texas|Florida|Ohio|Michigan|Illinois|Oregon|Nevada|Arizona|Utah|Colorado|Kansas|"
    "Iowa|Maine|Vermont|Virginia|Georgia|Alabama|Louisiana|Kentucky|Tennessee|New Jersey|Montana|"
    "Massachusetts|Pennsylvania|North Carolina|South Dakota|West Virginia|Hawaii|Alaska|Ontario|"
    "Quebec|Alberta|British Columbia|Nova Scotia|Queensland|Victoria|Tasmania|New South Wales|"
    "Bavaria|Saxony|Hesse|Tyrol|Tuscany|Sicily|Lombardy|Brittany|Normandy|Provence|Catalonia|"
    "Andalusia|Galicia|Flanders|Wallonia|Jutland|Lapland|Silesia|Moravia|Transylvania|Crimea|"
    "Kent|Devon|Cornwall|Norfolk|Suffolk|Essex|Sussex|Surrey|Yorkshire|Lancashire|Cumbria|Dorset|"
    "Kerry|Donegal|Fife|Kerala|Punjab|Gujarat|Goa|Bihar|Rajasthan|Hokkaido|Okinawa|Jalisco|Bahia|"
    "Patagonia|Siberia|Scandinavia|the Balkans|the Midlands|the Midwest|East Anglia|Europe|Asia|"
    "Africa|North America|South America|Antarctica|the Middle East|the Caribbean|Kosovo|Darfur"
)
NATURE = phrases(
    "Lake {}|Mount {}|River {}|{} River|{} Bay|{} Creek|{} Valley|Loch {}|{} Island|Cape {}|{} "
    "Falls|{} Canyon|{} Glacier|{} Pass|Isle of {}|{} Forest|{} Point|{} Beach"
)
SPOTS = phrases(
    "{} Bridge|{} Station|{} Square|{} Park|{} Castle|{} Airport|{} Harbour|Port {}|Fort {}|{} "
    "Heights|{} Cathedral|{} Market|{} Pier|{} Stadium|{} Gardens|{} Tower|{} Hill|East {}|West {}|"
    "North {}|South {}|New {}|Old {}|Upper {}|{} Green|{} Hall|{} Common|{} Quay"
)
FAMOUS = phrases(
    "the Thames|the Rhine|the Danube|the Seine|the Nile|the Alps|the Andes|the Rockies|the Sahara|"
    "the Atlantic|the Pacific|the North Sea|the Baltic|the Mediterranean|Manhattan|Brooklyn|Queens|"
    "the Bronx|Harlem|Soho|Camden|Hackney|Brixton|Shoreditch|Kreuzberg|Montmartre|Trastevere|"
    "Times Square|Central Park|Hyde Park|Trafalgar Square|Heathrow|Gatwick|Hollywood|Silicon "
    "Valley|Long Island|Cape Cod|Lake Garda|Lake Tahoe|Lake Geneva|Lake Constance|Mount Etna|"
    "Mont Blanc|Loch Ness|Ben Nevis|Snowdon|the Black Forest|Niagara Falls|Bondi Beach|Uluru|"
    "the Great Lakes|the Gobi|Gibraltar|Majorca|Ibiza|Crete|Corfu|Rhodes|Sardinia|Corsica|Bali"
)
TOWN_ENDS = words(
    "ton ham ford bury wick by thorpe stead worth field mouth pool port bridge haven dale moor "
    "well burg dorf heim hausen stadt kirchen bach au ow itz ville court mont -sur-Mer sund vik "
    "stad borg holm by lev up ice ov owo any grad polis abad pur nagar"
)
ABBREVIATED = words("CA NY TX FL WA IL MA OH PA GA NC NJ VA AZ CO OR MI MN TN MD ON BC QC NSW VIC")


def town(rng: random.Random) -> str:
    """A small town, real or made up."""
    roll = rng.random()
    if roll < 0.6:
        names = cities(rng.choice(TOWN_LOCALES))
        return rng.choice(names).split(",")[0].split("(")[0].strip()
    if roll < 0.9:
        base = rng.choice(last_names(rng.choice(("en_GB", "en_IE", "de_AT", "nl_NL", "sv_SE"))))
        base = base.split()[-1].split("'")[-1].split("-")[-1]
        return (base[: rng.randint(4, 6)].rstrip("-' aeiou") + rng.choice(TOWN_ENDS)).capitalize()
    return rng.choice(SPOTS[17:-3]).format(rare_surname(rng))


TOWN_LOCALES = words(
    "cs_CZ da_DK de_AT de_CH de_DE fi_FI hr_HR hu_HU es_CL en_IN id_ID it_IT nl_BE nl_NL pl_PL "
    "ro_RO sk_SK sl_SI sv_SE fr_DZ zu_ZA"
)


def city(rng: random.Random) -> str:
    """A city or town."""
    roll = rng.random()
    if roll < 0.5:
        return rng.choice(KNOWN_CITIES)
    return rng.choice(MORE_CITIES) if roll < 0.62 else town(rng)


def country(rng: random.Random) -> str:
    """A country without its article, as a form or a list writes it."""
    return rng.choice(COUNTRIES).removeprefix("the ")


def region(rng: random.Random) -> str:
    """A state, county, province or larger region, without its article."""
    return rng.choice(REGIONS).removeprefix("the ")


def spot(rng: random.Random) -> str:
    """A named lake, bridge, quarter, park or the like, without its article."""
    roll = rng.random()
    if roll < 0.35:
        return rng.choice(FAMOUS).removeprefix("the ")
    base = town(rng) if rng.random() < 0.3 else rare_surname(rng)
    if roll > 0.8:
        base = rng.choice(last_names("en_GB"))
    return rng.choice(NATURE if rng.random() < 0.45 else SPOTS).format(base.split()[-1])


def anywhere(rng: random.Random) -> str:
    """Any place a sentence may name after "in"."""
    roll = rng.random()
    if roll < 0.5:
        return city(rng)
    if roll < 0.7:
        return country(rng)
    return region(rng) if roll < 0.87 else town(rng)


def pair(rng: random.Random) -> str:
    """A city with its state or country, as one place: Tulsa, Ohio."""
    wider = rng.random()
    if wider < 0.35:
        return f"{city(rng)}, {rng.choice(ABBREVIATED)}"
    return f"{city(rng)}, {region(rng) if wider < 0.7 else country(rng)}"
