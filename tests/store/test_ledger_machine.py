"""Whatever happens in whatever order: nobody is lost, the sums hold, the table is kept."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from smakom_mail.model.campaign import Wish
from smakom_mail.model.delivery import TABLE, Event, State
from smakom_mail.store import open_database
from smakom_mail.store.campaigns import tally, withhold_rest
from smakom_mail.store.ledger import Ledger, LedgerError, Outcome
from smakom_mail.store.lists import keep_lists
from smakom_mail.store.senders import Sender, recover
from smakom_mail.store.settling import EVENTS, settle
from tests.store.campaigned import (
    AT,
    LATER,
    begun,
    installation_of,
    people,
    sender_of,
    states,
    wished,
)
from tests.store.peopled import LISTS, added, no, say_no

PEOPLE = 8
STEPS = {(old, new): event for (old, event), new in TABLE.items()}
AFTER_DOT = (Event.ACCEPT, Event.DEFER, Event.REFUSE, Event.RELEASE, Event.LOSE)


class LedgerMachine(RuleBasedStateMachine):
    """Two senders with two ledgers, readers who leave, deaths, and people who settle doubts."""

    def __init__(self) -> None:
        """Begin with a campaign for eight people, and nobody who sends it."""
        super().__init__()
        self.folder = TemporaryDirectory()
        self.database = open_database("sqlite:///people.db", Path(self.folder.name), create=True)
        keep_lists(self.database, LISTS)
        readers = people(PEOPLE)
        added(self.database, *readers)
        self.campaign = begun(self.database, readers)
        self.senders: list[tuple[Ledger, Sender]] = []
        self.taken: list[int] = []
        """Whom the relay was given a dot for and has, or may have, taken."""
        self.resent: list[int] = []
        self.left: set[int] = set()
        self.seen = states(self.database, self.campaign)

    def teardown(self) -> None:
        """Let go of everything."""
        for _ledger, sender in self.senders:
            sender.lock.release()
        self.database.close()
        self.folder.cleanup()

    def held(self, ledger: Ledger, state: State) -> list[int]:
        """Give whom a sender has in this state."""
        rows = self.database.all(
            "SELECT id FROM deliveries WHERE sender = :s AND state = :state ORDER BY id",
            {"s": ledger.sender, "state": str(state)},
        )
        return [row["id"] for row in rows]

    @precondition(lambda self: len(self.senders) < 2)
    @rule()
    def enter(self) -> None:
        """Let another sender begin."""
        self.senders.append(sender_of(self.database, self.campaign))

    @precondition(lambda self: self.senders)
    @rule(
        data=st.data(), state=st.sampled_from([State.WAITING, State.DEFERRED]), n=st.integers(1, 4)
    )
    def claim(self, data: st.DataObject, state: State, n: int) -> None:
        """Claim some."""
        ledger, _ = data.draw(st.sampled_from(self.senders))
        ledger.claim(state, n, LATER)

    @precondition(lambda self: self.senders)
    @rule(data=st.data())
    def intend(self, data: st.DataObject) -> None:
        """Ask for intents; who has left never gets one."""
        ledger, _ = data.draw(st.sampled_from(self.senders))
        claimed = self.held(ledger, State.CLAIMED)
        some = data.draw(st.lists(st.sampled_from(claimed), unique=True)) if claimed else []
        done = ledger.commit([], some, AT)
        assert not done.granted & self.left
        assert not done.granted & set(self.taken)

    @precondition(lambda self: self.senders)
    @rule(data=st.data(), event=st.sampled_from(AFTER_DOT))
    def learn(self, data: st.DataObject, event: Event) -> None:
        """Take in what became of one that was submitted."""
        ledger, _ = data.draw(st.sampled_from(self.senders))
        if submitted := self.held(ledger, State.SUBMITTING):
            id_ = data.draw(st.sampled_from(submitted))
            if event in (Event.ACCEPT, Event.LOSE):
                self.taken.append(id_)
            ledger.commit([Outcome(id_, event, AT, next_at=AT)], (), AT)

    @precondition(lambda self: self.senders)
    @rule(data=st.data(), id_=st.integers(1, PEOPLE), event=st.sampled_from(list(AFTER_DOT)))
    def meddle(self, data: st.DataObject, id_: int, event: Event) -> None:
        """Report about somebody whom this sender does not have: nothing may change."""
        ledger, _ = data.draw(st.sampled_from(self.senders))
        in_hand = self.held(ledger, State.SUBMITTING) + self.held(ledger, State.CLAIMED)
        if id_ in in_hand:
            return
        try:
            ledger.commit([Outcome(id_, event, AT)], [id_], AT)
        except LedgerError:
            assert states(self.database, self.campaign) == self.seen
        else:
            raise AssertionError("it was taken in")

    @precondition(lambda self: self.senders)
    @rule(data=st.data())
    def die(self, data: st.DataObject) -> None:
        """Kill a sender: the relay may have got whatever it was submitting."""
        ledger, sender = data.draw(st.sampled_from(self.senders))
        self.taken += self.held(ledger, State.SUBMITTING)
        sender.lock.release()
        self.senders.remove((ledger, sender))
        recover(installation_of(self.database), self.campaign, LATER)

    @rule(number=st.integers(1, PEOPLE))
    def leave(self, number: int) -> None:
        """Let a reader say no."""
        self.left.add(self.campaign.first_id + number - 1)
        say_no(self.database, no(f"reader{number}@kommun.example"))

    @rule(number=st.integers(1, PEOPLE), event=st.sampled_from(EVENTS))
    def settle(self, number: int, event: Event) -> None:
        """Let a person say what became of somebody, in doubt or not."""
        doubtful = self.seen[number - 1] == State.UNKNOWN
        assert settle(self.database, number, event, AT, "Kim says so") is doubtful
        if doubtful and event is Event.SETTLE_RESEND:
            self.taken.remove(number)

    @rule(wish=st.sampled_from([Wish.PAUSED, Wish.SENDING]))
    def wish(self, wish: Wish) -> None:
        """Pause, or go on."""
        wished(self.database, self.campaign, wish)

    @rule()
    def withhold_all(self) -> None:
        """Withhold whoever waits."""
        with self.database.transaction():
            withhold_rest(self.database, self.campaign, AT)

    @invariant()
    def nobody_is_lost_and_the_sums_hold(self) -> None:
        """Hold planned against the sum of the states."""
        counted = tally(self.database, self.campaign)
        assert (counted.planned, sum(counted.states.values())) == (PEOPLE, PEOPLE)

    @invariant()
    def every_change_was_one_of_the_table_s(self) -> None:
        """Allow at most a death and what follows in one step."""
        now = states(self.database, self.campaign)
        changes = {(State(a), State(b)) for a, b in zip(self.seen, now, strict=True) if a != b}
        assert [change for change in changes if change not in STEPS] == []
        self.seen = now

    @invariant()
    def nobody_is_open_whom_the_relay_may_have(self) -> None:
        """Whoever was taken, or perhaps taken, is in no state that leads to another sending."""
        now = states(self.database, self.campaign)
        open_again = [
            id_
            for id_ in self.taken
            if now[id_ - 1] in (State.WAITING, State.CLAIMED, State.DEFERRED)
        ]
        assert open_again == []


TestLedgerMachine = LedgerMachine.TestCase
TestLedgerMachine.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
