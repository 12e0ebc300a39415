"""A relay that takes mail faster than anything sends it, and throws it away.

One thread and one poll for all connections, and a large buffer that everybody's bytes are read
into. A message's end is looked for in the last bytes of each reading only, since nobody may send
more than an envelope behind it before the answer. It offers PIPELINING, and TLS from the first byte
with a certificate. ``XCOUNT`` gives the number of messages that it has taken, and their octets.

Run it as a program: ``sending_sink.py [CERTIFICATE.pem]`` prints its port and serves until it ends.
"""

import contextlib
import selectors
import socket
import ssl
import sys
from dataclasses import dataclass

_SPACE = 1 << 20
_END = b"\r\n.\r\n"
_ENVELOPE = 4096
"""What a client may send behind a message's end takes less."""
_HELLO = b"250-sink.example\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250 8BITMIME\r\n"


@dataclass
class Counted:
    """What has been taken so far."""

    messages: int = 0
    octets: int = 0


class Session:
    """What one client has said: it writes down nothing but how much that was."""

    def __init__(self, counted: Counted) -> None:
        """Begin with commands."""
        self.over = False
        self._counted = counted
        self._in_body = False
        self._rest = b""

    def answer(self, buffer: bytearray, length: int) -> bytes:
        """Take the first `length` bytes of the buffer and give what is answered to them."""
        replies: list[bytes] = []
        at = 0
        while at < length and not self.over:
            step = self._body if self._in_body else self._command
            at = step(buffer, at, length, replies)
        return b"".join(replies)

    def _body(self, buffer: bytearray, at: int, length: int, replies: list[bytes]) -> int:
        """Look for the end, also where it lies across two readings; give where it is."""
        tail = bytes(buffer[max(at, length - _ENVELOPE) : length])
        if length - at <= _ENVELOPE:
            tail = self._rest + tail
        end = tail.find(_END) + len(_END)
        if end < len(_END):
            self._rest = tail[1 - len(_END) :]
            self._counted.octets += length - at
            return length
        behind = len(tail) - end
        self._counted.octets += length - at - behind
        self._counted.messages += 1
        self._in_body, self._rest = False, b""
        replies.append(b"250 2.0.0 Ok: queued as %X\r\n" % self._counted.messages)
        return length - behind

    def _command(self, buffer: bytearray, at: int, length: int, replies: list[bytes]) -> int:
        end = buffer.find(b"\n", at, length) + 1
        if not end:
            self._rest += bytes(buffer[at:length])
            return length
        line, self._rest = self._rest + bytes(buffer[at:end]), b""
        verb = line[:4].upper()
        if verb == b"DATA":
            # The end of a message without a single line stands behind the command's own.
            self._in_body, self._rest = True, b"\r\n"
            replies.append(b"354 go on\r\n")
        elif verb == b"EHLO":
            replies.append(_HELLO)
        elif verb == b"XCOU":
            replies.append(b"250 %d %d\r\n" % (self._counted.messages, self._counted.octets))
        elif verb == b"QUIT":
            self.over = True
            replies.append(b"221 2.0.0 bye\r\n")
        else:
            replies.append(b"250 2.1.0 Ok\r\n")
        return end


class Sink:
    """All connections of the sink."""

    def __init__(self, context: ssl.SSLContext | None) -> None:
        """Listen on a port of the system's choice."""
        self.server = socket.create_server(("127.0.0.1", 0), backlog=100)
        self._context = context
        self._counted = Counted()
        self._buffer = bytearray(_SPACE)
        self._selector = selectors.DefaultSelector()

    def serve(self) -> None:
        """Serve until the program is ended."""
        self._selector.register(self.server, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select():
                if isinstance(key.data, Session) and isinstance(key.fileobj, socket.socket):
                    self._read(key.fileobj, key.data)
                else:
                    self._accept()

    def _accept(self) -> None:
        client, _ = self.server.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._context is not None:
            try:
                client = self._context.wrap_socket(client, server_side=True)
            except OSError:
                client.close()
                return
        client.sendall(b"220 sink.example ESMTP\r\n")
        client.settimeout(0)
        self._selector.register(client, selectors.EVENT_READ, Session(self._counted))

    def _read(self, client: socket.socket, session: Session) -> None:
        """Take all that lies there, and answer it in one piece."""
        replies = b""
        length = 1
        with contextlib.suppress(BlockingIOError, ssl.SSLWantReadError):
            while length := _received(client, self._buffer):
                replies += session.answer(self._buffer, length)
                if self._context is None or replies:
                    break
        if replies and length:
            client.sendall(replies)
        if not length or session.over:
            self._selector.unregister(client)
            client.close()
        elif isinstance(client, ssl.SSLSocket) and client.pending():
            self._read(client, session)


def _received(client: socket.socket, buffer: bytearray) -> int:
    try:
        return client.recv_into(buffer)
    except (ConnectionError, ssl.SSLEOFError):
        return 0


def main() -> None:
    """Serve, over TLS where a file with a certificate and its key is named."""
    context = None
    if len(sys.argv) > 1:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(sys.argv[1])
    sink = Sink(context)
    print(sink.server.getsockname()[1], flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        sink.serve()


if __name__ == "__main__":
    main()
