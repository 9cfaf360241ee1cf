"""One self-contained HTML document: light, dark, on paper and on a phone, without any script."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from html import escape
from typing import Final

_STYLE: Final = """
:root{color-scheme:light dark;--paper:#faf8f5;--ink:#1d2321;--soft:#56605c;--line:#e4dfd8;
--wash:#f1ede7;--prior:#b9beba;--after:#2b66a8;--middle:#b4500f;--accent:#27635a}
@media (prefers-color-scheme:dark){:root{--paper:#111413;--ink:#eceeec;--soft:#a8b2ae;
--line:#2b322f;--wash:#202624;--prior:#59625e;--after:#7fb4ee;--middle:#f2a066;--accent:#8fcbbd}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1240px;padding:20px clamp(16px,4vw,48px) 56px;background:var(--paper);
color:var(--ink);font:400 1rem/1.5 "Inter",ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",Arial,sans-serif;font-feature-settings:"tnum";overflow-wrap:anywhere}
.brand{font-weight:650;color:var(--accent);margin:0 0 18px}
h1{font-size:clamp(1.6rem,1.2rem + 1.8vw,2.4rem);line-height:1.14;font-weight:600;margin:0}
h2{font-size:1.35rem;line-height:1.2;font-weight:600;margin:56px 0 0}
h3{font-size:1.0625rem;font-weight:600;margin:36px 0 0}
p{margin:8px 0 0;max-width:78ch}.lead{font-size:1.0625rem;margin-top:12px}
.muted{color:var(--soft)}small.muted{display:block;font-size:.8125rem}
table{border-collapse:collapse;width:100%;font-size:.875rem;margin-top:10px;table-layout:fixed}
th,td{text-align:left;padding:8px 14px 8px 0;border-bottom:1px solid var(--line);
vertical-align:top;font-weight:400}
thead th{color:var(--soft);font-size:.8125rem;vertical-align:bottom}
.n{text-align:right}td b{font-weight:600}
svg{display:block;width:100%;height:18px}
.prior{fill:var(--prior)}.after{fill:var(--after);opacity:.75}.zero{stroke:var(--soft)}
.middle{stroke:var(--middle);stroke-width:2}
.key{display:flex;flex-wrap:wrap;gap:4px 20px;font-size:.875rem;color:var(--soft);margin-top:12px}
.key i{display:inline-block;width:22px;height:10px;margin-right:7px;border-radius:2px}
.bars{display:grid;gap:5px;margin-top:10px}
.bar{display:grid;grid-template-columns:minmax(0,25em) minmax(0,1fr);gap:0 14px;
align-items:center;font-size:.875rem}
.bar .name{text-align:right}.rail{display:flex;align-items:center;gap:8px}
.rail span{font-size:.8125rem;color:var(--soft)}
.both{position:relative;height:14px;border-radius:2px;min-width:1px}
.both::before{content:"";position:absolute;inset:0;background:var(--c);opacity:.35;
border-radius:2px}
.alone{position:relative;height:14px;background:var(--c);border-radius:2px}
.unknown{--c:var(--after)}.people{--c:var(--middle)}
@media (max-width:759px){
.bar{grid-template-columns:minmax(0,1fr)}.bar .name{text-align:left}
table,tbody,tr,td{display:block}thead{position:absolute;clip-path:inset(50%)}
tr{border-bottom:1px solid var(--line);padding:10px 0}
td,td.n{border:0;padding:2px 0;text-align:right;display:grid;
grid-template-columns:minmax(0,7.5em) minmax(0,1fr);gap:12px}
td::before{content:attr(data-name);color:var(--soft);text-align:left}
td.first{display:block;text-align:left}td.first::before{content:none}td:empty{display:none}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--line:#ccc}body{font-size:10pt;padding:0}
@page{margin:14mm}tr,.bar{break-inside:avoid}h2,h3{break-after:avoid}
svg,i,.both,.alone{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""


def document(title: str, lead: str, body: str) -> str:
    """Return a whole page; `lead` and `body` are HTML, `title` is text."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">'
        f"<title>{escape(title)} · micropen</title><style>{_STYLE}</style></head>\n"
        f'<body><p class="brand">micropen</p><h1>{escape(title)}</h1>\n{lead}\n{body}\n'
        "</body></html>\n"
    )


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Collection[int] = (),
    widths: Sequence[float] = (),
) -> str:
    """Return a table that becomes a list on a phone.

    Parameters
    ----------
    heads
        Texts of the columns.
    rows
        Cells, HTML.
    numbers
        Columns that are set flush right.
    widths
        Of the columns, per cent; equal without it.
    """
    kinds = ["first" if i == 0 else "n" if i in numbers else "" for i in range(len(heads))]
    columns = "".join(f'<col style="width:{width:g}%">' for width in widths)
    head = "".join(
        f'<th scope="col" class="{kind}">{escape(cell)}</th>'
        for cell, kind in zip(heads, kinds, strict=True)
    )
    lines = [
        "<tr>"
        + "".join(
            f'<td class="{kind}" data-name="{escape(name)}">{cell}</td>'
            for cell, kind, name in zip(row, kinds, heads, strict=True)
        )
        + "</tr>"
        for row in rows
    ]
    return (
        f"<table><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead><tbody>\n"
        + "\n".join(lines)
        + "</tbody></table>"
    )
