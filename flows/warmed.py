"""Imported by the process that workers are forked from: the reader is loaded there, and has read something.

Loading it takes three seconds, and its first paper two more, in which it compiles its patterns. A worker that is forked
from here has both behind it. Who stops a run at its terminal stops this process and its workers too, by the signal that all
processes there are sent; they leave it to the run, which ends them, and so none shows where it was.
"""

import gc
import signal
import sys
from types import TracebackType

signal.signal(signal.SIGINT, signal.SIG_IGN)  # first, for loading takes its time; workers are born with it

import pdfplumber  # noqa: E402, F401  # the second reader, which a paper in need of memory should not have to load

from extractors.paper import read_paper  # noqa: E402


def _unless_orphaned(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell of an error that ends a process, but not that a worker was born when the run and its locks were gone."""
    if not issubclass(kind, FileNotFoundError):
        sys.__excepthook__(kind, error, trace)


sys.excepthook = _unless_orphaned

_PAGE = b"""<!DOCTYPE html><html><body><article class="ltx_document"><h1 class="ltx_title ltx_title_document">ZipNet</h1>
<div class="ltx_abstract"><p class="ltx_p">We propose ZipNet.</p></div>
<section class="ltx_section"><h2 class="ltx_title ltx_title_section">Experiments</h2><div class="ltx_para"><p class="ltx_p">
We trained ZipNet, which has 25M parameters and needs 4 GFLOPs, on 8 V100 GPUs for 3 days, 90 epochs with a batch size of 256.
It reaches a top-1 accuracy of 76.5% on ImageNet.</p></div>
<figure class="ltx_table"><figcaption class="ltx_caption">Table 1: Top-1 accuracy on ImageNet.</figcaption><table class="ltx_tabular">
<tr class="ltx_tr"><th class="ltx_td">Model</th><th class="ltx_td">Parameters</th><th class="ltx_td">Top-1</th></tr>
<tr class="ltx_tr"><td class="ltx_td">ZipNet</td><td class="ltx_td">25M</td><td class="ltx_td">76.5</td></tr></table></figure>
</section></article></body></html>"""

read_paper(_PAGE)
gc.freeze()  # what is loaded is never collected, so that workers go on sharing its pages
