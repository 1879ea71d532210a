"""What a town is before its pages are dressed: articles, files, what has moved, and what robots may not see."""

from dataclasses import dataclass
from typing import Literal

from archiver.demo.markup import Article


@dataclass(frozen=True, slots=True)
class Leaflet:
    """One PDF file."""

    path: str
    title: str
    paragraphs: tuple[str, ...]
    created: str  # ISO, local time
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Town:
    """One invented municipality and its website."""

    id: str
    name: str  # 'Granvik'
    title: str  # 'Granviks kommun'
    theme: Literal["sitevision", "municipio", "optimizely"]
    articles: tuple[Article, ...]
    leaflets: tuple[Leaflet, ...]
    menu: tuple[tuple[str, str], ...]
    moved: tuple[tuple[str, str], ...]  # old path -> new
    barred: tuple[str, ...]  # Disallow
    gone: frozenset[str] = frozenset()  # paths that answer 410
    banner: str = ""
