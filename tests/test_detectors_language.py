"""Languages told apart, and English not taken for another."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from detectors.language import language_of

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))

SAMPLES = {
    "en": "We went to the shop and they said that it would be open until the end of the week.",
    "de": "Wir sind gestern in die Stadt gefahren und haben dort mit einem alten Freund zu Mittag gegessen.",
    "fr": "Nous sommes allés dans la ville avec un ami et il y avait une fête pour les enfants du quartier.",
    "es": "Ayer fuimos a la ciudad con un amigo y había una fiesta para los niños en el barrio.",
    "it": "Ieri siamo andati in città con un amico e c'era una festa per i bambini della scuola, ma non molto.",
    "nl": "Wij zijn gisteren met een vriend naar de stad gegaan en het was er niet zo druk als wij dachten.",
    "pt": "Ontem fomos para a cidade com um amigo e não havia mais festa para as crianças do bairro.",
    "pl": "Wczoraj byłem w mieście z kolegą i nie było już tak dużo ludzi jak przez ostatnie dni, ale to nic.",
    "ru": "Вчера мы поехали в город",
    "ja": "昨日、私たちは友達と町に行きました。",
    "zh": "昨天我们和朋友去了城里吃饭",
    "el": "Χθες πήγαμε στην πόλη",
}

LONGER = {
    "en": "The meeting was moved to next week because two of our colleagues are ill, and nobody had prepared the slides that we wanted to show.",
    "es": "El mes pasado compramos una casa pequeña cerca del río, pero todavía no hemos podido mudarnos porque la cocina está en obras y falta el agua.",
    "pt": "No mês passado comprámos uma casa pequena perto do rio, mas ainda não conseguimos mudar porque a cozinha está em obras e falta a água.",
    "fr": "Le mois dernier nous avons acheté une petite maison près de la rivière, mais nous ne pouvons pas encore déménager car la cuisine est en travaux.",
    "de": "Letzten Monat haben wir ein kleines Haus am Fluss gekauft, aber wir können noch nicht umziehen, weil die Küche gerade umgebaut wird und Wasser fehlt.",
    "it": "Il mese scorso abbiamo comprato una piccola casa vicino al fiume, ma non possiamo ancora traslocare perché la cucina è in ristrutturazione e manca l'acqua.",
    "nl": "Vorige maand hebben wij een klein huis bij de rivier gekocht, maar we kunnen nog niet verhuizen omdat de keuken wordt verbouwd en er geen water is.",
    "pl": "W zeszłym miesiącu kupiliśmy mały dom nad rzeką, ale nie możemy się jeszcze przeprowadzić, bo kuchnia jest w remoncie i nie ma w niej wody.",
    "ro": "Luna trecută am cumpărat o casă mică lângă râu, dar încă nu ne putem muta pentru că bucătăria este în renovare și nu avem apă.",
    "cs": "Minulý měsíc jsme koupili malý dům u řeky, ale ještě se nemůžeme přestěhovat, protože kuchyň se opravuje a voda v ní zatím není.",
    "sk": "Minulý mesiac sme kúpili malý dom pri rieke, ale ešte sa nemôžeme presťahovať, pretože kuchyňa sa opravuje a voda v nej zatiaľ nie je.",
    "hu": "Múlt hónapban vettünk egy kis házat a folyó mellett, de még nem tudunk beköltözni, mert a konyhát felújítják, és nincs benne víz sem.",
    "sv": "Förra månaden köpte vi ett litet hus vid floden, men vi kan inte flytta in än eftersom köket håller på att byggas om och det saknas vatten.",
    "da": "Sidste måned købte vi et lille hus ved floden, men vi kan ikke flytte ind endnu, fordi køkkenet bliver bygget om, og der mangler vand.",
    "no": "Forrige måned kjøpte vi et lite hus ved elven, men vi kan ikke flytte inn ennå fordi kjøkkenet blir pusset opp og det mangler vann.",
    "fi": "Viime kuussa ostimme pienen talon joen rannalta, mutta emme voi vielä muuttaa sinne, koska keittiö on remontissa ja vesi puuttuu kokonaan, joten nyt odotamme kun se valmistuu.",
    "tr": "Geçen ay nehrin yanında küçük bir ev aldık, ama mutfak tadilatta olduğu ve su olmadığı için henüz taşınamıyoruz, bu yüzden biraz daha bekleyeceğiz.",
    "vi": "Tháng trước chúng tôi đã mua một ngôi nhà nhỏ gần sông, nhưng chúng tôi chưa thể chuyển đến vì nhà bếp đang được sửa và không có nước.",
    "id": "Bulan lalu kami membeli sebuah rumah kecil di dekat sungai, tetapi kami belum bisa pindah karena dapur sedang diperbaiki dan tidak ada air di sana.",
    "hr": "Prošli mjesec smo kupili malu kuću uz rijeku, ali se još ne možemo preseliti jer se kuhinja obnavlja i u njoj nema vode za kuhanje.",
    "sl": "Prejšnji mesec smo kupili majhno hišo ob reki, vendar se še ne moremo preseliti, ker kuhinjo prenavljajo in v njej ni vode za kuhanje.",
    "lt": "Praėjusį mėnesį nusipirkome mažą namą prie upės, bet dar negalime persikelti, nes virtuvė yra remontuojama ir joje nėra vandens, tai kol kas laukiame.",
    "lv": "Pagājušajā mēnesī mēs nopirkām mazu māju pie upes, bet vēl nevaram pārcelties, jo virtuve tiek remontēta un tajā nav ūdens, tad mēs gaidām.",
    "et": "Eelmisel kuul ostsime jõe äärde väikese maja, aga me ei saa veel sisse kolida, sest köök on remondis ja vett ka ei ole, nii et ootame.",
    "ca": "El mes passat vam comprar una casa petita a prop del riu, però encara no ens hi podem mudar perquè la cuina està en obres i no hi ha aigua.",
    "tl": "Noong nakaraang buwan ay bumili kami ng maliit na bahay sa tabi ng ilog, pero hindi pa kami makalipat dahil inaayos ang kusina at wala pang tubig.",
    "sw": "Mwezi uliopita tulinunua nyumba ndogo karibu na mto, lakini hatuwezi kuhamia bado kwa sababu jiko la nyumba hii linatengenezwa na hakuna maji katika bomba.",
    "uk": "Минулого місяця ми купили невеликий будинок біля річки, але ще не переїхали",
    "sr": "Прошлог месеца купили смо малу кућу поред реке, али још не можемо да се преселимо",
    "bg": "Миналия месец купихме малка къща до реката, но още не можем да се преместим, защото това е много скъпо",
    "ar": "اشترينا الشهر الماضي بيتا صغيرا قرب النهر",
    "fa": "ماه گذشته یک خانه کوچک کنار رودخانه خریدیم که چهار پنجره بزرگ دارد",
    "ko": "지난달에 우리는 강가에 작은 집을 샀습니다",
    "hi": "पिछले महीने हमने नदी के पास एक छोटा सा घर खरीदा",
    "th": "เดือนที่แล้วเราซื้อบ้านหลังเล็กใกล้แม่น้ำ",
    "he": "בחודש שעבר קנינו בית קטן ליד הנהר",
}


@pytest.mark.parametrize(("code", "text"), [*SAMPLES.items(), *LONGER.items()])
def test_language_is_told(code: str, text: str) -> None:
    assert language_of(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "Jane Doe",
        "Die Hard, La La Land, El Camino",
        "for i in range(10): print(a, de, la)",
        "IMG_0001.JPG 4032x3024 f/1.8",
        "https://example.de/der/die/das/und/ist",
        "Los Angeles, San Francisco, Las Vegas, El Paso, La Jolla, Del Mar",
        "def a(o, e, i): return a, o, e, i, a, o",
    ],
)
def test_too_short_or_no_prose_is_none_or_english(text: str) -> None:
    assert language_of(text) in (None, "en")


def test_english_is_rarely_taken_for_another() -> None:
    path = SHARED / "corpora/presidio-research/data/synth_dataset_v2.json"
    if not path.is_file():
        pytest.skip("no shared corpora")
    texts = [row["full_text"] for row in json.loads(path.read_text(encoding="utf-8"))]
    wrong = [text for text in texts if language_of(text) not in (None, "en")]
    assert len(wrong) <= len(texts) * 0.003


def test_source_code_is_no_foreign_language() -> None:
    folder = Path(os.__file__).parent
    for name in ("argparse.py", "tarfile.py", "turtle.py", "calendar.py", "heapq.py"):
        text = (folder / name).read_text(encoding="utf-8")
        pieces = [text[at : at + 1500] for at in range(0, len(text), 1500)]
        assert not [p for p in pieces if language_of(p) not in (None, "en")]
