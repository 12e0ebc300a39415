"""What programs do that caniemail has no entry for: our own facts, each with its source."""

from dataclasses import dataclass

from smakom_mail.render.shapes.losses import Why


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact: why something is lost by it, who says so, and in which programs it holds."""

    why: Why
    source: str
    clients: tuple[str, ...]


_EVERYONE = (
    "gmail", "gmail-other", "outlook-windows", "outlook-com", "yahoo", "apple-mail", "samsung",
)  # fmt: skip

FACTS = {
    "gmail-clipping": Fact(
        Why(
            "{client} kortar av brev som är större än 102 kB; resten visas först efter ett klick.",
            "{client} clips a mail of more than 102 KB; the rest is shown only after a click.",
        ),
        "https://github.com/hteumeuleu/email-bugs/issues/41",
        ("gmail", "gmail-other"),
    ),
    "gmail-style-fault": Fact(
        Why(
            "{client} kastar en hel stilmall där något inte går att läsa.",
            "{client} drops a whole style sheet in which something cannot be read.",
        ),
        "https://github.com/hteumeuleu/email-bugs/issues/21",
        ("gmail",),
    ),
    "gmail-style-nesting": Fact(
        Why(
            "{client} kastar en hel stilmall där en @-regel ligger inuti en annan.",
            "{client} drops a whole style sheet in which an at-rule lies inside another.",
        ),
        "https://github.com/hteumeuleu/email-bugs/issues/21",
        ("gmail",),
    ),
    "mail-script": Fact(
        Why(
            "{client} kör ingenting i ett brev och tar bort det som skulle köras.",
            "{client} runs nothing in a mail and drops what would run.",
        ),
        "https://support.google.com/mail/answer/6590 and every other program's own help",
        _EVERYONE,
    ),
    "outlook-vml": Fact(
        Why(
            "{client} ritar det här med VML, som en webbläsare inte kan; bilden visar bara texten.",
            "{client} draws this with VML, which no browser can; the picture shows only its text.",
        ),
        "https://learn.microsoft.com/en-us/windows/win32/vml/web-workshop---specs---standards",
        ("outlook-windows",),
    ),
    "outlook-empty-paragraph": Fact(
        Why(
            "{client} visar inget stycke utan text; en linje ritas av tabellen bredvid.",
            "{client} shows no paragraph without text; a line is drawn by the table beside it.",
        ),
        "MJML's mj-divider, which writes a paragraph and, for Outlook, a table with the same line",
        ("outlook-windows",),
    ),
    "outlook-conditional": Fact(
        Why(
            "{client} hoppar över det som är märkt med [if !mso].",
            "{client} skips what is marked with [if !mso].",
        ),
        "https://learn.microsoft.com/en-us/previous-versions/windows/internet-explorer/"
        "ie-developer/compatibility/ms537512(v=vs.85)",
        ("outlook-windows",),
    ),
}  # fmt: skip
"""Every fact by its id."""
