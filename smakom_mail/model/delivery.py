"""What can become of one recipient's copy: the states, what happens to them, and one pure table.

docs/guarantees.md prints the table. A state that another event than these leads out of does not
exist, and a statement of the store that changes a state names the states it may come from
(`sources`), so that the database refuses what the table does not hold.
"""

from enum import StrEnum


class State(StrEnum):
    """How a delivery stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SUBMITTING = "submitting"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"


class Event(StrEnum):
    """What happens to a delivery."""

    CLAIM = "claim"
    """A sender takes it as one of its next; nothing of it has left."""
    RELEASE = "release"
    """It is given back, with nothing said about it: before its dot, or by a reply to it."""
    INTEND = "intend"
    """Consent was read again, and from now on its dot may leave at any moment."""
    WITHHOLD = "withhold"
    """The reader has left meanwhile, or the campaign was cancelled."""
    ACCEPT = "accept"
    DEFER = "defer"
    REFUSE = "refuse"
    LOSE = "lose"
    """The connection ended behind its dot: nobody can know whether the relay took it."""
    DIE = "die"
    """Its sender is gone: killed, or without power."""
    ADOPT = "adopt"
    """A copy of the database became the original: what was open in it may have gone out since."""
    EXPIRE = "expire"
    """The campaign's lifetime has passed."""
    REOPEN = "reopen"
    """The relay refused everybody in a row, which was not about this one."""
    SETTLE_ACCEPTED = "settle as accepted"
    SETTLE_REFUSED = "settle as refused"
    SETTLE_RESEND = "settle by sending again"


_S, _E = State, Event

TABLE: dict[tuple[State, Event], State] = {
    (_S.WAITING, _E.CLAIM): _S.CLAIMED,
    (_S.WAITING, _E.WITHHOLD): _S.WITHHELD,
    (_S.WAITING, _E.ADOPT): _S.UNKNOWN,
    (_S.DEFERRED, _E.CLAIM): _S.CLAIMED,
    (_S.DEFERRED, _E.WITHHOLD): _S.WITHHELD,
    (_S.DEFERRED, _E.EXPIRE): _S.REFUSED,
    (_S.DEFERRED, _E.ADOPT): _S.UNKNOWN,
    (_S.CLAIMED, _E.INTEND): _S.SUBMITTING,
    (_S.CLAIMED, _E.RELEASE): _S.WAITING,
    (_S.CLAIMED, _E.WITHHOLD): _S.WITHHELD,
    (_S.CLAIMED, _E.DEFER): _S.DEFERRED,
    (_S.CLAIMED, _E.REFUSE): _S.REFUSED,
    (_S.CLAIMED, _E.DIE): _S.WAITING,
    (_S.CLAIMED, _E.ADOPT): _S.UNKNOWN,
    (_S.SUBMITTING, _E.ACCEPT): _S.ACCEPTED,
    (_S.SUBMITTING, _E.DEFER): _S.DEFERRED,
    (_S.SUBMITTING, _E.REFUSE): _S.REFUSED,
    (_S.SUBMITTING, _E.RELEASE): _S.WAITING,
    (_S.SUBMITTING, _E.LOSE): _S.UNKNOWN,
    (_S.SUBMITTING, _E.DIE): _S.UNKNOWN,
    (_S.SUBMITTING, _E.ADOPT): _S.UNKNOWN,
    (_S.REFUSED, _E.REOPEN): _S.WAITING,
    (_S.UNKNOWN, _E.SETTLE_ACCEPTED): _S.ACCEPTED,
    (_S.UNKNOWN, _E.SETTLE_REFUSED): _S.REFUSED,
    (_S.UNKNOWN, _E.SETTLE_RESEND): _S.WAITING,
}
"""Every state that a delivery can leave, by what happens to it; nothing else can happen."""

OPEN = frozenset({State.WAITING, State.CLAIMED, State.SUBMITTING, State.DEFERRED})
"""The states that a sender still has to do with; `unknown` waits for a person's word."""


class TransitionError(ValueError):
    """An event that cannot happen in this state: a fault of the program."""


def transition(state: State, event: Event) -> State:
    """Give the state that `event` leads to.

    Raises TransitionError where it cannot happen.
    """
    try:
        return TABLE[state, event]
    except KeyError:
        raise TransitionError(f"“{event}” cannot happen to a delivery that is {state}") from None


def sources(event: Event) -> tuple[State, ...]:
    """Give the states in which `event` can happen, for the condition of its statement."""
    return tuple(state for state, happens in TABLE if happens is event)
