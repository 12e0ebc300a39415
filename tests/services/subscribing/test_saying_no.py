"""Whatever is done in whatever order: nobody who said no is reached, and the sums add up."""

import datetime as dt
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from smakom_mail.config.selection import Selection, Term
from smakom_mail.model.person import Act, Basis, Reason
from smakom_mail.services.importing import Defaults
from smakom_mail.services.storing import timestamp
from smakom_mail.services.subscribing.adding import Details, add_subscriber, edit_subscriber
from smakom_mail.services.subscribing.inviting import confirm, invite
from smakom_mail.services.subscribing.leaving import forget_subscriber, lift_no, unsubscribe
from smakom_mail.services.subscribing.typed import Ground, SubscriberError
from smakom_mail.store.audience import candidates, count_verdicts
from smakom_mail.store.invariants import problems
from tests.services.subscribing.keeping import NOW, WORDING, imported, opened

LISTS = ("medlemmar", "press")
PEOPLE = tuple(f"{name}@example.se" for name in ("anna", "bo", "cia"))
SELECTIONS = (Term("everyone"), Term("list", "medlemmar"), Term("list", "press"))
EDITORS = (Reason.COMPLAINED, Reason.MANUAL)
GROUND = Ground(Basis.CONSENT, WORDING, "pärm 3", "2021-01-04")

someone = st.sampled_from(PEOPLE)
some_lists = st.sampled_from([(), ("medlemmar",), ("press",), LISTS])


@dataclass
class Model:
    """What is known of one address, as simply as it can be said.

    `on` are lists it was put on, `waits` those it was invited to, `noes` those the person left;
    `bounced` and `blocked` are what keeps it away otherwise, with "" for every list.
    """

    here: bool = False
    on: set[str] = field(default_factory=set)
    waits: set[str] = field(default_factory=set)
    noes: set[str] = field(default_factory=set)
    bounced: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)

    def is_kept_from(self, slug: str) -> bool:
        """Say whether any no holds for a list."""
        return bool({slug, ""} & (self.noes | self.bounced | self.blocked))

    def reached(self) -> set[str]:
        """Give the lists that reach the person."""
        return {slug for slug in self.on if self.here and not self.is_kept_from(slug)}


class SayingNo(RuleBasedStateMachine):
    """Every way in and every way out, beside a model that is easy to read."""

    def __init__(self) -> None:
        """Make an empty store."""
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store = opened(self.folder / "project")
        self.people = {email: Model() for email in PEOPLE}
        self.tokens: list[tuple[str, str, tuple[str, ...]]] = []
        self.hours = 0

    def teardown(self) -> None:
        """Put the store away."""
        found = [p.code for p in problems(self.store.database, self.store.journal)]
        self.store.close()
        shutil.rmtree(self.folder)
        assert found == []

    def act(self) -> Act:
        """Give the next act: an hour after the last."""
        self.hours += 1
        return Act(timestamp(NOW + dt.timedelta(hours=self.hours)), "kim")

    @rule(emails=st.lists(someone, min_size=1, unique=True), lists=some_lists)
    def import_a_file(self, emails: list[str], lists: tuple[str, ...]) -> None:
        """Import a file that names these people."""
        text = "email\n" + "".join(f"{email}\n" for email in emails)
        imported(self.store, text, Defaults(GROUND, lists, ("x",)), act=self.act())
        for email in emails:
            model = self.people[email]
            self.join(model, lists or (() if model.here else ("medlemmar",)))

    def join(self, model: Model, lists: tuple[str, ...]) -> None:
        """Let the model join the lists it has not said no to, if there is one."""
        welcome = {slug for slug in lists if not model.is_kept_from(slug)}
        if welcome:
            model.here = True
            model.on |= welcome
            model.waits -= welcome

    @rule(email=someone, lists=some_lists)
    def add(self, email: str, lists: tuple[str, ...]) -> None:
        """Add one by hand."""
        model = self.people[email]
        slugs = lists or ("medlemmar",)
        try:
            add_subscriber(self.store, email, Details(lists=lists, ground=GROUND), self.act(), NOW)
        except SubscriberError:
            assert model.here or any(map(model.is_kept_from, slugs))
        else:
            self.join(model, slugs)

    @rule(email=someone, lists=some_lists)
    def edit(self, email: str, lists: tuple[str, ...]) -> None:
        """Change one by hand."""
        model = self.people[email]
        details = Details(name="Nytt", lists=lists, ground=GROUND if lists else Ground())
        try:
            edit_subscriber(self.store, email, details, self.act(), NOW)
        except SubscriberError:
            assert not model.here or any(map(model.is_kept_from, lists))
        else:
            self.join(model, lists)

    @rule(email=someone, lists=some_lists)
    def leave(self, email: str, lists: tuple[str, ...]) -> None:
        """Unsubscribe one."""
        unsubscribe(self.store, email, lists, self.act())
        model = self.people[email]
        model.noes |= set(lists or LISTS)
        model.on -= set(lists or LISTS)
        model.waits -= set(lists or LISTS)

    @rule(email=someone, lists=some_lists, reason=st.sampled_from([*EDITORS, Reason.BOUNCED]))
    def complain(self, email: str, lists: tuple[str, ...], reason: Reason) -> None:
        """Record a no that is not the person's own unsubscription."""
        unsubscribe(self.store, email, lists, self.act(), reason)
        model = self.people[email]
        kept = model.bounced if reason is Reason.BOUNCED else model.blocked
        kept |= set(lists or ("",))

    @rule(email=someone)
    def lift(self, email: str) -> None:
        """Lift what an editor may lift."""
        model = self.people[email]
        try:
            lift_no(self.store, email, "talat med personen", self.act())
        except SubscriberError:
            assert not model.bounced | model.blocked
        model.bounced.clear()
        model.blocked.clear()

    @rule(email=someone)
    def forget(self, email: str) -> None:
        """Erase one."""
        model = self.people[email]
        try:
            forget_subscriber(self.store, email, self.act())
        except SubscriberError:
            assert not model.here
        else:
            if model.here:
                model.here = False
                model.noes = set(LISTS)
                model.on.clear()
                model.waits.clear()

    @rule(email=someone, lists=some_lists)
    def invite(self, email: str, lists: tuple[str, ...]) -> None:
        """Invite one, a day later."""
        self.hours += 24
        model = self.people[email]
        try:
            invitation = invite(self.store, email, lists, self.act())
        except SubscriberError:
            assert model.blocked or model.reached()
            return
        model.here = True
        slugs = {s for s in invitation.lists if s not in model.reached()}
        model.on -= slugs
        model.waits |= slugs
        token = invitation.url.rpartition("/")[2]
        self.tokens.append((token, email, invitation.lists))

    @precondition(lambda self: self.tokens)
    @rule(choice=st.integers(min_value=0))
    def say_yes(self, choice: int) -> None:
        """Use any link that was ever made."""
        token, email, lists = self.tokens[choice % len(self.tokens)]
        model = self.people[email]
        waiting = set(lists) & model.waits
        blocked = model.blocked & {*waiting, ""}
        done = confirm(self.store, token, self.act(), WORDING)
        if not waiting or blocked or not model.here:
            assert done is None or not done.new
            return
        assert done is not None
        assert set(done.lists) == waiting
        model.noes -= waiting
        model.on |= waiting
        model.waits -= waiting
        # A bounce says that the address was dead; here it is alive.
        model.bounced -= {*waiting, ""}

    @invariant()
    def only_who_said_yes_last_is_reached(self) -> None:
        """Hold what an edition would reach against the model."""
        for selection in SELECTIONS:
            wanted = {selection.name} if selection.name else set(LISTS)
            expected = {e: m.reached() & wanted for e, m in self.people.items()}
            assert self.reached(selection) == {e: lists for e, lists in expected.items() if lists}

    def reached(self, selection: Selection) -> dict[str, set[str]]:
        """Give whom an edition would reach, each once, with the lists."""
        found = list(candidates(self.store.database, selection))
        planned = [each for each in found if not each.excluded]
        assert len({each.key for each in found}) == len(found)
        counted = count_verdicts(self.store.database, selection)
        assert counted[""] == len(planned)
        assert counted.total() == len(found)
        return {each.email: set(each.lists) for each in planned}


SayingNo.TestCase.settings = settings(max_examples=50, stateful_step_count=25, deadline=None)
TestSayingNo = SayingNo.TestCase
