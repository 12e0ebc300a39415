"""From a letter's row to its message: the words, the layout, the headers, the signature."""

from dataclasses import dataclass, field

from smakom_mail.config.addresses import ascii_address
from smakom_mail.mail.dkim import Signer
from smakom_mail.mail.letter import LetterEnvelope, compose_letter
from smakom_mail.mail.smtp.envelope import Envelope
from smakom_mail.model.letter import LetterContent, RenderedLetter
from smakom_mail.render.layout import Layout, TemplateFault, load_layout
from smakom_mail.render.letter import has_letter, render_letter
from smakom_mail.services.letters.wording import content_of
from smakom_mail.services.scaffolding import packaged_layouts
from smakom_mail.services.storing import Store
from smakom_mail.services.surveying import message_host
from smakom_mail.services.workplace import Workplace
from smakom_mail.store.letters import Letter
from smakom_mail.tokens import message_id

SPARE = "smakom"
"""The shipped layout that steps in for one of the project's that cannot draw a letter."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter as it goes to the relay."""

    letter: Letter
    envelope: Envelope
    parts: list[bytes]


@dataclass
class Composer:
    """Makes the messages of letters by the settings of one project; the layouts are read once.

    `fault` says why letters have the looks of the shipped layout, where they have.
    """

    workplace: Workplace
    signer: Signer | None = None
    fault: str = ""
    _layout: Layout | None = field(default=None, repr=False)

    def compose(self, store: Store, letter: Letter) -> Composed:
        """Give a letter's message: the same at every attempt, for what it says about has not moved.

        Raises SmakomMailError where none can be made.
        """
        config = self.workplace.config
        content = content_of(store, letter)
        name = config.sender.name or config.newsletter.name
        parts = compose_letter(
            self._rendered(content),
            LetterEnvelope(
                sender=(name, ascii_address(config.sender.email)),
                reply_to=(name, ascii_address(config.sender.reply_to or config.sender.email)),
                to=letter.email,
                message_id=letter.message_id,
                date=letter.created_at,
                language=content.language,
            ),
            self.signer,
        )
        envid = letter.message_id.strip("<>")
        size = sum(map(len, parts))
        return Composed(
            letter, Envelope(letter.id, self._bounces_to, letter.email, size, envid=envid), parts
        )

    def new_message_id(self, store: Store, letter: Letter) -> str:
        """Give the Message-ID of a letter, in which nothing can be read."""
        host = message_host(self.workplace.config)
        return message_id(store.keyring, letter.kind, letter.id, host, "letter")

    @property
    def _bounces_to(self) -> str:
        """The envelope sender: the plain address, as nobody can be marked for a letter's bounce."""
        config = self.workplace.config
        return config.relay.bounce_address or ascii_address(config.sender.email)

    def _rendered(self, content: LetterContent) -> RenderedLetter:
        try:
            return render_letter(content, self._own_layout(), self.workplace.config)
        except TemplateFault as fault:
            self.fault = fault.finding.message("en")
            return render_letter(content, _spare_layout(), self.workplace.config)

    def _own_layout(self) -> Layout:
        if self._layout is None:
            layout = load_layout(self.workplace.root, self.workplace.config.newsletter.layout)
            if not has_letter(layout):
                self.fault = f"the layout {layout.name} has no letter.mjml.j2 and letter.txt.j2"
                layout = _spare_layout()
            self._layout = layout
        return self._layout


def _spare_layout() -> Layout:
    return load_layout(packaged_layouts().parent, SPARE)
