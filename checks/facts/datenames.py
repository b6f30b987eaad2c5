"""The names that pages give to dates: meta elements, classes and ids, keys of scripts."""

from __future__ import annotations

import re

META = frozenset({
    "article.created", "article.published", "article:published", "article:published_time", "article_date_original",
    "bt:pubdate", "citation_date", "citation_online_date", "citation_publication_date", "created", "creation_date",
    "cxenseparse:recs:publishtime", "date", "date-publication", "date.published", "date_published", "datepublication",
    "datepublished", "dc.date", "dc.date.created", "dc.date.issued", "dc:created", "dc:date", "dcterms.available",
    "dcterms.created", "dcterms.date", "dcterms.issued", "dcterms:date", "last-published",
    "og:article:published_time", "og:pubdate", "og:published_time", "og:release_date", "originalpublicationdate",
    "parsely-pub-date", "pub_date", "pubdate", "publication-date", "publication_date", "publicationdate",
    "publish-date", "publish_date", "publishdate", "published", "published_at", "published_time", "rbpubdate",
    "release_date", "sailthru.date", "shareaholic:article_published_time", "timestamp", "video:release_date",
    "vr:published_time",
})  # fmt: skip
"""Meta elements that state the day of publication."""
META_MODIFIED = frozenset({
    "article:modified", "article:modified_time", "date_modified", "datemodified", "dc.date.modified",
    "dcterms.modified", "dcterms:modified", "last-modified", "last_modified", "lastmod", "modified",
    "og:updated_time", "revision_date", "shareaholic:article_modified_time", "updated_time",
})  # fmt: skip
"""Meta elements that state the day of the last change."""
SIGNS = re.compile(
    r"(?:^|[-_\s])(?:date|datum|datetime|published|pubdate|pub|posted|post-?date|time|timestamp|byline|dateline|entry-?meta|"
    r"post-?meta|article-?(?:date|meta|info)|post-?info|meta|created|publish-?date|entry-?date|postmetadata|kicker)"
    r"(?:$|[-_\s\d])|date\b|Date\b|datum\b",
)
ASIDE = re.compile(
    r"related|sidebar|widget|teaser|recommend|footer|navi?gation|calendar|event|archive|popular|most-?read|"
    r"newsletter|cookie|banner|promo|latest|recent",
    re.IGNORECASE,
)
OTHERS = re.compile(r"comment|disqus|reply|replies|copyright", re.IGNORECASE)
META_LIKE = re.compile(r"publish|pubdate|creat|issued|upload|release|posted|[.:_-]date$", re.IGNORECASE)
NOT_META = re.compile(r"modif|updat|expir|valid|event|start|end|unpublish|registration", re.IGNORECASE)
HANDED = re.compile(
    r"\b(?:datePublished|published_?(?:date|at|on)|publish_?(?:date|time)|publication_?date|pub_?date|post_?date|created_?at|date)"
    r"[\"']?\s{0,4}[:=]\s{0,4}[\"'](?P<value>(?:19|20)\d{2}-\d{2}-\d{2}[^\"']{0,30})",
    re.IGNORECASE,
)
ORDINAL = re.compile(r"(?<=\d)\.\s+(?=[^\W\d_])")
UTC = re.compile(r"(?:Z|[+-]00:?00|UTC|GMT)\s*$")
CHANGED = re.compile(r"updat|modif", re.IGNORECASE)
COPYRIGHT = re.compile(r"©|\(c\)|copyright|&copy;", re.IGNORECASE)
