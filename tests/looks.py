"""What can be wrong with how a page looks and how it is reached, measured in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.browser import Page

LEAST_CONTRAST = 4.5
"""Of text that is not large, by WCAG 2.2, 1.4.3."""

_FAINT = """(() => {
  const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = colour => {
    context.clearRect(0, 0, 1, 1); context.fillStyle = colour; context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = element => {
    if (element.closest('svg')) {
      for (let one = element; one; one = one.previousElementSibling)
        if (one.tagName === 'rect') return rgba(getComputedStyle(one).fill);
    }
    for (let one = element; one; one = one.parentElement) {
      const found = rgba(getComputedStyle(one).backgroundColor);
      if (found[3] === 255) return found;
    }
    return rgba(matchMedia('(prefers-color-scheme: dark)').matches ? '#121212' : '#fff');
  };
  const faint = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim(), element = walker.currentNode.parentElement;
    if (!text || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const [one, other] = [rgba(element.closest('svg') ? style.fill : style.color), behind(element)].map(light);
    const contrast = (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
    if (contrast < LEAST) faint.add(contrast.toFixed(2) + ' ' + text.slice(0, 40));
  }
  return [...faint];
})()"""
_SCROLLERS = """[...document.querySelectorAll('body *')]
  .filter(e => e.scrollWidth > e.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX))"""
_STOPS = "document.querySelectorAll('a[href], summary, input, button, [tabindex]').length + 20"


def faint_texts(page: Page) -> list[str]:
    """Texts that stand out too little from what is behind them, with their contrast."""
    found: list[str] = page.run(_FAINT.replace("LEAST", str(LEAST_CONTRAST)))
    return found


def overflow(page: Page, width: int) -> int:
    """CSS pixels that the page is wider than its window."""
    found: int = page.run("document.documentElement.scrollWidth")
    return max(0, found - width)


def scrollers(page: Page) -> int:
    """How many parts of a page can be scrolled sideways."""
    found: int = page.run(f"{_SCROLLERS}.length")
    return found


def unreachable(page: Page) -> list[str]:
    """Parts that can be scrolled sideways, and that the keyboard cannot come to and scroll."""
    page.run(f"void (window.left = new Set({_SCROLLERS}))")
    for _ in range(page.run(_STOPS)):
        page.press("Tab")
        if page.run("left.has(document.activeElement)"):
            page.press("ArrowRight")
            page.run(_SCROLLED)
    found: list[str] = page.run("[...left].map(e => e.textContent.slice(0, 40))")
    return found


_SCROLLED = """new Promise(done => {
  const part = document.activeElement, began = performance.now();
  const look = () => {
    if (part.scrollLeft > 0) left.delete(part);
    part.scrollLeft > 0 || performance.now() - began > 5000 ? done() : setTimeout(look, 20);
  };
  look();
})"""


_TEXTS = """[...document.querySelectorAll('svg')].filter(svg => svg.getClientRects().length).flatMap(svg => {
  const frame = svg.getBoundingClientRect(), slack = 0.7, found = [];
  const texts = [...svg.querySelectorAll('text')].filter(text => text.textContent.trim())
    .map(text => [text.textContent, text.getBoundingClientRect()]);
  texts.forEach(([said, box], at) => {
    if (box.left < frame.left - slack || box.right > frame.right + slack || box.top < frame.top - slack || box.bottom > frame.bottom + slack)
      found.push('cut off: ' + said);
    for (const [other, its] of texts.slice(at + 1))
      if (Math.min(box.right, its.right) - Math.max(box.left, its.left) > slack && Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top) > 0.3 * Math.min(box.height, its.height))
        found.push(said + ' on ' + other);
  });
  return found;
})"""


def colliding_texts(page: Page) -> list[str]:
    """Texts of drawings that stand on each other, by a third of their height, or run out of their drawing."""
    found: list[str] = page.run(_TEXTS)
    return found
