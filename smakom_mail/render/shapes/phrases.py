"""Why a thing is lost, in words that an editor understands: Swedish first, and English.

Each is what follows the program's name: "Outlook för Windows" + "visar inga rundade hörn".
"""

from functools import lru_cache

from smakom_mail.render.caniemail import features
from smakom_mail.render.shapes.losses import Why

_SAID = {
    "css-align-items": ("kan inte ställa rutor i linje", "cannot align boxes"),
    "css-animation": ("visar inga animationer", "shows no animations"),
    "css-at-font-face": ("hämtar inga egna typsnitt", "loads no fonts of the mail's own"),
    "css-at-import": ("hämtar inga stilmallar utifrån", "loads no style sheets from elsewhere"),
    "css-at-keyframes": ("visar inga animationer", "shows no animations"),
    "css-at-media": (
        "bryr sig inte om regler för olika skärmar",
        "ignores rules for different screens",
    ),
    "css-at-media-prefers-color-scheme": (
        "använder inte brevets egna färger för mörkt läge",
        "does not use the mail's own colours for dark mode",
    ),
    "css-at-media-prefers-reduced-motion": (
        "bryr sig inte om läsarens önskan om mindre rörelse",
        "ignores the reader's wish for less motion",
    ),
    "css-background": (
        "tar bara färgen ur en bakgrund",
        "takes only the colour of a background",
    ),
    "css-background-image": ("visar inga bakgrundsbilder", "shows no background images"),
    "css-border-radius": ("visar inga rundade hörn", "shows no rounded corners"),
    "css-border-spacing": (
        "bryr sig inte om mellanrummet mellan celler",
        "ignores the space between cells",
    ),
    "css-box-shadow": ("visar inga skuggor", "shows no shadows"),
    "css-box-sizing": (
        "räknar alltid ut en rutas mått på sitt eget sätt",
        "always works out the size of a box in its own way",
    ),
    "css-clear": (
        "kan inte börja under det som flyter",
        "cannot begin below what floats",
    ),
    "css-color-scheme": (
        "bryr sig inte om vilka färglägen brevet säger sig klara",
        "ignores which colour schemes the mail says it can do",
    ),
    "css-cursor": ("ändrar inte muspekaren", "does not change the pointer"),
    "css-display-flex": (
        "kan inte lägga rutor bredvid varandra på det sättet (flex)",
        "cannot put boxes side by side in that way (flex)",
    ),
    "css-display-grid": (
        "kan inte lägga rutor i rutnät (grid)",
        "cannot put boxes in a grid",
    ),
    "css-filter": ("visar inga bildeffekter", "shows no filter effects"),
    "css-float": (
        "låter inte text flyta runt rutor",
        "lets no text float around boxes",
    ),
    "css-height": (
        "gör höjden till minsta höjd",
        "turns the height into a smallest height",
    ),
    "css-hyphens": ("avstavar inte ord", "does not hyphenate words"),
    "css-linear-gradient": ("visar inga färgövergångar", "shows no gradients"),
    "css-list-style-image": (
        "visar inga bilder som punkter i listor",
        "shows no images as bullets",
    ),
    "css-list-style-position": (
        "flyttar inte punkterna i listor",
        "does not move the bullets of lists",
    ),
    "css-max-height": ("begränsar inte höjden", "does not limit the height"),
    "css-max-width": ("begränsar inte bredden", "does not limit the width"),
    "css-min-height": ("bryr sig inte om minsta höjd", "ignores a smallest height"),
    "css-min-width": ("bryr sig inte om minsta bredd", "ignores a smallest width"),
    "css-object-fit": ("beskär inga bilder", "does not crop images"),
    "css-opacity": ("gör inget genomskinligt", "makes nothing transparent"),
    "css-outline": ("visar inga konturlinjer", "shows no outlines"),
    "css-overflow": (
        "döljer inte det som inte får plats",
        "does not hide what does not fit",
    ),
    "css-overflow-wrap": ("delar inte långa ord", "does not break long words"),
    "css-position": (
        "låter inget läggas på en bestämd plats",
        "lets nothing be put in a fixed place",
    ),
    "css-pseudo-class-hover": (
        "ändrar inget när muspekaren är över",
        "changes nothing under the pointer",
    ),
    "css-pseudo-element-after": (
        "visar ingen text som stilmallen lägger till",
        "shows no text that the style sheet adds",
    ),
    "css-pseudo-element-before": (
        "visar ingen text som stilmallen lägger till",
        "shows no text that the style sheet adds",
    ),
    "css-radial-gradient": ("visar inga färgövergångar", "shows no gradients"),
    "css-rgba": ("visar inga genomskinliga färger", "shows no transparent colours"),
    "css-sytem-ui": (
        "känner inte till systemets typsnitt vid det namnet",
        "does not know the system's font by that name",
    ),
    "css-table-layout": (
        "räknar själv ut kolumnernas bredd",
        "works out the columns' width itself",
    ),
    "css-text-shadow": ("visar inga skuggor på text", "shows no shadows on text"),
    "css-transform": ("vrider och flyttar inget", "turns and moves nothing"),
    "css-transition": ("visar inga mjuka övergångar", "shows no transitions"),
    "css-unit-calc": ("räknar inte ut mått (calc)", "does not calculate lengths (calc)"),
    "css-variables": (
        "känner inte till stilmallens egna variabler",
        "does not know variables of the style sheet",
    ),
    "css-visibility": ("döljer inte det här", "does not hide this"),
    "css-white-space": (
        "bestämmer själv var rader och mellanslag bryts",
        "decides itself about line breaks and spaces",
    ),
    "css-word-break": (
        "följer inte regeln för var ord får delas",
        "ignores the rule for where words may break",
    ),
    "css-word-wrap": ("delar inte långa ord", "does not break long words"),
    "css-z-index": ("lägger inget ovanpå annat", "puts nothing on top of other things"),
    "html-anchor-links": (
        "låter inte länkar leda till andra ställen i brevet",
        "lets no link lead to another place in the mail",
    ),
    "html-aria-label": (
        "tar bort namnet som skärmläsare får (aria-label)",
        "drops the name that screen readers get (aria-label)",
    ),
    "html-aria-hidden": (
        "låter skärmläsare läsa även det som är dolt för dem (aria-hidden)",
        "lets screen readers read what is hidden from them (aria-hidden)",
    ),
    "html-audio": ("spelar inget ljud", "plays no sound"),
    "html-doctype": (
        "läser brevet som en sida av det gamla slaget",
        "reads the mail as a page of the old kind",
    ),
    "html-hidden": ("visar även det som är dolt (hidden)", "shows what is hidden"),
    "html-link": ("hämtar inget utifrån", "loads nothing from elsewhere"),
    "html-meta-color-scheme": (
        "bryr sig inte om att brevet säger sig klara mörkt läge",
        "ignores that the mail says it can do dark mode",
    ),
    "html-object": ("visar inga inbäddade filer", "shows no embedded files"),
    "html-picture": (
        "väljer inte mellan flera bilder",
        "does not choose between several images",
    ),
    "html-srcset": (
        "väljer inte mellan flera bilder",
        "does not choose between several images",
    ),
    "html-semantics": (
        "känner inte till sådana delar (section, nav …) och behåller bara innehållet",
        "does not know such parts (section, nav …) and keeps only what they hold",
    ),
    "html-svg": ("visar inga ritade bilder (SVG)", "shows no drawn images (SVG)"),
    "html-target": (
        "bestämmer själv var länkar öppnas",
        "decides itself where links open",
    ),
    "html-video": ("spelar ingen film", "plays no video"),
    "image-base64": (
        "visar inga bilder som ligger inne i brevets HTML",
        "shows no images that lie inside the mail's HTML",
    ),
    "image-svg": ("visar inga ritade bilder (SVG)", "shows no drawn images (SVG)"),
}


@lru_cache(maxsize=512)
def why_lost(slug: str) -> Why:
    """Say why a thing that needs the feature `slug` is gone."""
    if slug in _SAID:
        sv, en = _SAID[slug]
    else:
        sv, en = _plain(slug, features()[slug].title if slug in features() else slug)
    return Why(f"{{client}} {sv}.", f"{{client}} {en}.")


def _plain(slug: str, title: str) -> tuple[str, str]:
    title = title.replace("{", "{{").replace("}", "}}")
    name = title.removesuffix(" element").removesuffix(" attribute").removesuffix(" property")
    if slug.startswith("css-unit-"):
        unit = title.removesuffix(" unit").removeprefix("CSS ").removesuffix(" function")
        return f"förstår inte måttet {unit}", f"does not understand the unit {unit}"
    if slug.startswith(("css-selector-", "css-pseudo-")):
        return (
            f"förstår inte stilmallens urval ({_in_swedish(title)}), så regeln gäller inte",
            f"does not understand the style sheet's selector ({title}), so the rule is void",
        )
    if slug.startswith("css-at-"):
        return f"bryr sig inte om {title}-regler", f"ignores {title} rules"
    if slug.startswith("css-"):
        return f"kan inte formge med {name}", f"cannot style with {name}"
    if slug.startswith("image-"):
        kind = title.removesuffix(" image format")
        return f"visar inga bilder i formatet {kind}", f"shows no images in the {kind} format"
    if title.endswith(" attribute"):
        return f"tar bort attributet {name}", f"drops the attribute {name}"
    return f"känner inte till {name}", f"does not know {name}"


def _in_swedish(title: str) -> str:
    return _SELECTORS.get(title, title)


_SELECTORS = {
    "Adjacent sibling combinator": "a + b",
    "Attribute selector": "[attribut]",
    "Chaining selectors": ".a.b",
    "Child combinator": "a > b",
    "Class selector": ".klass",
    "Descendant combinator": "a b",
    "General sibling combinator": "a ~ b",
    "ID selector": "#id",
    "Type selector": "element",
    "Universal selector *": "*",
}
