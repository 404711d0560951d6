"""Reads HTML into trees that are equal when two pieces of markup say the same."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "br", "link", "meta", "hr", "img", "path", "circle"}
_REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "href")
# How large a label or legend is written is ours to choose.
_SIZE = re.compile(r"govuk-(?:label|fieldset__legend)--(?:s|m|l|xl)$")


@dataclass
class Node:
    """An element; children are elements and texts with white space folded."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    def find_all(self, tag: str = "", **attrs: str) -> list["Node"]:
        """Return the descendants of that tag with those attributes (class: has it)."""
        found: list[Node] = []
        for child in self.children:
            if isinstance(child, Node):
                if (not tag or child.tag == tag) and child.has(**attrs):
                    found.append(child)
                found += child.find_all(tag, **attrs)
        return found

    def has(self, **attrs: str) -> bool:
        """Tell whether the element has those attributes; `class_` is one of its classes."""
        wanted = dict(attrs)
        one_class = wanted.pop("class_", "")
        classes = self.attrs.get("class", "").split()
        return (not one_class or one_class in classes) and all(
            self.attrs.get(key.replace("_", "-")) == value for key, value in wanted.items()
        )

    def text(self) -> str:
        """Return the text inside, white space folded."""
        return " ".join(" ".join(c if isinstance(c, str) else c.text() for c in self.children).split())


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("root")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {key: value or "" for key, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() or self._open[-1].tag == "textarea":
            self._open[-1].children.append(data)


def read(html: str) -> Node:
    """Return the tree of a piece of markup, failing where it is not well nested."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder._open == [builder.root], f"<{builder._open[-1].tag}> is never closed"
    return builder.root


def same(html: str, *, without: tuple[str, ...] = ()) -> object:
    """Return the markup in the form that is compared.

    Attributes as a mapping and classes as a set, sizes of labels left out; ids and what refers to them by the order in
    which the elements appear, so that the relations count and the names do not; attributes `without` left out.
    """
    root = read(html)
    ids = [node.attrs["id"] for node in root.find_all() if "id" in node.attrs]
    order = {identity: f"@{number}" for number, identity in enumerate(ids)}

    def attribute(key: str, value: str) -> object:
        if key == "class":
            return frozenset(name for name in value.split() if not _SIZE.match(name))
        if key == "id":
            return order[value]
        if key in _REFERENCES:
            return [order.get(one.removeprefix("#"), "?") for one in value.split()]
        return value

    def shape(node: Node | str) -> object:
        if isinstance(node, str):
            return " ".join(node.split())
        attrs = {key: attribute(key, value) for key, value in node.attrs.items() if key not in without}
        # A line feed straight after <textarea> is no part of what is in it.
        children = [node.text()] if node.tag == "textarea" else [shape(child) for child in node.children]
        return node.tag, attrs, children

    return [shape(child) for child in root.children]
