"""A payer's browser in its plainest form: it reads a page, fills in its form and follows."""

import re
from html.parser import HTMLParser
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

import httpx


class Page(HTMLParser):
    """One page: where it is, its heading, its first form, its links."""

    def __init__(self, url: str, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.url, self.html = url, html
        self.action = ""
        self.fields: dict[str, str] = {}
        self.links: list[str] = []
        self._forms = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Forms, fields and links; only the first form is kept."""
        named = {name: value or "" for name, value in attrs}
        chosen = named.get("type") not in {"radio", "checkbox"} or "checked" in named
        match tag:
            case "a":
                self.links.append(urljoin(self.url, named.get("href", "")))
            case "form":
                self._forms += 1
                self.action = self.action or urljoin(self.url, named["action"])
            case "input" if self._forms == 1 and chosen:
                self.fields[named["name"]] = named.get("value", "")

    @property
    def heading(self) -> str:
        """What the page says first."""
        found = re.search(r"<h1>(.*?)</h1>", self.html)
        return found[1] if found else ""


class Forms:
    """Opens pages and sends their forms; no script runs. Raises httpx.HTTPStatusError."""

    def __init__(self, language: str) -> None:
        headers = {"Accept-Language": language}
        self._http = httpx.AsyncClient(headers=headers, follow_redirects=True, timeout=40.0)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def open(self, url: str) -> Page:
        """The page at the address."""
        return _page(await self._http.get(url))

    async def send(self, page: Page, **fields: str) -> Page:
        """The page its form leads to."""
        return _page(await self._http.post(page.action, data={**page.fields, **fields}))

    async def look_again(self, page: Page) -> Page:
        """What a payer without JavaScript presses: it waits for news."""
        waiting = [link for link in page.links if "wait=1" in link]
        return await self.open(waiting[0] if waiting else page.url)


def _page(answer: httpx.Response) -> Page:
    answer.raise_for_status()
    return Page(str(answer.url), answer.text)
