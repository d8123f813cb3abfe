"""The evidence of one order as a page for people: what was checked, what happened, and what the log signed.

One file without scripts or links, to be printed or filed. It proves nothing by itself: it is made from an evidence file that was
just checked, and says which. No I/O and no clock.
"""

import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from shared.dossier.bundle import Bundle, Check, Verdict
from shared.dossier.chain import Event

_MARKS = {True: ("✓", "held"), False: ("✗", "failed"), None: ("–", "unmade")}


def render(bundle: Bundle, verdict: Verdict, subjects: Mapping[str, str], file_sha256: str) -> str:
    """`subjects` says what each fault is about; `file_sha256` is of the evidence file, lower-case hex."""
    rows = "".join(map(_event, bundle.events))
    broken = "" if verdict.valid else " class=failed"
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evidence of order {escape(bundle.order_id)}</title>
<style>{_STYLE}</style>
<main>
<header><p>Evidence of order</p><h1>{escape(bundle.order_id)}</h1></header>
<p id="verdict"{broken}>{escape(verdict.sentence)}</p>
<section><h2>What was checked</h2><table>{"".join(_check(check, subjects) for check in verdict.checks)}</table></section>
<section><h2>What happened</h2>
<p>Under the policy {escape(bundle.policy_version)}. Times are UTC; people are named by their ids alone.</p>
<ol>{rows}</ol></section>
<section><h2>What the log signed</h2>
<p>The newest event is in a log of {bundle.head.size:,} entries, whose head was signed:</p>
<pre>{escape(bundle.checkpoint)}</pre></section>
<footer>Made from the evidence file with the SHA-256 <code>{escape(file_sha256)}</code>. The file is the evidence, not this page:
<code>cloudrun verify</code> checks it again with nothing but the log's public key.</footer>
</main>
</html>
"""


def _check(check: Check, subjects: Mapping[str, str]) -> str:
    mark, style = _MARKS[check.passed]
    return f"<tr class={style}><th scope=row>{mark} {escape(subjects[check.fault])}<td>{escape(check.found)}"


def _event(event: Event) -> str:
    facts = "".join(f"<dt>{escape(name)}<dd>{escape(_text(value))}" for name, value in _flat(event.data))
    who = f"{event.actor['role']} {event.actor['id']}"
    return (
        f"<li><h3>{escape(event.type.replace('_', ' '))}</h3><p><time>{escape(event.at)}</time>, by {escape(who)}</p>"
        f"<dl>{facts}</dl><code>{escape(event.hash)}</code>"
    )


def _flat(data: Mapping[str, Any], above: str = "") -> Iterable[tuple[str, Any]]:
    """Names with dots for what lies in an object; lists stay whole."""
    for name, value in data.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_STYLE = """
:root{color-scheme:light dark;--ink:#16202b;--soft:#5b6876;--line:#d9dfe6;--good:#14713d;--bad:#b3261e;--paper:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf2;--soft:#9aa7b4;--line:#33404d;--good:#57c785;--bad:#ff8a80;--paper:#12181f}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:52rem;margin:0 auto;padding:2rem 1.25rem}
header p,footer,time,dt{color:var(--soft)}header p{margin:0}h1{margin:0;font-size:1.5rem;overflow-wrap:anywhere}
h2{margin:2rem 0 .5rem;font-size:1.1rem}h3{margin:0;font-size:1rem}
#verdict{padding:1rem;border-left:4px solid var(--good);background:color-mix(in srgb,var(--good) 10%,transparent)}
#verdict.failed{border-color:var(--bad);background:color-mix(in srgb,var(--bad) 10%,transparent)}
table{width:100%;border-collapse:collapse}th,td{padding:.4rem .5rem .4rem 0;border-top:1px solid var(--line);text-align:left}
th{font-weight:600;vertical-align:top}td,code,pre{overflow-wrap:anywhere}.held th{color:var(--good)}.failed th{color:var(--bad)}
ol{padding-left:1.5rem}li{padding:.75rem 0;border-top:1px solid var(--line);break-inside:avoid}li p{margin:.1rem 0 .4rem}
dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.1rem 1rem;margin:0 0 .4rem}
dd{margin:0;overflow-wrap:anywhere}
code{font-size:.8rem;color:var(--soft)}pre{white-space:pre-wrap;padding:1rem;border:1px solid var(--line);font-size:.85rem}
footer{margin-top:2rem;padding-top:1rem;border-top:1px solid var(--line);font-size:.9rem}
@media(max-width:32rem){dl{grid-template-columns:1fr}dd{margin-bottom:.3rem}}
"""
