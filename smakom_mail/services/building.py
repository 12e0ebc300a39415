"""Build an edition: check it, then write everything made of it in one step."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import quote

from smakom_mail import __version__
from smakom_mail.config import Config
from smakom_mail.config.addresses import ascii_address, mail_link
from smakom_mail.config.settings import SampleReader
from smakom_mail.content.usage import SeedUse, seed_uses
from smakom_mail.errors import SmakomMailError, WriteRefusedError
from smakom_mail.mail.message import Envelope, compose
from smakom_mail.mail.quoted_printable import quoted_printable
from smakom_mail.model.edition import Edition
from smakom_mail.model.rendered import READER_FIELDS, UNSUBSCRIBE, RenderedEdition
from smakom_mail.services.checking import CheckedEdition, check_edition
from smakom_mail.services.exchanging import fresh_folder, put_in_place, remove_leftovers
from smakom_mail.services.workplace import Workplace

_ENGINES = ("cssutils", "jinja2", "lxml", "markdown-it-py", "mjml-python", "pillow", "premailer")


@dataclass(frozen=True, slots=True)
class BuiltEdition:
    """A finished build: where it lies, its files by path, and what was found on the way.

    `folder` is None when errors kept it from being written; `quoted_bytes` is the size of the
    HTML part as it is sent, quoted-printable.
    """

    checked: CheckedEdition
    folder: Path | None
    files: tuple[tuple[str, int], ...]
    manifest: str
    quoted_bytes: int = 0

    @property
    def digest(self) -> str:
        """The digest of what recipients get, empty when nothing was made."""
        return self.checked.rendered.digest if self.checked.rendered else ""


def build_edition(
    workplace: Workplace, slug: str, *, out: Path | None = None, draft: bool = False
) -> BuiltEdition:
    """Check and build the edition `slug` into build/`slug` (or `out`), all or nothing.

    Errors stop it unless `draft`; a build that fails leaves the one before as it was.
    Raises EditionNotFoundError, WriteRefusedError.
    """
    checked = check_edition(workplace, slug)
    if checked.rendered is None or (checked.broken and not draft):
        return BuiltEdition(checked, None, (), "")
    files = make_files(checked.edition, checked.rendered, workplace.config)
    manifest = make_manifest(checked.edition, checked.rendered, files)
    # By its one spelling: what was typed may have its å taken apart.
    folder = out if out is not None else workplace.root / "build" / checked.edition.slug
    write_build(folder, {**files, "manifest.json": manifest.encode("utf-8")})
    sizes = tuple((name, len(data)) for name, data in sorted(files.items()))
    quoted = len(quoted_printable(files["message.html"].decode("utf-8")))
    return BuiltEdition(checked, folder, sizes, manifest, quoted)


def make_files(edition: Edition, rendered: RenderedEdition, config: Config) -> dict[str, bytes]:
    """Give every file of a build by its path, but for the manifest."""
    reader = config.samples[0]
    unsubscribe = way_out(config, sample_token(edition.slug))
    values = _words_for(rendered, reader) | {UNSUBSCRIBE: unsubscribe}
    files = {
        "message.html": rendered.html.fill(values, escape).encode("utf-8"),
        "message.txt": rendered.text.fill(values).encode("utf-8"),
        "message.eml": compose(rendered, values, sample_envelope(edition, config, unsubscribe)),
        "web/index.html": rendered.web.encode("utf-8"),
    }
    files |= {f"web/images/{picture.name}": picture.data for picture in rendered.pictures}
    return files | {f"web/calendar/{file.name}": file.data for file in rendered.calendars}


def _words_for(rendered: RenderedEdition, reader: SampleReader) -> dict[str, str]:
    """Give what the sample reader is shown; a field that nobody knows shows as it was typed.

    Raises SmakomMailError where the reader would meet a hole in the text.
    """
    words = {name: str(getattr(reader, name)) for name in READER_FIELDS}
    for slot in (*rendered.html.slots, *rendered.text.slots, *rendered.subject.slots):
        if slot.name == UNSUBSCRIBE or slot.default is not None or words.get(slot.name):
            continue
        if slot.name in READER_FIELDS:
            raise SmakomMailError(
                f"{{{slot.name}}} has no text for the sample reader, who has no {slot.name}",
                f"write {{{slot.name}|kära läsare}}, or give the [[sample]] reader one",
            )
        words[slot.name] = f"{{{slot.name}}}"
    return words


def sample_token(slug: str) -> str:
    """Give a token that no reader has: the built message is for an invented one."""
    return "exempel-" + hashlib.sha256(slug.encode("utf-8")).hexdigest()[:12]


def way_out(config: Config, token: str) -> str:
    """Give the address by which a reader leaves: a page, or a mail where no page answers."""
    return f"{config.site_url}/u/{token}" if config.site_pages else _mail_to_leave(config, token)


def _mail_to_leave(config: Config, token: str) -> str:
    return mail_link(ascii_address(config.leaving_address), token)


def sample_envelope(edition: Edition, config: Config, unsubscribe: str) -> Envelope:
    """Give the envelope of the sample message; its date is the edition's, not the clock's."""
    identity = config.mailing_list.id or config.site_host
    token = sample_token(edition.slug)
    date = dt.datetime.combine(edition.date, dt.time(8), tzinfo=dt.UTC)
    return Envelope(
        to=ascii_address(config.samples[0].email),
        message_id=f"<{quote(edition.slug)}.{token}@{config.site_host}>",
        date=date,
        list_id=identity,
        list_name=config.newsletter.name,
        unsubscribe_url=unsubscribe,
        unsubscribe_mail=_mail_to_leave(config, token),
        archive_url=f"{config.site_url}/archive/",
        feedback_id=f"{quote(edition.slug)}:{identity.split('.', 1)[0]}:smakom-mail",
    )


def make_manifest(edition: Edition, rendered: RenderedEdition, files: dict[str, bytes]) -> str:
    """Give manifest.json: no clock, no path of this machine, sorted keys."""
    seeds = {seed.slug: seed.sha256 for seed in edition.seeds}
    uses = seed_uses(edition)
    content = {
        "edition": edition.slug,
        "digest": rendered.digest,
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in sorted(files.items())
        },
        "excerpts": [_use(use, seeds) for use in uses if use.kind == "excerpt"],
        "quotations": [_use(use, seeds) for use in uses if use.kind == "quotation"],
        "versions": dict(engine_versions()),
    }
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _use(use: SeedUse, seeds: dict[str, str]) -> dict[str, object]:
    return {
        "seed": use.seed,
        "sha256": seeds.get(use.seed, ""),
        "section": use.section,
        "file": use.file,
        "line": use.line,
        "paragraphs": list(use.numbers),
        "corrections": [
            {"kind": c.kind, "from": c.found, "to": c.replacement} for c in use.corrections
        ],
    }


@cache
def engine_versions() -> Mapping[str, str]:
    """Give the versions of everything that shapes the bytes."""
    versions = {"smakom-mail": __version__}
    for name in _ENGINES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "unknown"
    return versions


def write_build(folder: Path, files: dict[str, bytes]) -> None:
    """Write a build beside `folder` and put it in its place with renames.

    A folder that holds something else than a build is not replaced: WriteRefusedError.
    """
    try:
        folder = folder.resolve() if folder.is_symlink() else folder
        if folder.exists() and not _is_build(folder):
            raise WriteRefusedError(
                f"{folder} holds something else than a build, so it is not replaced",
                "name an empty or new folder with --out",
            )
        folder.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(folder)
        with fresh_folder(folder) as fresh:
            for name, data in files.items():
                path = fresh / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            fresh.chmod(0o755)
            put_in_place(fresh, folder)
    except OSError as error:
        reason = error.strerror or str(error)
        raise WriteRefusedError(
            f"the build cannot be written to {folder}: {reason}",
            "make room or permission, or name another folder with --out",
        ) from error


def _is_build(folder: Path) -> bool:
    """Say whether `folder` is empty or a build of ours; many things have a manifest.json."""
    if not folder.is_dir():
        return False
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return not any(folder.iterdir())
    return isinstance(manifest, dict) and {"edition", "digest", "files"} <= manifest.keys()
