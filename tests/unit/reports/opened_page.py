"""A page opened in a browser, with what it asked for and complained of."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page


@dataclass
class OpenedPage:
    """``requests`` are the addresses it asked for, its own first; ``complaints`` what it wrote, raised or showed."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def open_page(browser: Browser, path: Path, width: int) -> OpenedPage:
    """Opens a file in a window of that width in pixels; the caller closes the page."""
    opened = OpenedPage(browser.new_page(viewport={"width": width, "height": 900}))
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.on("console", lambda message: opened.complaints.append(message.text))
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.on("dialog", lambda dialog: opened.complaints.append(dialog.message))
    opened.page.goto(path.as_uri())
    return opened
