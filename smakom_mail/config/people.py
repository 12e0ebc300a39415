"""What smakom-mail.toml says of the people: the database, the lists, and who is written to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from smakom_mail.config.selection import SelectionFault, parse_selection, print_selection
from smakom_mail.config.toml import Key, TomlText, bad_value, read_table
from smakom_mail.diagnostics import finding
from smakom_mail.model.person import MailingList

DATABASE_VARIABLE = "SMAKOM_MAIL_DATABASE"
DEFAULT_DATABASE = "sqlite:///var/smakom-mail.db"
DEFAULT_LIST = MailingList("prenumeranter", "Prenumeranter", is_default=True)
RETENTION_MONTHS = 24

DATABASE = {"url": Key("line", f'"{DEFAULT_DATABASE}"')}
PEOPLE = {
    "list": Key("tables", ""),
    "members_file": Key("line", '"medlemmar.csv"'),
    "retention_months": Key("number", str(RETENTION_MONTHS)),
    "role_addresses": Key("texts", '["kommun", "registrator"]'),
}
LIST = {
    "slug": Key("line", '"medlemmar"', required=True),
    "name": Key("line", '"Medlemmar"', required=True),
    "description": Key("line", '"Kallelser och protokoll, fyra gånger om året"'),
}
AUDIENCE = {"audience": Key("line", '"list:medlemmar and not tag:styrelse"')}
_SLUG = re.compile(r"[a-z0-9åäö](?:[a-z0-9åäö-]{0,62}[a-z0-9åäö])?")


@dataclass(frozen=True, slots=True)
class PeopleSettings:
    """The lists, of which one is the default, and how their people are looked after.

    `audience` is the selection of an edition that has none of its own; empty for everybody on the
    default list. `role_addresses` are local parts that stand for an office, beside the usual ones.
    """

    database_url: str = DEFAULT_DATABASE
    lists: tuple[MailingList, ...] = (DEFAULT_LIST,)
    audience: str = ""
    members_file: str = ""
    retention_months: int = RETENTION_MONTHS
    role_addresses: tuple[str, ...] = field(default=())

    @property
    def default_list(self) -> str:
        """The slug of the list that newcomers go to."""
        return next(each.slug for each in self.lists if each.is_default)


def read_people(
    toml: TomlText, top: Mapping[str, Any], audience: str, environment: Mapping[str, str]
) -> PeopleSettings:
    """Read [database] and [people]; every fault becomes a finding and leaves a usable default."""
    database = read_table(toml, top.get("database", {}), DATABASE, ("database",))
    people = read_table(toml, top.get("people", {}), PEOPLE, ("people",))
    lists = _lists(toml, people.pop("list", ())) or (DEFAULT_LIST,)
    url = environment.get(DATABASE_VARIABLE, "").strip() or database.get("url", "")
    return PeopleSettings(
        database_url=url or DEFAULT_DATABASE,
        lists=lists,
        audience=read_audience(toml, ("newsletter", "audience"), audience, lists),
        **people,
    )


def _lists(toml: TomlText, raw: tuple[Mapping[str, Any], ...]) -> tuple[MailingList, ...]:
    """Read every [[people.list]]; the first is the default one."""
    found: dict[str, MailingList] = {}
    for index, table in enumerate(raw):
        path = ("people", "list", index)
        values = read_table(toml, table, LIST, path)
        if not {"slug", "name"} <= set(values):
            continue
        slug = values["slug"]
        if not _SLUG.fullmatch(slug) or slug in found:
            expected = "a slug that no other list has" if slug in found else "a slug"
            toml.findings.append(bad_value(toml, LIST, (*path, "slug"), slug, expected))
        else:
            about = values.get("description", "")
            found[slug] = MailingList(slug, values["name"], is_default=not found, description=about)
    return tuple(found.values())


def read_audience(
    toml: TomlText, path: tuple[str | int, ...], text: str, lists: tuple[MailingList, ...]
) -> str:
    """Give the selection in its canonical form; a faulty one becomes a finding, and is empty."""
    if not text:
        return ""
    slugs = [each.slug for each in lists]
    found = parse_selection(text, {"list": slugs})
    if not isinstance(found, SelectionFault):
        return print_selection(found)
    toml.findings.append(
        finding(
            "bad-audience",
            toml.file,
            toml.line(*path),
            fault=replace(found, nearest=""),
            nearest=found.nearest,
            lists=", ".join(slugs),
        )
    )
    return ""
