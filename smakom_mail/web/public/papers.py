"""The pages that only say something: the start, personal data, accessibility."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from smakom_mail.locale import format_date
from smakom_mail.web.public.site import Site

REPORT_TO_DIGG = "https://www.digg.se/tdosanmalan"
COMPLAIN_TO_IMY = "https://www.imy.se"


@dataclass(slots=True)
class Papers:
    """`/`, `/privacy` and `/accessibility`: made of the settings."""

    site: Site

    async def start(self, request: Request) -> Response:
        """Show where everything is."""
        return self.site.page(request, "start")

    async def privacy(self, request: Request) -> Response:
        """Show what is kept of readers, why and how long."""
        return self.site.page(request, "privacy", imy=COMPLAIN_TO_IMY)

    async def accessibility(self, request: Request) -> Response:
        """Show the accessibility statement."""
        serve = self.site.workplace.config.serve
        known = "partly" if serve.not_accessible else "full"
        state = known if serve.assessed or serve.not_accessible else "unknown"
        language = self.site.language(request)
        said = self.site.said[language]
        sentences = [said[f"state_{state}"]]
        if serve.assessed:
            date = format_date(serve.assessed, language)
            sentences.append(said["assessed_text"].replace("{date}", date))
        if serve.assessed_how:
            sentences.append(said["assessed_how_text"].replace("{how}", serve.assessed_how))
        return self.site.page(
            request, "accessibility", language=language, sentences=sentences, digg=REPORT_TO_DIGG
        )
