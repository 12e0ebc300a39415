"""The sentences that say why the preview has nothing newer to show, and what to do about it."""

_SV = {
    "crashed": "Programmet som bygger {slug} avslutades i förtid ({how}).",
    "crashed_hint": (
        "Oftast är det layouten: element i mallen ligger i varandra alltför djupt. "
        "Börja med {place}. När du sparar görs ett nytt försök."
    ),
    "killed_hint": "Datorn kan ha haft ont om minne. När du sparar görs ett nytt försök.",
    "overdue": "{slug} blev inte färdigt på {seconds} sekunder, så bygget avbröts.",
    "overdue_hint": (
        "Oftast går en slinga i layouten för många varv. Börja med {place}. "
        "När du sparar görs ett nytt försök."
    ),
    "memory": "{slug} behövde mer minne än {megabytes} MB, så bygget avbröts.",
    "bug": "Ett fel i smakom-mail: {error}",
    "bug_hint": "Rapportera det gärna tillsammans med filen {log}",
    "bug_unlogged": "Rapportera det gärna. Det gick inte att spara någon logg.",
    "gone": "Numret {slug} finns inte längre i newsletters/.",
    "gone_hint": "Har mappen fått ett nytt namn finns numret i listan.",
    "no_project": "Filen smakom-mail.toml finns inte längre.",
    "no_project_hint": "Lägg tillbaka den. Det som visas är det senaste som gick att bygga.",
    "templates": "mallarna i layouten",
    "exit_code": "kod {code}",
}
_EN = {
    "crashed": "The program that builds {slug} ended too soon ({how}).",
    "crashed_hint": (
        "Most often it is the layout: elements of a template nest too deeply. "
        "Start with {place}. When you save, it tries again."
    ),
    "killed_hint": "The computer may be short of memory. When you save, it tries again.",
    "overdue": "{slug} was not finished in {seconds} seconds, so it was stopped.",
    "overdue_hint": (
        "Most often a loop in the layout takes too many turns. Start with {place}. "
        "When you save, it tries again."
    ),
    "memory": "{slug} needed more memory than {megabytes} MB, so it was stopped.",
    "bug": "A fault in smakom-mail: {error}",
    "bug_hint": "Please report it with the file {log}",
    "bug_unlogged": "Please report it. No log could be kept.",
    "gone": "The edition {slug} is no longer in newsletters/.",
    "gone_hint": "If its folder has a new name, the list has it.",
    "no_project": "The file smakom-mail.toml is gone.",
    "no_project_hint": "Put it back. What is shown is the last that could be built.",
    "templates": "the layout's templates",
    "exit_code": "code {code}",
}

FAILURES = {"sv": _SV, "en": _EN}


def failure_words(key: str, language: str, **values: object) -> str:
    """Give the sentence `key` in `language` ("sv" or "en"), filled."""
    return FAILURES[language][key].format(**values)
