"""The page for a paper's authors: one file that opens in any browser, without a network, and saves a file of answers.

All that strangers wrote is escaped text. The page says itself that only its own one script may run, by hash, and that nothing
is to be fetched from anywhere or sent. Without scripts it is still to be read, and its end says how to answer by mail.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator

from annotation.exchange.authors import AuthorPage, Group, Listed
from annotation.exchange.authors_text import KIND, VERSION
from annotation.exchange.questions import tidy

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --good: #2a7d46; --bad: #b3402a; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.05rem; margin: 2.2rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: .8rem 0; padding: .6rem 1rem .8rem; }
legend { font-size: .9rem; padding: 0 .4rem; }
.value { font-size: 1.15rem; font-weight: 600; margin: 0; }
blockquote { margin: .5rem 0; padding: .4rem .8rem; background: var(--soft); border-left: 3px solid var(--line); }
blockquote footer { font-size: .85rem; opacity: .75; }
mark { background: #ffe08a; color: #222; padding: 0 .1em; }
.answer { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; align-items: center; margin-top: .6rem; }
.answer input[type=text] { flex: 1 1 12rem; }
input[type=text], textarea { font: inherit; padding: .25rem .5rem; border: 1px solid #888; border-radius: .3rem; width: 100%; box-sizing: border-box; }
fieldset:has(input[value=right]:checked) { border-color: var(--good); }
fieldset:has(input[value=wrong]:checked) { border-color: var(--bad); }
button { font: inherit; padding: .45rem 1rem; border-radius: .4rem; border: 1px solid #888; cursor: pointer; }
.last { margin: 2.5rem 0; padding: 1rem; background: var(--soft); border-radius: .5rem; }
.small { font-size: .85rem; opacity: .8; }
@media print { button { display: none; } fieldset { break-inside: avoid; } }
"""

_SCRIPT = """
"use strict";
const form = document.forms[0];
const field = (code, name) => form.elements[name + "-" + code];
const codes = [...document.querySelectorAll("fieldset[data-code]")].map((part) => part.dataset.code);
function answers() {
  return codes.map((code) => ({
    code, answer: field(code, "answer").value, value: field(code, "value").value.trim(),
    comment: field(code, "comment").value.trim(),
  })).filter((said) => said.answer || said.value);
}
function save(event) {
  event.preventDefault();
  const whole = {
    kind: form.dataset.kind, version: Number(form.dataset.version), paper: form.dataset.paper,
    name: form.elements.name.value.trim(), answers: answers(), remarks: form.elements.remarks.value.trim(),
  };
  const file = new Blob([JSON.stringify(whole, null, 1) + "\\n"], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = "answers-" + form.dataset.paper.replace(/[^A-Za-z0-9.-]+/g, "-") + ".json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);  // some browsers read it only later
  tell();
}
function tell() {
  document.getElementById("done").textContent = answers().length + " of " + codes.length + " answered";
}
for (const code of codes) {
  field(code, "value").addEventListener("input", () => {
    if (field(code, "value").value.trim()) field(code, "answer").value = "wrong";
    tell();
  });
}
form.addEventListener("change", (event) => {
  if (event.target.value === "right" && event.target.type === "radio") {
    event.target.closest("fieldset").querySelector("input[type=text]").value = "";
  }
  tell();
});
form.addEventListener("submit", save);
document.getElementById("save").hidden = false;
tell();
"""


def write_page(page: AuthorPage, contact: str = "") -> str:
    """The page as HTML.

    Args:
        page: what burden read.
        contact: where the answers go; empty where the mail with the page says it.
    """
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    whole = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>Is this right? {_text(page.title)}</title>",
        f"<style>{_STYLE}</style></head><body>",
        *_head(page),
        f'<form data-kind="{_text(KIND)}" data-version="{VERSION}" data-paper="{_text(page.paper)}" autocomplete="off">',
        *(line for group in page.groups for line in _group(group)),
        *_foot(contact),
        f"</form><script>{_SCRIPT}</script></body></html>",
    ]
    return "\n".join(whole) + "\n"


def _head(page: AuthorPage) -> Iterator[str]:
    yield f"<h1>{_text(page.title)}</h1>"
    yield f'<p><a href="{_text(page.link)}" rel="noreferrer">{_text(page.link)}</a></p>' if page.link else ""
    yield (
        "<p>A program read this paper for what its training took and what it reached, for a public dataset of the costs of deep"
        " learning. You know best whether it read right. Tick each value, or say what is right; leave out what you do not want to"
        " answer. Nothing is sent from this page: at its end you save a file, which you send back.</p>"
    )


def _group(group: Group) -> Iterator[str]:
    yield f"<h2>{_text(group.heading)}</h2>"
    for listed in group.values:
        yield from _value(listed)


def _value(listed: Listed) -> Iterator[str]:
    code = _text(listed.code)
    yield f'<fieldset data-code="{code}"><legend>{_text(listed.meaning)}</legend>'
    yield f'<p class="value">{_text(listed.words)}</p>'
    yield f"<blockquote>“{_marked(listed)}”<footer>{_text(listed.where)}</footer></blockquote>"
    yield '<div class="answer">'
    yield f'<label><input type="radio" name="answer-{code}" value="right"> right</label>'
    yield f'<label><input type="radio" name="answer-{code}" value="wrong"> wrong</label>'
    yield f'<input type="text" name="value-{code}" maxlength="200" aria-label="what it is instead" placeholder="it is… (3.5 days, 8, 340M, or: not reported)">'
    yield "</div>"
    yield f'<div class="answer"><input type="text" name="comment-{code}" maxlength="500" aria-label="comment" placeholder="comment"></div>'
    yield "</fieldset>"


def _marked(listed: Listed) -> str:
    """The quote, escaped, with the printed value marked where it stands in it as printed."""
    quote, printed = listed.quote, listed.printed
    # 8 is neither in 18 nor in 8.5
    found = re.search(rf"(?<!\w)(?<!\d[.,]){re.escape(printed)}(?!\w|[.,]\d)", quote) if printed else None
    if found is None:
        return _text(quote)
    start, end = found.span()
    return f"{_text(quote[:start])}<mark>{_text(printed)}</mark>{_text(quote[end:])}"


def _foot(contact: str) -> Iterator[str]:
    where = f" to <b>{_text(tidy(contact))}</b>" if contact else " back"
    yield '<div class="last"><p><label>What is missing, or anything else<textarea name="remarks" rows="3" maxlength="2000"></textarea></label></p>'
    yield '<p><label>Your name <input type="text" name="name" maxlength="80"></label></p>'
    yield '<p><button type="submit" id="save" hidden>Save my answers</button> <span id="done" class="small"></span></p>'
    yield f'<p class="small">Send the saved file{where}. What you confirm or correct is recorded under your name.</p>'
    yield '<noscript><p class="small">This browser runs no scripts, so the file cannot be saved: please answer in the mail itself, which has the same as text.</p></noscript></div>'


def _text(text: str) -> str:
    return html.escape(text, quote=True)
