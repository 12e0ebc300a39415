"""An edition with every kind of section and block, and words that it must show."""

# An edition with every kind of section and every kind of block, each field filled in.
ALLT = {
    "edition.toml": """
title = "Nyhetsbrev med allt"
date = 2021-05-03
subject = "Nyhetsbrev med allt: varje slags ruta"
preheader = "Ett prov på hur varje slags avsnitt och ruta ser ut i brevet."
[sections.ledare]
kind = "leader"
label = "Ordförandens ord"
byline = "Peter Lindroth, ordförande"
[sections.rapport]
kind = "report"
[sections.artikel]
kind = "article"
[sections.planerat]
kind = "items"
[sections.annons]
kind = "partner"
byline = "Robin Prov, säljare"
""",
    "10-ledare.md": "# En ledare\n\nHej {name|kära läsare}!\n\nStycke *två*.",
    "20-rapport.md": """# En rapport

Ingress.

| Ort | Hushåll | År |
| --- | --- | --- |
| Söderhamn | 38 | 2020 |

1. första
2. andra
   - under

## Underrubrik

### Mindre rubrik

Text med `kod`.

---

```
ett kodblock
```

![Mynt på en disk](images/mynt.png "Bildtexten")
""",
    "30-artikel.md": """# En artikel

Ingress.

::: excerpt soderhamn-program
title: Utdragets titel
from: Kommunfullmäktigebeslutet har nu
to: kompetensförsörjningen förbättras
:::

> Vi vill nå längre i våra ansträngningar […] i vår kommun
> — John-Erik Jansson (C), kommunstyrelsens ordförande, [Källa](seed:soderhamn-program)

::: numbers
38: hushåll
drygt 12 345 678,5: kronor per invånare och år i genomsnitt i hela landet
:::

::: person
name: Kim Exempel
role: Redaktör
mail: kansli@forening.example
telephone: 08-465 00 000
:::

::: partner
name: Exempelbolaget
Rutans text.
:::
""",
    "40-planerat.md": """# Planerat

Inledning.

## Vårmötet

::: event
title: Mötet
date: 21–23 maj 2021
time: kl. 10.00
place: Rättvik
link: https://www.smakom.se/varmote
:::

## Remissen

::: deadline
title: Synpunkter
date: 26 maj 2021
to: kansli@forening.example
:::
""",
    "50-annons.md": "# Partnern säger\n\nVad partnern vill.\n\nOch mer.",
}
DRAWN = (
    "Ordförandens ord",
    "Peter Lindroth",
    "ordförande",
    "Söderhamn",
    "ett kodblock",
    "Bildtexten",
    "Utdragets titel",
    "Källa: Söderhamns kommun, 11 mars 2021",
    "John-Erik Jansson (C)",
    "kommunstyrelsens ordförande",
    "drygt 12 345 678,5",
    "Redaktör",
    "kansli@forening.example",
    "08-465 00 000",
    "Från vår samarbetspartner Exempelbolaget",
    "Rutans text.",
    "21–23 maj 2021, kl. 10.00, Rättvik",
    "Läs om Mötet",
    "Senast 26 maj 2021",
    "Svara till kansli@forening.example",
    "Lägg i kalendern",
    "Vad partnern vill.",
    "Robin Prov",
    "säljare",
    "Facebook",
    "Verksamhetsledare",
)
