"""A relay that plays a script: whatever a real one might do, at the very step it is told to.

It takes part in the loop of the test. `Relay(answers={"RCPT": ["450 4.2.0 later", DIE]})` answers
the first RCPT TO with 450, dies at the second, and takes all others. Steps are GREETING, EHLO,
STARTTLS, AUTH, MAIL, RCPT, DATA, BODY (the first line of a message), DOT, RSET and QUIT.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

EXTENSIONS = ("PIPELINING", "SIZE 1000000", "8BITMIME", "ENHANCEDSTATUSCODES", "DSN", "SMTPUTF8")
DEFAULTS = {
    "GREETING": "220 relay.example ESMTP",
    "STARTTLS": "220 2.0.0 Ready to start TLS",
    "AUTH": "235 2.7.0 Authentication successful",
    "MAIL": "250 2.1.0 Ok",
    "RCPT": "250 2.1.5 Ok",
    "DATA": "354 End data with <CR><LF>.<CR><LF>",
    "BODY": "",
    "DOT": "250 2.0.0 Ok: queued",
    "RSET": "250 2.0.0 Ok",
    "QUIT": "221 2.0.0 Bye",
}


@dataclass(frozen=True)
class Answer:
    """What is done at a step: `text` is sent, its lines ended, then the connection may end.

    `die` cuts the connection without a word, `takes` says whether a message is accepted all the
    same, `drip` is the seconds between two bytes, and `raw` leaves the text's end as it is.
    """

    text: str = ""
    die: bool = False
    takes: bool | None = None
    drip: float = 0
    raw: bool = False


DIE = Answer(die=True)
TAKE_AND_DIE = Answer(die=True, takes=True)
SILENCE = Answer(raw=True)
"""Nothing more, and the connection stays."""


def closing(text: str) -> Answer:
    """Say a last word, and close."""
    return Answer(text, die=True)


def half(text: str) -> Answer:
    """Say part of a line, and die."""
    return Answer(text, die=True, raw=True)


@dataclass(frozen=True)
class Mail:
    """A message that the relay has accepted."""

    sender: str
    recipient: str
    data: bytes


@dataclass
class Relay:
    """A relay with its script, and what came of it.

    `most` connections are taken at a time. `context` is its certificate: for STARTTLS, or from
    the first byte with `implicit`. `injected` follows its yes to STARTTLS unencrypted; with
    `mute` nothing does, and no TLS either.
    """

    answers: Mapping[str, Sequence[str | Answer]] = field(default_factory=dict)
    extensions: Sequence[str] = EXTENSIONS
    context: ssl.SSLContext | None = None
    implicit: bool = False
    injected: bytes = b""
    mute: bool = False
    most: int = 100
    port: int = 0
    accepted: list[Mail] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)
    """All that each connection sent, in the order they came."""
    commands: list[str] = field(default_factory=list)
    _used: dict[str, int] = field(default_factory=dict)
    _open: int = 0
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Relay"]:
        """Listen on a free port of loopback."""
        context = self.context if self.implicit else None
        server = await asyncio.start_server(
            self._connected, "127.0.0.1", 0, ssl=context, limit=1 << 24
        )
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            self._tasks.append(task)
        self._open += 1
        self.received.append(b"")
        line = _Line(self, reader, writer, len(self.received) - 1)
        try:
            await line.serve(too_many=self._open > self.most)
        except (ConnectionError, ssl.SSLError, asyncio.CancelledError):
            pass  # the client is gone, or the test is over
        finally:
            self._open -= 1
            writer.transport.abort()

    def answer(self, step: str, objection: str | None = None) -> Answer:
        """Give what the script says to this step now; without one an objection comes first."""
        number = self._used.get(step, 0)
        self._used[step] = number + 1
        script = self.answers.get(step, ())
        told = script[number] if number < len(script) else objection or self._default(step)
        return told if isinstance(told, Answer) else Answer(told)

    def _default(self, step: str) -> str:
        if step == "EHLO":
            offered = [*self.extensions]
            if self.context is not None and not self.implicit:
                offered.append("STARTTLS")
            lines = ["relay.example", *offered]
            return "\r\n".join([f"250-{each}" for each in lines[:-1]] + [f"250 {lines[-1]}"])
        return DEFAULTS.get(step, "500 5.5.2 Error: command not recognized")


class _Line:
    """One connection."""

    def __init__(
        self, relay: Relay, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> None:
        self.relay, self.reader, self.writer, self.number = relay, reader, writer, number
        self.sender: str | None = None
        self.recipient: str | None = None

    async def serve(self, *, too_many: bool) -> None:
        if too_many:
            await self.say(closing("421 4.7.0 relay.example Error: too many connections"))
            return
        if not await self.step("GREETING"):
            return
        while command := (await self.line()).decode("utf-8", "replace").rstrip("\r\n"):
            self.relay.commands.append(command)
            if not await self.command(command):
                return

    async def command(self, command: str) -> bool:
        verb = command.split(" ", maxsplit=1)[0].upper()
        if verb == "STARTTLS":
            return await self.start_tls()
        answer = self.relay.answer(verb, self.objection(verb))
        path = re.search("<(.*)>", command)
        if verb == "MAIL" and answer.text.startswith("2"):
            self.sender, self.recipient = path[1] if path else "", ""
        elif verb == "RCPT" and path and answer.text.startswith("2"):
            self.recipient = path[1]
        elif verb in {"RSET", "EHLO"}:
            self.sender = self.recipient = None
        elif verb == "AUTH":
            return await self.log_in(answer)
        going = await self.say(answer)
        if verb == "DATA" and going and answer.text.startswith("354"):
            return await self.message()
        return going and verb != "QUIT"

    def objection(self, verb: str) -> str | None:
        """Say what is out of order, as RFC 5321 section 4.1.4 has it."""
        if verb == "MAIL" and self.sender is not None:
            return "503 5.5.1 Error: nested MAIL command"
        if verb == "RCPT" and self.sender is None:
            return "503 5.5.1 Error: need MAIL command"
        if verb == "DATA" and not self.recipient:
            return "554 5.5.1 Error: no valid recipients"
        return None

    async def log_in(self, answer: Answer) -> bool:
        while answer.text.startswith("334"):
            await self.say(answer)
            self.relay.commands.append((await self.line()).decode().rstrip("\r\n"))
            answer = self.relay.answer("AUTH")
        return await self.say(answer)

    async def start_tls(self) -> bool:
        assert self.relay.context is not None
        answer = self.relay.answer("STARTTLS")
        if self.relay.injected:
            self.writer.write(answer.text.encode() + b"\r\n" + self.relay.injected)
            return True
        if await self.say(answer) and answer.text.startswith("220"):
            if self.relay.mute:
                await self.say(SILENCE)
            await self.writer.start_tls(self.relay.context)
        return not answer.die

    async def message(self) -> bool:
        lines: list[bytes] = []
        while (line := await self.line()) != b".\r\n":
            if not line:
                return False
            if not lines and not await self.step("BODY"):
                return False
            lines.append(line)
        answer = self.relay.answer("DOT")
        takes = answer.text.startswith("2") if answer.takes is None else answer.takes
        if takes and self.recipient:
            self.relay.accepted.append(Mail(self.sender or "", self.recipient, b"".join(lines)))
        self.sender = self.recipient = None
        return await self.say(answer)

    async def step(self, step: str) -> bool:
        return await self.say(self.relay.answer(step))

    async def say(self, answer: Answer) -> bool:
        """Answer; say whether the connection goes on."""
        if answer is SILENCE:
            await asyncio.Event().wait()
        text = answer.text.encode() + (b"" if answer.raw or not answer.text else b"\r\n")
        if answer.drip:
            for octet in text:
                self.writer.write(bytes([octet]))
                await asyncio.sleep(answer.drip)
        elif text:
            self.writer.write(text)
        await self.writer.drain()
        if answer.die:
            if text:
                self.writer.close()
                await asyncio.sleep(0.01)  # abort() would take back what was said
            self.writer.transport.abort()
        return not answer.die

    async def line(self) -> bytes:
        line = await self.reader.readline()
        self.relay.received[self.number] += line
        return line
