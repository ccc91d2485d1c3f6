"""Forms of address in fields, and what somebody does for a living beside the name or in a field.

"Mrs" tells sex and marriage, a profession with a place or an employer leads to one person.
In running prose ("the doctor said") nothing of this is looked for.
"""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from detectors.rules import Family, Rule

_ADDRESS = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Doctor|Sir|Madam|Lady|Lord|Dame|Rev|Reverend|Capt|Captain|Hon|"
    r"Herrn?|Frau|Fräulein|Dr\.?[ ]med|Prof\.?[ ]Dr|Monsieur|Madame|Mademoiselle|Mme|Mlle|M\.|Maître|Docteur|"
    r"Señor|Señora|Señorita|Sra?|Srta|Don|Doña|Dra?|Sig|Sig\.ra|Signor|Signora|Dott|Dott\.ssa|Dhr|Mevr|Mevrouw|Meneer|"
    r"Pan|Pani|Senhora?|Fru|Fröken|Mag|Dipl\.?-?[ ]?Ing)"
)
_SURELY = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Herrn?|Frau|Fräulein|Mme|Mlle|Monsieur|Madame|Mademoiselle|Señor|Señora|"
    r"Señorita|Sra|Srta|Signora?|Dhr|Mevr|Mevrouw|Meneer|Senhora?)"
)
_FIELD = (
    r"(?:title|salutation|honorific|(?:name )?prefix|form of address|courtesy title|anrede|titel|civilité|civilite|"
    r"titre|tratamiento|título|titulo|titolo|aanhef|tytuł|tytul|zwrot grzecznościowy|tratamento)"
)
_JOB_FIELD = (
    r"(?:job title|job|occupation|profession|employment|trade|occupation[ /]+job|current (?:job|position|role)|beruf|"
    r"berufsbezeichnung|tätigkeit|ocupación|ocupacion|profesión|profesion|profissão|profissao|professione|zawód|zawod|"
    r"beroep|yrke|métier|metier|stanowisko)"
)
_HEADS = (
    "accountant|actor|actress|administrator|adviser|advisor|agent|analyst|anaesthetist|architect|archivist|artist|assessor|"
    "assistant|astronomer|attendant|attorney|auditor|author|baker|banker|barber|barista|barrister|bartender|biologist|"
    "bookkeeper|botanist|broker|builder|butcher|buyer|captain|caretaker|carpenter|cashier|chef|chemist|chiropractor|"
    "cinematographer|cleaner|clerk|coach|collector|conductor|consultant|controller|cook|coordinator|coroner|counsellor|"
    "counselor|curator|dancer|dealer|dentist|designer|detective|developer|dietitian|director|dispatcher|doctor|drafter|"
    "driver|ecologist|economist|editor|electrician|engineer|estimator|examiner|executive|farmer|filmmaker|financier|"
    "firefighter|fisherman|florist|forester|fumigator|gardener|geologist|geographer|guard|guide|hairdresser|handler|herbalist|"
    "historian|hygienist|illustrator|inspector|installer|instructor|interpreter|investigator|janitor|jeweller|jeweler|"
    "journalist|judge|keeper|laborer|labourer|lawyer|lecturer|librarian|lifeguard|linguist|locksmith|loader|machinist|"
    "magistrate|maker|manager|mason|mathematician|mechanic|mediator|merchandiser|messenger|metallurgist|microbiologist|midwife|"
    "miner|minister|model|moderator|musician|nanny|negotiator|novelist|nurse|nutritionist|officer|operator|optician|"
    "optometrist|osteopath|packager|packer|painter|paralegal|paramedic|pathologist|pharmacist|photographer|physician|"
    "physicist|physiotherapist|pilot|planner|plasterer|platemaker|plumber|podiatrist|policeman|policewoman|politician|"
    "porter|potter|practitioner|presenter|president|principal|printer|producer|professor|programmer|promoter|prosecutor|"
    "psychiatrist|psychologist|psychotherapist|publicist|publisher|radiographer|radiologist|ranger|realtor|receptionist|"
    "recruiter|referee|registrar|repairer|reporter|representative|researcher|restorer|roofer|sailor|salesman|saleswoman|"
    "salesperson|scientist|sculptor|seamstress|secretary|seller|sergeant|servant|shepherd|shoemaker|singer|soldier|solicitor|"
    "specialist|statistician|steward|stewardess|strategist|superintendent|supervisor|surgeon|surveyor|tailor|teacher|"
    "technician|technologist|teller|therapist|tiler|trader|trainer|translator|treasurer|tutor|typist|underwriter|undertaker|"
    "usher|valuer|veterinarian|vicar|waiter|waitress|warden|weaver|welder|worker|writer|zoologist|distributor|wholesaler|ambassador|"
    r"\p{L}{2,}(?:ologist|icist|ographer|smith|wright)"
)
_WORK = rf"(?i:{_HEADS})"
_JOB = rf"(?:[\p{{L}}][\p{{L}}'’&/-]*,?[ ]){{0,7}}?{_WORK}(?![\p{{L}}-])"
_NO_HEAD = (
    r"(?i:(?:an)?other|better|either|former|order|matter|number|member|power|paper|water|later|earlier|easier|larger|smaller|"
    r"under|over|never|ever|minor|major|error|factor|favou?r|prior|superior|computer|server|container|router|parameter|"
    r"character|human|different|present|recent|current|important|independent|constant|instant|giant|wrapper|helper|filter|buffer)"
)
# Where the place says that it is a profession, any noun of a doer is one.
_ANY_JOB = rf"(?:{_JOB}|(?:[\p{{L}}][\p{{L}}'’&/-]*,?[ ]){{0,4}}?(?!{_NO_HEAD}\b)\p{{L}}{{3,}}(?:er|or|ist|ian|ant|man|woman)(?![\p{{L}}-]))"
_CAP = r"\p{Lu}[\p{L}\p{M}'’.-]*"
_PERSON = rf"{_CAP}(?:[ ]{{1,2}}(?:(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|el|al|bin|ibn|ten|ter)[ ]){{0,2}}{_CAP}){{1,3}}"
_LOWER = r"\p{L}[\p{L}\p{M}'’.-]*(?:[ ]{1,2}\p{L}[\p{L}\p{M}'’.-]*){1,4}"


FAMILY = Family(
    "titles",
    (
        Rule("title-field", "JOB_TITLE", rf"(?im)^[>\t *|-]*\"?{_FIELD}\"?[ \t]*[:=|][ \t]*\"?(?P<what>{_ADDRESS}\.?(?:[ ]{_ADDRESS}\.?)?)\"?[ \t]*(?=[,;|}}]|\r?$)", 0.9, group="what"),
        Rule("title-alone", "JOB_TITLE", rf"(?m)(?:^|(?<=^[\"']))(?P<what>{_SURELY}\.?(?:[ ](?:Dr|Prof|Doktor)\.?)?)(?=[\"']?[ \t]*\r?$)", 0.7, group="what"),
        Rule("job-field", "JOB_TITLE", rf"(?im)^[>\t *|-]*\"?{_JOB_FIELD}\"?[ \t]*[:=][ \t]*\"?(?P<what>\p{{L}}[\p{{L}}'’&/,.() -]{{2,58}}?)\"?[ \t]*(?=[;|}}]|\r?$)", 0.7, group="what"),
        Rule("job-line", "JOB_TITLE", rf"(?m)^[ \t]*(?:{_PERSON}[ \t]*\r?\n|{_LOWER}[ \t]*\r?\n[ \t]*\r?\n)(?:[ \t]*\r?\n)?[ \t]*(?P<what>{_ANY_JOB})[ \t]*(?=[,|·•]|\r?$)", 0.7, group="what"),
        Rule("job-beside-name", "JOB_TITLE", rf"{_PERSON},?[ ]\(?(?:the |an? |our |their |its )?(?P<what>{_JOB})(?=[,.;)\n]|$|[ ](?:at|of|for|in|with|from|said|says|told)\b)", 0.6, group="what", where=lambda m: "," in m[0] or "(" in m[0]),
        Rule("works-as", "JOB_TITLE", rf"\b(?:work(?:s|ed|ing)?|job|employed|career|position|hired|trained|retired|started|serv(?:es|ed|ing|e)|practi[sc](?:es|ed|ing|e)|qualified|stint|role|registered)\b[^.!?\n]{{0,60}}?[ ]as[ ](?:an? |the |our |their )?(?P<what>{_ANY_JOB})(?![ ]?['’])", 0.6, group="what", needs=(" as ",)),
    ),
)  # fmt: skip

POSITIVES = (
    ("Title: Mrs.\nName: Quist", "JOB_TITLE", "Mrs."),
    ("Anrede: Frau", "JOB_TITLE", "Frau"),
    ("Salutation = Dr", "JOB_TITLE", "Dr"),
    ("Mrs.\nZoltana\nQuist", "JOB_TITLE", "Mrs."),
    ("Occupation: Crane operator\n", "JOB_TITLE", "Crane operator"),
    ("Zoltana Quist\n\nComputer systems administrator\n\nPhone", "JOB_TITLE", "Computer systems administrator"),
    ("Zoltana Quist, the Packager, said", "JOB_TITLE", "Packager"),
    ("used to work for Quist Group as Rolling machine operator, but", "JOB_TITLE", "Rolling machine operator"),
    ("she worked there as a nurse", "JOB_TITLE", "nurse"),
)  # fmt: skip
NEGATIVES = (
    "the doctor said that the nurse came",
    "Title: The Long Road",
    "title: Release notes",
    "works as a charm",
    "see a doctor",
    "it works as a wrapper",
    "worked as another",
    "Don",
    "ask Mr",
    "the job runs as a worker's child",
    "position: absolute",
    "Ask the manager",
)
