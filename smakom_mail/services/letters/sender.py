"""Sends letters: a coroutine beside `serve`, and one pass for the laptop.

The database is touched, and messages are composed, in a thread of its own, so that the loop that
answers readers never waits for either. One letter is on its way at a time, over one connection.
A relay that fails loses nothing: the letter waits, and what is in doubt is never sent again.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from smakom_mail.errors import SmakomMailError, StoreError
from smakom_mail.mail.smtp.replies import NO_REPLY
from smakom_mail.mail.smtp.verdicts import Action, Phase, Verdict
from smakom_mail.services.letters.composing import Composed
from smakom_mail.services.letters.hand import Hand, LettersHeldError, take_letters_in_hand
from smakom_mail.services.letters.ledger import LetterLedger
from smakom_mail.services.letters.post import Gone, NoSessionError, Post, Wanted
from smakom_mail.services.sending.clock import Clock
from smakom_mail.services.workplace import Workplace

EVERY = 2.0
"""Seconds between two looks for letters."""
_PAUSES = {
    Action.SLOWER: 60.0,
    Action.FEWER: 30.0,
    Action.QUOTA: 900.0,
    Action.STOP: 300.0,
}
"""Seconds until the relay is asked again, once it has said so."""
_ENDING = (*_PAUSES, Action.RECONNECT)
_FIRST, _LONGEST = 5.0, 300.0
_STORE_PAUSE = 10.0
_PATIENCE = 60
"""How many times, a second apart, a commit is tried again: a large import holds the database."""
_CLOSING = 10.0
_TOLD = "the program was told to stop"

T = TypeVar("T")


class _TroubleError(Exception):
    """The relay wants no more letters for now: its verdict says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.why)
        self.verdict = verdict


@dataclass(frozen=True, slots=True)
class Round:
    """What a look came to: the letters that were tried, and when to look again.

    `trouble` is why it ended early, in one sentence for people.
    """

    tried: tuple[str, ...] = ()
    pause: float = 0.0
    trouble: str = ""


class LetterSender:
    """Sends what is due; `said` is told in one sentence when that fails and when it works again.

    With `only` it sends that one letter and no other.
    """

    def __init__(
        self,
        workplace: Workplace,
        environment: Mapping[str, str],
        *,
        clock: Clock | None = None,
        said: Callable[[str], None] = lambda _sentence: None,
        only: str = "",
    ) -> None:
        """Prepare; nothing is opened before the first look."""
        self._workplace = workplace
        self._environment = environment
        self._clock = clock or Clock()
        self._said = said
        self._only = only
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="letters")
        self._hand: Hand | None = None
        self._post: Post | None = None
        self._failures = 0
        self._trouble = ""
        self._looks = ""
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()

    # ------------------------------------------------------------------------------- for `serve`

    async def run(self) -> None:
        """Send until `close` is called. No fault of relay, settings or database ends it."""
        try:
            while not self._stopping.is_set():
                done = await self._look()
                self._tell(done.trouble)
                await self._rest(max(EVERY, done.pause))
        finally:
            await self._let_go()
            self._ended.set()

    async def close(self) -> None:
        """End: the letter on its way is finished, for ten seconds at most; then it is in doubt."""
        self._stopping.set()
        try:
            async with asyncio.timeout(_CLOSING):
                await self._ended.wait()
        except TimeoutError:
            if self._post is not None:
                self._post.abort(_TOLD)
            await self._ended.wait()

    # ------------------------------------------------------------------------------ for a laptop

    async def drain(self) -> Round:
        """Send until nothing is due, or something is in the way.

        Raises LettersHeldError, and SmakomMailError for what keeps it from beginning at all.
        """
        tried: list[str] = []
        try:
            self._hand = await self._do(self._take)
            while True:
                done = await self._look()
                tried += done.tried
                if done.trouble or not done.tried:
                    return Round(tuple(tried), done.pause, done.trouble)
        finally:
            await self._let_go()

    # ---------------------------------------------------------------------------------- one look

    async def _look(self) -> Round:
        """Send what is due now; whatever goes wrong is a sentence and a pause."""
        tried: list[str] = []
        try:
            pause = await self._send_due(tried)
        except (NoSessionError, _TroubleError) as error:
            return self._troubled(tried, error.verdict)
        except LettersHeldError:
            return Round(tuple(tried))
        except SmakomMailError as error:
            await self._drop()
            pause = _STORE_PAUSE if isinstance(error, StoreError) else _LONGEST
            return Round(tuple(tried), pause, error.message)
        except Exception as error:  # noqa: BLE001 - readers are answered whatever becomes of letters
            await self._drop()
            return Round(tuple(tried), _LONGEST, f"a fault of the program: {error!r}")
        finally:
            await self._hang_up()
        self._failures = 0
        return Round(tuple(tried), pause)

    def _troubled(self, tried: list[str], verdict: Verdict) -> Round:
        pause = self._pause(verdict.action)
        self._failures += 1
        return Round(tuple(tried), pause, verdict.why)

    def _pause(self, action: Action) -> float:
        return _PAUSES.get(action, min(_LONGEST, _FIRST * 2.0 ** min(self._failures, 10)))

    async def _send_due(self, tried: list[str]) -> float:
        """Try every letter that is due; give how long the relay's limits keep the others back."""
        hand = await self._do(self._current)
        ledger = hand.ledger
        if await self._do(ledger.begin):
            self._said("a letter is in doubt: nobody knows whether the relay took it")
        pause: float = 0.0
        for letter in await self._do(ledger.due):
            if self._stopping.is_set():
                break
            wait: float = ledger.wait(letter)
            if wait > 0:
                pause = max(pause, wait)
                continue
            tried.append(letter.id)
            composed = await self._surely(partial(ledger.compose, letter))
            self._tell_of_looks(ledger.composer.fault)
            if composed is not None:
                await self._hand_over(hand, composed)
        return pause

    async def _hand_over(self, hand: Hand, composed: Composed) -> None:
        """Hand one letter over, and make durable what came of it. Raises _TroubleError."""
        letter, ledger = composed.letter, hand.ledger
        if self._post is None or self._post.over:
            self._post = await hand.office.open()
        post = self._post
        answer = await post.ask(composed.envelope)
        if isinstance(answer, Wanted):
            if not await self._intended(post, ledger, composed):
                return
            answer = await post.send(composed.parts)
        if isinstance(answer, Gone):
            verdict = Verdict(Action.RECONNECT, NO_REPLY, Phase.DOT, answer.why)
            pause = self._pause(verdict.action)
            if answer.doubtful:
                await self._surely(lambda: ledger.doubt(letter, answer.why))
            else:
                await self._surely(lambda: ledger.release(letter, answer.why, pause))
            raise _TroubleError(verdict)
        verdict = answer
        pause = self._pause(verdict.action)
        await self._surely(lambda: ledger.learn(letter, verdict, pause))
        if verdict.action in _ENDING:
            raise _TroubleError(verdict)

    async def _intended(self, post: Post, ledger: LetterLedger, composed: Composed) -> bool:
        """Make the intent durable.

        Where that may not be the connection is cut: SMTP has no other way to take somebody back.
        """
        try:
            granted = await self._surely(lambda: ledger.intend(composed.letter))
        except BaseException:
            post.abort("its intent could not be recorded")
            raise
        if not granted:
            post.abort("withheld")
        return granted

    async def _hang_up(self) -> None:
        """Take leave of the relay."""
        post, self._post = self._post, None
        if post is None or post.over:
            return
        try:
            async with asyncio.timeout(_CLOSING):
                await post.close()
        except TimeoutError:
            post.abort(_TOLD)

    # -------------------------------------------------------------------------------- the thread

    def _take(self) -> Hand:
        return take_letters_in_hand(self._workplace, self._environment, self._clock, self._only)

    def _current(self) -> Hand:
        """Give what sends, opened anew where another database has been put in its place."""
        if self._hand is not None and not self._hand.is_current():
            self._close()
        if self._hand is None:
            self._hand = self._take()
        return self._hand

    def _close(self) -> None:
        hand, self._hand = self._hand, None
        if hand is not None:
            hand.close()

    async def _do(self, what: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, what)

    async def _surely(self, what: Callable[[], T]) -> T:
        """Do something in the database, and again while another program has it."""
        for _ in range(_PATIENCE):
            try:
                return await self._do(what)
            except StoreError:
                await self._clock.sleep(1.0)
        return await self._do(what)

    async def _drop(self) -> None:
        """Let go of what cannot be used, to open it anew at the next look."""
        with contextlib.suppress(SmakomMailError, OSError):
            await self._do(self._close)

    async def _let_go(self) -> None:
        await self._drop()
        self._thread.shutdown(wait=False)

    # --------------------------------------------------------------------------------- the pauses

    def _tell_of_looks(self, fault: str) -> None:
        """Say once why letters do not look as the project's layout has them."""
        if fault and fault != self._looks:
            self._said(f"letters have the looks of the shipped layout: {fault}")
        self._looks = fault

    def _tell(self, trouble: str) -> None:
        """Say what is in the way, once; and that it is not any more."""
        if trouble and trouble != self._trouble:
            self._said(f"letters wait: {trouble}")
        elif self._trouble and not trouble:
            self._said("letters are sent again")
        self._trouble = trouble

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds / self._clock.pace):
                await self._stopping.wait()
