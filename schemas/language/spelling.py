"""The canonical spelling of a unit of measure: one for singular and plural, both genders, accents, case and spaces.

It comes of the written text alone, so it is the same in every batch: "Manual estadístico" for «MANUALES ESTADISTICOS».
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that end in s and are no plural, or are said in the plural (base de datos).
SINGULAR: Final = _words("""
    atlas biceps caos cosmos datos demas despues estres express jueves lunes martes miercoles paraguas tres viernes
""")
# Plurals that the rules of ``singular`` would take for those of another word.
IRREGULAR: Final = dict(
    pair.split(":")
    for pair in _words("""
        aires:aire albumes:album apendices:apendice autobuses:autobus buses:bus cauces:cauce cines:cine clubes:club
        codices:codice compases:compas cruces:cruce dulces:dulce enlaces:enlace franceses:frances gases:gas
        indices:indice ingleses:ingles intereses:interes menus:menu meses:mes paises:pais relojes:reloj sedes:sede
        tribus:tribu vales:vale vertices:vertice
    """)
)
INVARIABLE: Final = SINGULAR | frozenset(IRREGULAR.values())

# People whom a unit may count in either gender; a thing (computadora, luminaria) is none of them.
WOMEN: Final = _words("""
    abogada alumna artesana becaria beneficiaria ciudadana consumidora destinataria detenida doctora egresada
    emprendedora empresaria facilitadora funcionaria ganadera hija instructora investigadora maestra niña pensionada
    pescadora productora profesora promotora propietaria sentenciada servidora trabajadora usuaria vecina visitadora
    voluntaria
""")
# What ends the words that agree with a person: "servidoras públicas de la zona".
LINKS: Final = _words("a al con de del e en o para por que sin sobre u y")
# Words of a phrase that may be said once for each gender: "servidoras públicas y servidores públicos".
LONGEST: Final = 3

# Accents given back to common words of units of measure; -ión has one always (see ``_accented``).
ACCENTS: Final = _words("""
    análisis asesoría auditoría bitácora boletín básico búsqueda campaña cartografía clínico crédito cámara cédula
    código diagnóstico dígito día económico electrónico estadística estadístico estímulo fotografía gráfica guía
    género hectárea histórico hábil informática informático jurídica jurídico kilómetro lámina línea metodología
    médica médico método módulo número país periódica periódico plática policía póliza página pública público química
    telefónica telefónico teléfono tesorería trámite tráfico técnica técnico título vehículo vía víctima vídeo
    última último área índice
""")


def plain(text: str) -> str:
    """Lower case words of letters, digits and % in single spaces, without accents; ñ stays a letter."""
    letters = unicodedata.normalize("NFKD", text).lower().replace("n\N{COMBINING TILDE}", "ñ")
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[a-z0-9ñ%]+", bare))


ACCENTED: Final = {plain(word): word for word in ACCENTS}


def singular(word: str) -> str:
    """A ``plain`` Spanish word in the singular, as far as its ending tells; a singular stays as it is."""
    if len(word) <= 3 or not word.endswith("s") or word in INVARIABLE or word.endswith(("is", "us", "ss")):
        return IRREGULAR.get(word, word)
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("ces"):
        return word[:-1] if word.endswith("nces") else f"{word[:-3]}z"
    return word[:-2] if re.search(r"[aeiou][dlnry]es$", word) else word[:-1]


@lru_cache(maxsize=8192)
def canonical(text: str) -> str:
    """The spelling for all ways of writing this unit of measure; a text without letters or digits stays as it is."""
    both_genders = re.sub(r"\((?:as|os|es|a|o|s)\)|(?<=\w\w\w)/(?:as|os|a|o)\b", "", text, flags=re.IGNORECASE)
    words = _said_once(_one_gender([singular(word) for word in plain(both_genders).split()]))
    spelled = " ".join(_accented(word) for word in words)
    return f"{spelled[0].upper()}{spelled[1:]}" if spelled else text.strip()


def _one_gender(words: list[str]) -> list[str]:
    """«beneficiaria» as «beneficiario», and so the words that agree with her: «servidora pública»."""
    agrees = False
    told = []
    for word in words:
        agrees = word in WOMEN or (agrees and word not in LINKS)
        told.append(_masculine(word) if agrees and word.endswith("a") else word)
    return told


def _masculine(word: str) -> str:
    return word[:-1] if word.endswith("ora") else f"{word[:-1]}o"


def _said_once(words: list[str]) -> list[str]:
    """«niñas y niños», by now «niño y niño», as «niño»; so phrases of up to LONGEST words."""
    told: list[str] = []
    for word in words:
        told.append(word)
        for length in range(1, LONGEST + 1):
            again, link, before = told[-length:], told[-length - 1 : -length], told[-2 * length - 1 : -length - 1]
            if again == before and link and link[0] in ("y", "e", "o", "u"):
                del told[-length - 1 :]
                break
    return told


def _accented(word: str) -> str:
    if word.endswith("ion") and len(word) > 4 and word != "guion":
        return f"{word[:-2]}ón"
    return ACCENTED.get(word, word)
