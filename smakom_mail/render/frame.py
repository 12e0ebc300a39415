"""The values that every template of an edition gets: names from settings and locale, as tokens."""

from collections.abc import Mapping
from html import escape
from types import SimpleNamespace

from smakom_mail.config import Config, Social
from smakom_mail.content.markdown import split_fields
from smakom_mail.locale import format_date, words
from smakom_mail.model.edition import Edition, Picture
from smakom_mail.model.rendered import UNSUBSCRIBE
from smakom_mail.render.layout import Layout
from smakom_mail.render.placeholders import Placeholders
from smakom_mail.render.view import ViewBuilder, section_titles, shown_size

FILLER = "&#847;&zwnj;&nbsp;" * 60


class Said:
    """The frame's words, each a token when a template asks for it."""

    def __init__(self, tokens: Placeholders, language: str, values: Mapping[str, str]) -> None:
        """Take the words of `language`; `values` fill the places in them."""
        self._tokens = tokens
        self._words = words(language)
        self._values = values

    def __getattr__(self, name: str) -> str:
        """Give the word called `name`."""
        try:
            word = self._words[name]
        except KeyError:
            raise AttributeError(name) from None
        return self._tokens.text(word.format(**self._values) if "{" in word else word)


class Pictures:
    """The layout's pictures by file name without its ending: src, width, height."""

    def __init__(
        self, tokens: Placeholders, pictures: tuple[tuple[str, Picture], ...], base: str
    ) -> None:
        """Take the pictures; `base` comes before ``images/``."""
        self._tokens = tokens
        self._pictures = dict(pictures)
        self._base = base

    def __getattr__(self, name: str) -> SimpleNamespace:
        """Give the picture called `name`."""
        picture = self._pictures.get(name)
        if picture is None:
            raise AttributeError(name)
        width, height = shown_size(picture)
        return SimpleNamespace(
            src=self._tokens.text(f"{self._base}images/{picture.name}"), width=width, height=height
        )


def subject_html(edition: Edition, tokens: Placeholders) -> str:
    """Give the subject escaped for HTML, its fields as slots."""
    return "".join(
        escape(part) if isinstance(part, str) else tokens.slot(*part)
        for part in split_fields(edition.subject)
    )


def frame_values(
    edition: Edition, config: Config, layout: Layout, views: ViewBuilder
) -> dict[str, object]:
    """Give the values of the HTML templates, for the mail and for the web version."""
    tokens = views.tokens
    pictures = Pictures(tokens, layout.pictures, views.base)
    names = own_names(config)
    page = "" if views.anchors else views.web_url
    return {
        "language": edition.language,
        "subject": tokens.html(subject_html(edition, tokens)),
        "title": tokens.text(edition.title, required=True),
        "date": tokens.text(format_date(edition.date, edition.language)),
        "preheader": tokens.text(edition.preheader),
        "preheader_filler": tokens.html(FILLER),
        "web_url": tokens.text(views.web_url),
        "unsubscribe_url": tokens.slot(UNSUBSCRIBE),
        "newsletter": tokens.text(names["newsletter"]),
        "organisation": tokens.text(names["organisation"]),
        "reason": tokens.text(reason(config, edition.language)),
        "pictures": pictures,
        "said": Said(tokens, edition.language, names),
        "sections": views.sections(),
        "contents": [
            SimpleNamespace(
                url=tokens.text(f"{page}#{anchor}"),
                title=tokens.text(title),
                items=tokens.text(items),
            )
            for anchor, title, items in section_titles(edition, layout.contents_skip)
        ],
        "social": [_social(place, pictures, tokens) for place in config.social],
        "sender": sender_values(config, tokens),
    }


def own_names(config: Config) -> dict[str, str]:
    """Give the names that the frame's words need: whose newsletter, and what it is called."""
    organisation = config.newsletter.organisation or config.sender.name or config.newsletter.name
    return {"organisation": organisation, "newsletter": config.newsletter.name}


def _social(place: Social, pictures: Pictures, tokens: Placeholders) -> SimpleNamespace:
    icon = getattr(pictures, f"icon-{place.icon}", None)
    return SimpleNamespace(
        name=tokens.text(place.name),
        url=tokens.text(place.url),
        icon=icon.src if icon else "",
    )


def sender_values(config: Config, tokens: Placeholders) -> SimpleNamespace:
    """Give what a footer says of the sender."""
    sender = config.sender
    email = sender.reply_to or sender.email
    return SimpleNamespace(
        name=tokens.text(sender.name or own_names(config)["organisation"]),
        email=tokens.text(email),
        mail_url=tokens.text(f"mailto:{email}"),
        postal_address=tokens.text(sender.postal_address),
        organisation_number=tokens.text(sender.organisation_number),
        telephone=tokens.text(sender.telephone),
        website=tokens.text(sender.website),
        website_name=tokens.text(bare_address(sender.website)),
    )


def reason(config: Config, language: str) -> str:
    """Give the sentence that says why the reader gets the mail."""
    own = config.newsletter.reason if language == config.newsletter.language else ""
    return own or words(language)["reason"].format(**own_names(config))


def bare_address(url: str) -> str:
    """Give a web address as people say it."""
    return url.removeprefix("https://").removeprefix("http://").rstrip("/")
