# ruff: noqa: E501 - a table
"""Column headers and keys that make every value below them private, in several languages.

Only words that say so on their own count. A word that also names harmless things (`name`
of a product, `address` of a page) counts alone or beside a word for people.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")

_ROWS = {
    "EMAIL_ADDRESS": "email|e mail|mail address|email address|emails|correo|correo electronico|"
    "courriel|adresse mail|adresse email|mailadresse|e mail adresse|emailadresse|posta elettronica|"
    "correio eletronico|e post|epost|sahkoposti|メール|メールアドレス|邮箱|电子邮件|электронная почта|почта",
    "PHONE_NUMBER": "phone|telephone|mobile|cell|cellphone|cell phone|phone number|phone no|"
    "mobile number|mobile phone|home phone|work phone|fax|tel|telefon|telefonnummer|handy|"
    "mobilnummer|telefono|telefone|celular|movil|telephone number|numero de telephone|portable|"
    "cellulare|puhelin|telefoon|电话|手机|電話番号|電話|телефон|whatsapp",
    "PERSON": "name|full name|fullname|first name|firstname|last name|lastname|surname|given name|"
    "family name|middle name|forename|maiden name|nickname|display name|author|authors|owner|"
    "contact|contact name|contact person|customer name|customer|client name|employee|employee name|"
    "patient|patient name|user full name|recipient|sender|assignee|reporter|speaker|photographer|"
    "nombre|apellido|apellidos|nom|prenom|nom de famille|vorname|nachname|familienname|auteur|autor|"
    "autora|verfasser|ansprechpartner|cognome|nome|sobrenome|naam|voornaam|achternaam|imie|nazwisko|"
    "fornamn|efternamn|fornavn|etternavn|etunimi|sukunimi|姓名|名前|氏名|имя|фамилия|фио|mother s maiden name",
    "USERNAME": "username|user name|login|login name|user login|account name|benutzername|usuario|"
    "nombre de usuario|utilisateur|nom d utilisateur|identifiant|gebruikersnaam|nome utente|用户名",
    "DATE_OF_BIRTH": "dob|birth date|birthdate|date of birth|birthday|born|geburtsdatum|geburtstag|"
    "fecha de nacimiento|fecha nacimiento|date de naissance|data di nascita|data de nascimento|"
    "geboortedatum|fodelsedatum|生年月日|出生日期|дата рождения",
    "NATIONAL_ID": "ssn|social security number|social security|national id|nationalid|nin|nino|"
    "national insurance number|sin|tax id|taxid|tin|itin|tax number|steuernummer|steuer id|"
    "personnummer|dni|nie|nif|curp|rfc|cpf|cnpj|codice fiscale|bsn|pesel|aadhaar|aadhar|pan number|"
    "insee|numero de securite sociale|sozialversicherungsnummer|ahv nummer|身份证|身份证号|マイナンバー|инн|снилс",
    "ADDRESS": "address|street|street address|home address|postal address|mailing address|address1|"
    "address 1|address2|address 2|address line 1|address line 2|billing address|shipping address|"
    "adresse|strasse|anschrift|hausnummer|direccion|domicilio|calle|rue|indirizzo|via|endereco|"
    "rua|adres|straat|gatuadress|osoite|住所|地址|адрес",
    "POSTCODE": "zip|zipcode|zip code|postcode|post code|postal code|plz|postleitzahl|code postal|"
    "codigo postal|cap|cep|postnummer|kod pocztowy|郵便番号|邮编",
    "IP_ADDRESS": "ip|ip address|ipaddress|ip addr|ipv4|ipv6|client ip|remote ip|remote addr|"
    "source ip|src ip|x forwarded for|last login ip|direccion ip|adresse ip",
    "MAC_ADDRESS": "mac|mac address|macaddr|bssid|hwaddr",
    "COORDINATES": "lat|latitude|lon|lng|long|longitude|latlng|lat lng|lat lon|latlon|coordinates|"
    "geo location|geolocation|gps|gps lat|gps lon|gps latitude|gps longitude|breitengrad|"
    "langengrad|latitud|longitud|latitudine|longitudine|纬度|经度|緯度|経度|широта|долгота",
    "PASSWORD": "password|passwd|pwd|passphrase|passcode|pass|pin|pin code|passwort|kennwort|"
    "contrasena|clave|mot de passe|senha|wachtwoord|haslo|losenord|salasana|密码|パスワード|пароль",
    "AUTH_TOKEN": "token|access token|accesstoken|refresh token|auth token|authtoken|bearer|"
    "session token|sessionid|session id|id token|cookie|set cookie|authorization|csrf token|jwt",
    "API_KEY": "api key|apikey|api secret|secret|secret key|client secret|access key|"
    "secret access key|private key|x api key|consumer key|consumer secret|encryption key",
    "IBAN_CODE": "iban|iban code|iban number",
    "CREDIT_CARD": "credit card|creditcard|card number|cardnumber|cc number|ccnumber|pan|cvv|cvc|"
    "credit card number|kreditkarte|kreditkartennummer|tarjeta|numero de tarjeta|carte bancaire",
    "BANK_ACCOUNT": "account number|bank account|bank account number|routing number|sort code|"
    "kontonummer|bankverbindung|numero de cuenta|numero de compte|conto corrente",
    "PASSPORT": "passport|passport number|passport no|passportnumber|reisepass|pasaporte|passeport|"
    "passaporto|passnummer|护照|паспорт",
    "DRIVER_LICENSE": "drivers license|driver license|driver s license|driving licence|"
    "license number|licence number|dl number|fuhrerschein|permis de conduire",
    "LICENSE_PLATE": "license plate|licence plate|number plate|plate number|kennzeichen|matricula|"
    "plaque d immatriculation|targa",
    "MEDICAL_ID": "mrn|medical record number|patient id|patientid|nhs number|health card number|"
    "insurance number|insurance id|medicare number|krankenversicherungsnummer|versichertennummer",
    "ACCOUNT_ID": "customer id|customerid|customer number|account id|accountid|member id|"
    "membership number|kundennummer|numero de client|numero cliente|employee id|employeeid|"
    "student id|studentid|matrikelnummer|subscriber id|user id|userid|uid",
    "AGE": "age|alter|edad|年龄|年齢|возраст",
    "NRP": "religion|ethnicity|race|nationality|citizenship|nationalitat|nacionalidad|nationalite",
    "SOCIAL_HANDLE": "twitter|twitter handle|instagram|instagram handle|facebook|handle|telegram|"
    "discord|skype|snapchat|screen name|screenname|linkedin",
    "CRYPTO": "wallet|wallet address|bitcoin address|btc address|eth address",
    "SEED_PHRASE": "seed phrase|mnemonic|recovery phrase|recovery key|backup codes",
    "OTP_SECRET": "otp secret|totp secret|otp|totp|mfa secret",
    "CAMERA_SERIAL": "serial number|camera serial|camera serial number|body serial number",
    "DEVICE_NAME": "hostname|host name|computer name|device name|machine name|imei|device id|deviceid|"
    "udid|idfa|advertising id",
    "PRIVATE_FIELD": "gender|sex|marital status|salary|income|diagnosis|blood type|sexual orientation|"
    "geschlecht|familienstand|gehalt|sexo|sexe|salario|salaire|political party|disability",
}  # fmt: skip

_MORE = {
    "EMAIL_ADDRESS": "adresse e mail|adresse electronique|adresse de courriel|direccion de correo|"
    "direccion de correo electronico|indirizzo email|indirizzo e mail|e mailadres|emailadres|"
    "mailadres|adres e mail|adres email|adres poczty elektronicznej|endereco de e mail|"
    "endereco de email|endereco eletronico|correio electronico|e mail privat",
    "PHONE_NUMBER": "telefonnr|rufnummer|handynummer|handynr|mobiltelefon|festnetz|no de telephone|"
    "telephone portable|telephone mobile|numero de telefono|telefono movil|telefono fijo|"
    "numero di telefono|numero di cellulare|telefoonnummer|telefoonnr|mobiel|mobiel nummer|"
    "numer telefonu|nr telefonu|telefon komorkowy|komorka|telemovel|numero de telefone|"
    "numero de telemovel|faxnummer",
    "PERSON": "vor und nachname|vollstandiger name|kundenname|kontaktperson|nom complet|"
    "nom et prenom|nom du client|nombre completo|nombre y apellidos|nombre del cliente|apellidos|"
    "nome completo|nome e cognome|nome cliente|volledige naam|klantnaam|contactpersoon|roepnaam|"
    "imie i nazwisko|pelne nazwisko|osoba kontaktowa|apelido|nome do cliente|primeiro nome",
    "USERNAME": "nutzername|anmeldename|pseudonyme|nazwa uzytkownika|nome de utilizador|"
    "nome de usuario|inlognaam",
    "DATE_OF_BIRTH": "geb datum|geboren am|geboren|ne le|fecha nac|nato il|data urodzenia|"
    "data nascimento|data de nasc",
    "NATIONAL_ID": "burgerservicenummer|numer pesel|numer dowodu|numer dowodu osobistego|"
    "numero de identificacion|documento de identidad|numero de contribuinte|cartao de cidadao|"
    "personalausweisnummer|ausweisnummer|numero fiscal|identificatienummer|numer nip",
    "ADDRESS": "adresse postale|adresse de livraison|wohnadresse|lieferadresse|rechnungsadresse|"
    "strasse und hausnummer|direccion postal|direccion de envio|indirizzo di residenza|straatnaam|"
    "straat en huisnummer|huisnummer|woonadres|ulica|adres zamieszkania|numer domu|morada|logradouro",
    "POSTCODE": "codice postale|codice avviamento postale|zip postal code|cp code postal",
    "PASSWORD": "parola chiave|palavra passe|palavra chave|haslo dostepu",
    "IBAN_CODE": "numero iban|iban nummer|numer iban",
    "CREDIT_CARD": "numero de carte|numero di carta|carta di credito|creditcardnummer|numer karty|"
    "numero do cartao|numero de tarjeta de credito|kartennummer",
    "BANK_ACCOUNT": "rekeningnummer|numer konta|numer rachunku|numero da conta|numero di conto|"
    "compte bancaire|cuenta bancaria",
    "PASSPORT": "paspoort|paspoortnummer|paszport|numer paszportu|passnr|numero de passeport|"
    "numero de pasaporte|numero passaporto",
    "DRIVER_LICENSE": "fuhrerscheinnummer|rijbewijs|rijbewijsnummer|prawo jazdy|permiso de conducir|"
    "patente di guida|carta de conducao",
    "LICENSE_PLATE": "kfz kennzeichen|nummernschild|kenteken|numer rejestracyjny|immatriculation",
    "ACCOUNT_ID": "klantnummer|numer klienta|codice cliente|numero do cliente|personalnummer",
    "AGE": "leeftijd|wiek|eta|idade",
}  # fmt: skip
"""Other words for common fields in German, French, Spanish, Italian, Dutch, Polish, Portuguese."""

AMBIGUOUS = frozenset(
    ("name", "contact", "owner", "author", "customer", "sex", "long", "pass", "pin", "secret", "via",
     "cap", "nom", "nome", "race", "age", "handle", "pan", "tin", "sin", "nie", "ip", "mac", "cell",
     "lat", "born", "rue", "tel", "sender", "reporter", "token", "cookie", "portable", "clave",
     "eta", "mobiel", "geboren", "pseudonyme")
)  # fmt: skip


def _key(words: list[str]) -> str:
    return " ".join(words)


_TABLE = {
    name: entity
    for table in (_MORE, _ROWS)  # where both have a word, the second rules
    for entity, row in table.items()
    for name in row.split("|")
}
_LONGEST = max(name.count(" ") + 1 for name in _TABLE)


_STROKES = str.maketrans("łŁøØđĐ", "lLoOdD")  # letters that Unicode does not take apart


def _words(label: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", label.replace("ß", "ss").translate(_STROKES))
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return [word.casefold() for word in _WORDS.findall(unicodedata.normalize("NFC", bare))]


_KEPT = {_key(_words(name)): entity for name, entity in _TABLE.items()}


@lru_cache(maxsize=4096)
def private_entity(label: str) -> str | None:
    """The entity that `label` makes of the whole value, None when it says nothing private.

    `homePhone`, `home_phone`, `Home Phone 2` and `contact.home-phone` are alike: the last
    words of the label decide, digits at the end do not count.
    """
    words = _words(label[:200])
    while words and words[-1].isdigit():
        words.pop()
    if not words:
        return None
    whole = _KEPT.get(_key(words))
    if whole is not None:
        return whole
    for size in range(min(_LONGEST, len(words) - 1), 0, -1):
        name = _key(words[-size:])
        if name in _KEPT and name not in AMBIGUOUS:
            return _KEPT[name]
    return None


def private_entities(labels: Sequence[str], sure: frozenset[str] = frozenset()) -> list[str | None]:
    """What each of the labels that stand side by side makes of its values.

    A word that also names harmless things counts only beside a label that is private
    without doubt, or when it is in `sure`.
    """
    if "kty" in labels:  # a key by its numbers (RFC 7517): all but the public ones
        return ["PRIVATE_KEY" if label in _NUMBERS else None for label in labels]
    found = [private_entity(label) for label in labels]
    plain = [_key(_words(label[:200])) for label in labels]
    doubtful = [word in AMBIGUOUS and word not in sure for word in plain]
    if any(entity and not doubt for entity, doubt in zip(found, doubtful, strict=True)):
        return found
    return [None if doubt else entity for entity, doubt in zip(found, doubtful, strict=True)]


_NUMBERS = frozenset(("d", "p", "q", "dp", "dq", "qi", "k", "r", "t", "oth"))
_LOGIN = re.compile(r"[A-Za-z0-9+/]{8,4096}={0,2}")


def is_login(label: str, value: str) -> bool:
    """Whether `value` under `auth` is a user and a password (as Docker and npm keep them)."""
    if label.casefold() not in ("auth", "_auth") or not _LOGIN.fullmatch(value):
        return False
    try:
        return b":" in base64.b64decode(value, validate=True)
    except ValueError:
        return False


_SAFE = re.compile(r"[a-z_][a-z0-9_ -]{0,31}")


def safe_name(label: str) -> str | None:
    """`label` if it can stand in a record: a word for a field, never perhaps a value.

    Keys and headers can be names or addresses themselves; what is neither a small-letter
    identifier nor a known word for a private field is not repeated.
    """
    if len(label) <= 40 and private_entity(label) is not None:
        return label
    few_digits = sum(character.isdigit() for character in label) <= 3
    return label if few_digits and _SAFE.fullmatch(label) else None
