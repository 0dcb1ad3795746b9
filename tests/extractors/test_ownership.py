"""Which models a paper proposes, and when two prints are one name."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.documents.model import Document, Paragraph, Table
from extractors.ownership import Ownership, name_key, own_models

names = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Zs"]), min_size=1)


@pytest.mark.parametrize(
    ("title", "abstract", "headline"),
    [
        ("ZipNet: Thin Layers for Tagging", "", ("ZipNet",)),
        ("ZipNet \u2013 Thin Layers", "", ("ZipNet",)),
        ("Slow ZipNet", "", ("Slow ZipNet",)),
        ("Thin layers", "We propose ThinNet, a small network.", ("ThinNet",)),
        ("Thin layers", "The resulting model, called ThinNet-50, is small.", ("ThinNet-50",)),
        ("Thin layers", "We present Gated Residual Tagging (GRT), which is fast.", ("GRT",)),
        ("Thin layers", "It is called a Thin Residual Network (TRN).", ("TRN",)),
        ("Thin layers", "The resulting thin network (ThinNet) has 2M parameters.", ("ThinNet",)),
        ("Thin layers", "The resulting network ThinNet is fast.", ("ThinNet",)),
        ("Thin layers", "The new version of old networks (OldNet, PastNet) is fast.", ()),
        ("Thin layers", "The resulting mean average precision (mAP) is 41.", ()),
        ("Thin layers", "The final word error rate (WER) drops.", ()),
        ("Thin layers", "The new Many-Domain corpus (MDNC) is large.", ()),
        ("Thin layers", "In the proposed method, OldNet-50 is frozen.", ()),
        ("Thin layers", "Our model ThinNet is small.", ("ThinNet",)),
        ("Thin layers", "We will refer to such layers as ThinNet.", ("ThinNet",)),
        ("Thin layers", "We refer to taggers with thin layers as ThinNet.", ("ThinNet",)),
        ("MobNets: Small", "", ("MobNet",)),
        ("SGNets: Small", "", ("SGNet",)),
        ("Thin layers", "We train Sparrow, a 70 billion parameter model.", ("Sparrow",)),
        ("Thin layers", "The largest is the model we call THN-3.", ("THN-3",)),
        ("Thin layers", "We train THN-3, an autoregressive language model.", ("THN-3",)),
        ("Thin layers", "We train OldNet on images.", ()),
        ("Thin layers", "We propose Sparrow, an agent for games.", ("Sparrow",)),
        ("Thin layers", "We introduce Sparrow, which learns fast.", ("Sparrow",)),
        ("Thin layers", "We present Sparrow in three sizes.", ("Sparrow",)),
        ("Thin layers", "We present Bayesian layers.", ()),
        ("Thin layers", "To learn faster, we introduce Sparrow.", ("Sparrow",)),
        ("Thin layers", "ThinNet reaches 3% error. Deep CNNs reach less.", ("ThinNet",)),
        ("Thin layers", "ThinNet, which is small, has a perplexity of 50.", ("ThinNet",)),
        ("Thin layers", "With wide layers, ThinNet reaches 3% error.", ("ThinNet",)),
        ("Thin layers", "On faces, the Thin Residual Network (TRN) attains 3% error.", ("TRN",)),
        ("ThinNets are small: Why", "", ()),
        ("Thin Nets: Small", "ThinNet reaches 3% error.", ("ThinNet",)),
        ("Thin layers", "Our small encoder, Quill, reaches 3% error.", ("Quill",)),
        ("Thin layers", "Our tagger Quill has an F1 of 91.2.", ("Quill",)),
        ("Thin layers", "With our encoder, Bayesian layers are rare.", ()),
        ("Thin layers", "We propose the Umber Transformer, which is fast.", ("Umber Transformer",)),
        ("Thin layers", "We describe our system for speech, called Parley.", ("Parley",)),
        ("Thin layers", "We study plain networks, which we call Bulrush.", ("Bulrush",)),
        ("Thin layers", "Others use a method called Bulrush.", ()),
        ("Thin layers", "We present results on ImageNet and with CNNs.", ()),
        ("THIN LAYERS", "Layers can be thin.", ()),
    ],
)
def test_models_are_announced_in_title_and_abstract(
    title: str,
    abstract: str,
    headline: tuple[str, ...],
    paragraph: Callable[..., Paragraph],
    document: Callable[..., Document],
) -> None:
    paper = document(*([paragraph(abstract, region="abstract")] if abstract else []))
    assert own_models(replace(paper, title=title)).headline == headline


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("Free Form Layers learn fast.", ("Free Form Layer",)),
        ("Free form layers learn fast.", ()),
    ],
)
def test_words_in_front_of_a_colon_are_a_name_if_a_sentence_prints_them_as_one(
    text: str,
    headline: tuple[str, ...],
    paragraph: Callable[..., Paragraph],
    document: Callable[..., Document],
) -> None:
    paper = document(paragraph(text))
    assert own_models(replace(paper, title="Free Form Layer: Learning to Tag")).headline == headline


@pytest.mark.parametrize(
    ("text", "row", "headline"),
    [
        ("The last is a net, which we call gated residual tagging (GRT).", "GRT, wide", ("GRT",)),
        ("The last is a net that we refer to as Gated Residual Tagging (GRT).", "GRT", ("GRT",)),
        ("The last is a net, which we call gated residual tagging (GRT).", "WRT", ()),
        ("The last is a net, which others call gated residual tagging (GRT).", "GRT", ()),
    ],
)
def test_a_name_given_far_behind_the_abstract_counts_where_tables_print_it(
    text: str,
    row: str,
    headline: tuple[str, ...],
    paragraph: Callable[..., Paragraph],
    document: Callable[..., Document],
    table: Callable[..., Table],
) -> None:
    rows = table([["Model", "Error"], [row, "3.0"]], "Errors.")
    assert own_models(document(paragraph(text, "3 Method"), tables=[rows])).headline == headline


@pytest.mark.parametrize(
    ("headline", "own"),
    [
        (("GX-OldNet", "GX-PastNet-50"), True),
        (("GX-OldNet",), None),
        (("GX-OldNet-50", "GX-OldNet-101"), None),
    ],
)
def test_letters_in_front_of_two_older_names_mark_further_models(
    headline: tuple[str, ...], own: bool | None
) -> None:
    assert Ownership(headline).is_own("GX-PalmNet") is own
    assert Ownership(headline).is_own("PalmNet") is None


@pytest.mark.parametrize(
    ("abstract", "headline"),
    [
        ("Layers can be thin.", ("GRT",)),
        ("We propose ZipNet, a small network.", ("ZipNet",)),
    ],
)
def test_the_introduction_announces_what_title_and_abstract_do_not(
    abstract: str,
    headline: tuple[str, ...],
    paragraph: Callable[..., Paragraph],
    document: Callable[..., Document],
) -> None:
    opening = (
        "Others use Wide Residual Tagging (WRT). In this paper, we propose Gated Residual Tagging (GRT)."
    )
    paper = document(paragraph(abstract, region="abstract"), paragraph(opening, "1 Introduction"))
    assert own_models(paper).headline == headline


@pytest.mark.parametrize(
    ("abstract", "text", "row", "headline"),
    [
        ("Our Ferry model is small.", "", "Ferry-big", ("Ferry",)),
        ("Ferry reaches 3% error.", "", "Ferry", ("Ferry",)),
        ("ZipNet tags twice.", "", "ZipNet, wide", ("ZipNet",)),
        ("Ferry reaches 3% error.", "", "Ferry [3]", ()),
        ("Our Bayesian model is small.", "", "Wide", ()),
        ("Training improves with size.", "", "Wide", ()),
        ("ZipNet tags twice.", "ZipNet is small. ZipNet has a pool. ZipNet folds.", "Wide", ("ZipNet",)),
        ("ZipNet tags twice.", "ZipNet [3] is small. ZipNet has a pool. ZipNet folds.", "Wide", ()),
        ("ZipNet tags twice.", "ZipNet Lee is small. ZipNet has a pool. ZipNet folds.", "Wide", ()),
        ("ZipNet tags twice.", "ZipNet is small.", "Wide", ()),
    ],
)
def test_what_the_abstract_does_not_announce_is_a_name_if_tables_or_text_print_it_without_citation(
    abstract: str,
    text: str,
    row: str,
    headline: tuple[str, ...],
    paragraph: Callable[..., Paragraph],
    document: Callable[..., Document],
    table: Callable[..., Table],
) -> None:
    rows = table([["Model", "Error"], [row, "3.0"]], "Errors.")
    paper = document(paragraph(abstract, region="abstract"), paragraph(text or "So it is."), tables=[rows])
    assert own_models(replace(paper, title="Thin layers")).headline == headline


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("ZipNet-50", True),
        ("zipnet", True),
        ("Ours", True),
        ("Baseline (ours)", True),
        ("OldNet [12]", False),
        ("OldNet (Marsh et al., 2017)", False),
        ("OldNet [MRS+17]", False),
        ("OldNet [Mar17, MRS+17]", False),
        ("OldNet [CLS]", None),
        ("OldNet", None),
        (None, None),
    ],
)
def test_a_name_is_own_cited_or_unknown(name: str | None, own: bool | None) -> None:
    assert Ownership(("ZipNet",)).is_own(name) is own


@pytest.mark.parametrize(
    ("own", "name", "is_own"),
    [
        ("ION", "Inception-v3", None),
        ("ION", "deconvolution", None),
        ("ION", "ION (R)", True),
        ("ENet", "SqueezeNet", None),
        ("EAS", "ResNet (pre-activation)", None),
        ("BERT", "RoBERTa", None),
        ("ZipNet", "FastZipNet", True),
        ("ZipNet", "fast zip-net", True),
        ("SSD", "SSD300*", True),
        ("ZMs", "ZM-B", True),
    ],
)
def test_a_name_is_own_where_it_is_a_word_of_it(own: str, name: str, is_own: bool | None) -> None:
    assert Ownership((own,)).is_own(name) is is_own


@pytest.mark.parametrize(
    ("name", "own"),
    [("Slim-B", True), ("Upper on Slim-B", True), ("Slim-Large", True), ("Slim", None), ("Slimmer-B", None)],
)
def test_a_size_may_stand_for_the_kind_of_model(name: str, own: bool | None) -> None:
    assert Ownership(("Slim Transformer",)).is_own(name) is own
    assert Ownership(("Slim-XL",)).is_own(name) is own


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("ZipNet-50", "ZipNet50", True),
        ("ZipNet-50 (ours)", "zipnet 50", True),
        ("ZipNet [3]", "ZipNet", True),
        ("ZipNet-50", "ZipNet-101", False),
        ("ZipNet*", "ZipNet", False),
        ("ZipNet\u2217", "ZipNet*", True),
        ("ZipNet+", "ZipNet", False),
        ("ZipNet + gates", "ZipNet \u2212 gates", False),
    ],
)
def test_two_prints_of_one_name_are_the_same(a: str, b: str, same: bool) -> None:
    assert Ownership().same(a, b) is same


@given(names, names)
def test_sameness_of_names_is_symmetric_and_holds_for_the_name_itself(a: str, b: str) -> None:
    owner = Ownership()
    assert owner.same(a, a)
    assert owner.same(a, b) == owner.same(b, a)


@given(names)
def test_the_key_of_a_key_is_the_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@pytest.mark.parametrize(
    ("proposed", "row"), [("Token Nets", "TokenNet-S"), ("Woven Flows", "Woven (2 strands)")]
)
def test_a_row_may_have_the_singular_of_the_name_or_its_stem(proposed: str, row: str) -> None:
    assert Ownership((proposed,)).is_own(row)


@pytest.mark.parametrize(
    ("row", "body", "headline"),
    [
        ("OrZip (ours)", "", ("OrZip",)),
        ("OldNet-50 (ours)", "We start from OldNet [3].", ()),
        ("the baseline (ours)", "", ()),
    ],
)
def test_where_no_text_announces_a_model_tables_may_mark_it(
    row: str,
    body: str,
    headline: tuple[str, ...],
    paragraph: Callable[..., Paragraph],
    document: Callable[..., Document],
    table: Callable[..., Table],
) -> None:
    paper = document(paragraph(body), tables=[table([["Method", "AP"], [row, "31.0"]])])
    assert own_models(paper).headline == headline


def test_who_is_cited_anywhere_is_nobody_whom_a_sentence_may_announce_in_passing(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    abstract = paragraph("With thin layers, OldNet-50 reaches 3% error.", region="abstract")
    assert own_models(document(abstract, paragraph("We train OldNet [3]."))).headline == ()
