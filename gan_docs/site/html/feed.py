"""모든 페이지의 아톰 피드입니다."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from gan_docs.site.html.metadata import LANGUAGE, Entry, Site

PLACE = "atom.xml"
ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
NOON = "T12:00:00Z"  # 앞머리에는 날짜뿐: 한낮이면 어느 시간대에서나 같은 날
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed(entries: Sequence[Entry], site: Site) -> bytes:
    """모든 페이지의 아톰 피드입니다. 빌드한 때를 적지 않아, 같은 글이면 같은 바이트입니다.

    새 글이 앞에 오고, 같은 날이면 차례를 지킵니다.
    """
    ordered = sorted(entries, key=lambda entry: entry.front_matter.date, reverse=True)
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    root.set(f"{{{XML}}}lang", LANGUAGE)
    _add(root, "id", site.address)
    _add(root, "title", site.name)
    _add(root, "subtitle", site.description)
    _add(root, "updated", ordered[0].front_matter.date.isoformat() + NOON)
    _add(_add(root, "author"), "name", site.author)
    _add(root, "link", rel="self", type="application/atom+xml", href=urljoin(site.address, PLACE))
    _add(root, "link", rel="alternate", type="text/html", href=site.address)
    for entry in ordered:
        _add_entry(root, entry, site)
    made: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return made


def _add_entry(root: Any, entry: Entry, site: Site) -> None:
    front, address = entry.front_matter, urljoin(site.address, entry.url)
    element = _add(root, "entry")
    _add(element, "id", address)
    _add(element, "title", front.title)
    _add(element, "link", rel="alternate", type="text/html", href=address)
    _add(element, "published", front.date.isoformat() + NOON)
    _add(element, "updated", front.date.isoformat() + NOON)
    for name in front.categories:
        _add(element, "category", term=_xml(name))
    if front.description:
        _add(element, "summary", front.description)


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", **attributes)
    element.text = None if text is None else _xml(text)
    return element


def _xml(text: str) -> str:
    """XML에 적을 수 없는 제어 문자를 뺍니다."""
    return NOT_XML.sub("", text)
