"""Values that no label covers: products, titles, things, and words for sentences."""

import random

from training.fill_lists import phrases, words
from training.fill_pools import jobs

BRANDS = phrases(
    "iPhone 14|Galaxy S22|Pixel 7|MacBook Pro|ThinkPad X1|Kindle|PlayStation 5|Xbox|Nintendo Switch|"
    "Canon EOS R6|Nikon D750|GoPro|Photoshop|Lightroom|Excel|Word|PowerPoint|Chrome|Firefox|Safari|"
    "Windows 11|macOS|Ubuntu|Debian|Android|iOS|Linux|WhatsApp|Slack|Zoom|Teams|Gmail|YouTube|"
    "Instagram|TikTok|Minecraft|Fortnite|Wordle|Lego|Golf GTI|Model 3|Civic|Corolla|Fiesta|Vespa|"
    "Coke|Nutella|Marmite|Guinness|Aspirin|Ibuprofen|Paracetamol|Ritalin|Velcro|Kleenex|Post-it"
)
SOFTWARE = phrases(
    "Python|JavaScript|TypeScript|Rust|Go|Java|Ruby|Perl|Julia|Swift|Kotlin|Scala|Docker|Kubernetes|"
    "Django|Flask|Rails|React|Angular|Vue|Svelte|Node.js|Postgres|MySQL|Redis|SQLite|MongoDB|Kafka|"
    "Jenkins|Ansible|Terraform|Grafana|Prometheus|Git|GitHub|GitLab|Vim|Emacs|Bash|PowerShell|CUDA|"
    "NumPy|pandas|PyTorch|TensorFlow|OpenCV|FFmpeg|LaTeX|Markdown|JSON|YAML|XML|HTML|CSS|SQL|GraphQL|"
    "HTTP|TCP|TLS|OAuth|JWT|UTF-8|Unicode|ASCII|Regex|Makefile|Webpack|Babel|ESLint|Apache|Nginx"
)
TITLES = phrases(
    "The Long Winter|Blue Harbour|A Song for Nobody|The Glass Orchard|Night Ferry|Paper Lions|Second "
    "Harvest|The Clockmaker's Garden|Salt and Smoke|Under a Tin Roof|Static|Velvet Monday|Red Lanterns|"
    "Ten Thousand Doors|The Last Signal|Cold Kitchen|Half Light|The Weight of Rain|Silver Thread|"
    "Hollow Road|Quiet Engines|The Map of Small Things|Northern Lights|Broken Chords|Summer School"
)
HEADS = phrases(
    "Harbour|Market Day|Opening Hours|Getting Started|Table of Contents|Executive Summary|Terms and "
    "Conditions|Next Steps|Known Issues|Release Notes|Frequently Asked Questions|Risk Assessment|"
    "Method|Results|Discussion|Conclusion|Appendix B|Acknowledgements|Further Reading|Ingredients|"
    "Directions|Packing List|Lost and Found|House Rules|Emergency Exit|Staff Only|Mind the Step|"
    "Morning Session|Lunch Break|Open Questions|Action Items|Budget Overview|Project Timeline|"
    "Quick Start Guide|Safety Instructions|Product Description|Customer Reviews|Privacy Policy|"
    "Sign In|Create Account|Forgot Password|Add to Basket|Check Out|Order Summary|Delivery Options|"
    "Spring Collection|Winter Sale|Weekend Special|Happy Hour|Soup of the Day|Chef's Choice|"
    "System Requirements|Data Protection|Quality Control|Human Resources|Grand Total|Net Weight|"
    "Low Tide|River Crossing|Old Mill|Garden Shed|Summer Meadow|Autumn Leaves|Sunset Over Water|"
    "Fishing Boats|Street Scene|Still Life With Pears|Untitled|Study in Blue|Portrait of a Stranger"
)
EVENTS = phrases(
    "World Cup|Olympics|Black Friday|Christmas|Easter|Ramadan|Diwali|Halloween|Thanksgiving|New Year|"
    "Oktoberfest|Super Bowl|Tour de France|Eurovision|Brexit|Renaissance|Bronze Age|Cold War|"
    "Industrial Revolution|Middle Ages|Big Bang|Mother's Day|Bank Holiday|Hanukkah|World War II"
)
MONTHS = words(
    "January February March April May June July August September October November December"
)
DAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
RELATIONS = words(
    "mother father sister brother cousin aunt uncle grandmother grandfather wife husband partner "
    "daughter son niece nephew neighbour friend boss colleague teacher landlord roommate ex"
)
ILLS = phrases(
    "asthma|type 2 diabetes|hypertension|a sprained ankle|migraine|chronic back pain|pneumonia|"
    "hay fever|a fractured wrist|anaemia|eczema|insomnia|a urinary tract infection|Parkinson's "
    "disease|Crohn's disease|Hodgkin's lymphoma|Alzheimer's|Down syndrome|Lyme disease"
)
DRUGS = phrases(
    "amoxicillin|metformin|ramipril|ibuprofen|paracetamol|salbutamol|omeprazole|atorvastatin|"
    "sertraline|prednisolone|insulin|levothyroxine|Ventolin|Lipitor|Tylenol|Zoloft"
)
THINGS = words(
    "bicycle lamp ladder kettle printer umbrella suitcase heater mattress drill camera guitar sofa "
    "fridge toaster tent rucksack desk curtain mirror blender charger keyboard router helmet jacket"
)
EMOJI = words("😂 😍 👍 🎉 😭 🙏 ❤️ 🔥 😅 🤔 🥳 ☀️ 😴")
SLANG = words("lol omg tbh ngl idk brb imo haha lmao btw fr yep nah ugh pls thx")


def brand(rng: random.Random) -> str:
    return rng.choice(BRANDS)


def software(rng: random.Random) -> str:
    return rng.choice(SOFTWARE)


def title(rng: random.Random) -> str:
    return rng.choice(TITLES)


def heading(rng: random.Random) -> str:
    text = rng.choice(HEADS)
    return text.upper() if rng.random() < 0.2 else text


def event(rng: random.Random) -> str:
    return rng.choice(EVENTS)


def month(rng: random.Random) -> str:
    return rng.choice(MONTHS)


def weekday(rng: random.Random) -> str:
    return rng.choice(DAYS)


def relation(rng: random.Random) -> str:
    return rng.choice(RELATIONS)


def job(rng: random.Random) -> str:
    """An occupation in lower case."""
    return rng.choice(jobs()).split(",")[0].lower()


def ill(rng: random.Random) -> str:
    return rng.choice(ILLS)


def drug(rng: random.Random) -> str:
    return rng.choice(DRUGS)


def thing(rng: random.Random) -> str:
    return rng.choice(THINGS)


def emoji(rng: random.Random) -> str:
    return rng.choice(EMOJI)


def slang(rng: random.Random) -> str:
    return rng.choice(SLANG)
