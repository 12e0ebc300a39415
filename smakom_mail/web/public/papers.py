"""The pages that only say something: the start, personal data, accessibility."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from smakom_mail.render.papers import (
    COMPLAIN_TO_IMY,
    REPORT_TO_DIGG,
    accessibility_sentences,
)
from smakom_mail.web.public.site import Site


@dataclass(slots=True)
class Papers:
    """`/`, `/privacy` and `/accessibility`: made of the settings."""

    site: Site

    async def start(self, request: Request) -> Response:
        """Show where everything is."""
        return self.site.page(request, "start")

    async def privacy(self, request: Request) -> Response:
        """Show what is kept of readers, why and how long."""
        return self.site.page(request, "privacy", served=True, imy=COMPLAIN_TO_IMY)

    async def accessibility(self, request: Request) -> Response:
        """Show the accessibility statement."""
        language = self.site.language(request)
        config, said = self.site.workplace.config, self.site.said[language]
        return self.site.page(
            request,
            "accessibility",
            language=language,
            served=True,
            sentences=accessibility_sentences(config, said, language),
            digg=REPORT_TO_DIGG,
        )
