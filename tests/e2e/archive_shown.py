"""The archive on a web host that knows nothing of it, and a voice for Chromium, which has none."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page

TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ics": "text/calendar",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".xml": "application/xml",
}


@contextmanager
def hosted(files: Mapping[str, bytes]) -> Iterator[str]:
    """Serve files as a plain host does; give the address of the site."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = unquote(urlsplit(self.path).path).removeprefix("/")
            name += "index.html" if not name or name.endswith("/") else ""
            data = files.get(name)
            self.send_response(404 if data is None else 200)
            kind = TYPES[".html" if data is None else PurePosixPath(name).suffix]
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(files["404.html"] if data is None else data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


VOICE = """
(() => {
  const voices = VOICES;
  const listeners = [];
  const said = [];
  let current = null;
  const synth = {
    said,
    getVoices: () => voices.filter((voice) => !voice.late || synth.loaded),
    speak(utterance) { said.push(utterance); current = utterance; },
    cancel() { const gone = current; current = null; gone?.onerror?.({ error: "canceled" }); },
    addEventListener: (_, listener) => listeners.push(listener),
    end(times = 1) {
      for (let n = 0; n < times; n += 1) { const gone = current; current = null; gone?.onend?.(); }
    },
    fail() { const gone = current; current = null; gone?.onerror?.({ error: "audio-busy" }); },
    load() { synth.loaded = true; listeners.forEach((listener) => listener()); },
    get silent() { return current === null; },
  };
  Object.defineProperty(window, "speechSynthesis", { value: synth });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
})();
"""
ALVA = '{name: "Alva", lang: "sv-SE", localService: true, default: true}'
EMMA = '{name: "Emma", lang: "en_GB", localService: true}'
FAR = '{name: "Nät", lang: "sv-SE", localService: false, default: true}'
LATE = '{name: "Sen", lang: "sv-SE", localService: true, late: true}'


def voiced(*voices: str) -> str:
    """Give a script that lends the browser some voices."""
    return VOICE.replace("VOICES", f"[{', '.join(voices)}]")


@contextmanager
def visiting(
    browser: Browser, width: int = 1200, script: str = "", **options: object
) -> Iterator[Page]:
    """Open a page; a script error, a message or a request to elsewhere fails the test."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type] # Playwright's own options
    if script:
        context.add_init_script(script)
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text))
    page.on("dialog", lambda dialog: trouble.append(dialog.message))
    page.on(
        "request",
        lambda r: None if r.url.startswith("http://127.0.0.1:") else trouble.append(r.url),
    )
    yield page
    context.close()
    assert trouble == []
