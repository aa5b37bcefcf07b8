"""Checks the links between the pages of the built book: that files and anchors are there.

    python3 docs/links.py target/book

Nothing is asked of a network: links with a scheme, such as https, are passed over.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Served at the root of a site, for an address that is not there: its links begin at that root.
LEFT_OUT = {"404.html"}


class Page(HTMLParser):
    """The anchors and the links of a page."""

    def __init__(self, text):
        super().__init__()
        self.anchors, self.links = {"", "top"}, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            elif name in ("href", "src"):
                self.links.append((self.getpos()[0], value or ""))


def broken(root):
    """Each broken link, as `page:line: link: why`."""
    root = Path(root).resolve()
    files = [file for file in sorted(root.rglob("*.html")) if file.name not in LEFT_OUT]
    pages = {file: Page(file.read_text(encoding="utf-8")) for file in files}
    for file, page in pages.items():
        for line, link in page.links:
            why = fault(root, file, link, pages)
            if why:
                yield f"{file.relative_to(root)}:{line}: {link}: {why}"


def fault(root, file, link, pages):
    """Why a link is broken, if it is."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return None
    path = unquote(parts.path)
    target = (root / path.lstrip("/") if path.startswith("/") else file.parent / path).resolve()
    if not path:
        target = file
    elif target.is_dir():
        target = target / "index.html"
    if not target.is_file():
        return "there is no such file"
    anchor = unquote(parts.fragment)
    if target in pages and anchor not in pages[target].anchors:
        return "there is no such anchor"
    return None


def main(root):
    found = list(broken(root))
    print("\n".join(found) or f"all links of {root} lead somewhere")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
