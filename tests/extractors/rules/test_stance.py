"""What a sentence about hardware is said of: the paper's own training, a device as such, or other people's work."""

from collections.abc import Callable

import pytest

from extractors.documents.model import Paragraph
from extractors.language import sentences_of
from extractors.rules.hearing import hear
from extractors.rules.stance import Stance

MakeParagraph = Callable[..., Paragraph]


@pytest.fixture
def stance(paragraph: MakeParagraph) -> Callable[[str, str], Stance]:
    """The stance of a sentence towards some words of it."""

    def of(text: str, words: str) -> Stance:
        (sentence,) = sentences_of(paragraph(text))
        start = sentence.start + sentence.text.index(words)
        return hear(sentence, ()).stance(start, start + len(words))

    return of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A V100 offers 640 tensor cores and trains nets in half precision.", "V100"),
        ("TPUv2 and TPUv3 use a number format of their own for training.", "TPUv2"),
        ("One P100 GPU has only 16 GB of memory, which limits what we can train.", "P100"),
        ("We show the block diagram of a single TPUv4 chip as used in training.", "TPUv4"),
        ("The training state is kept within the memory of a single A100 at all times.", "A100"),
        ("Larger batches no longer fit on one K80 when training our model.", "K80"),
        ("The net was trained with a step that is optimized for the M1 Max.", "M1 Max"),
    ],
)
def test_a_device_that_is_described_is_not_one_in_use(
    text: str, words: str, stance: Callable[[str, str], Stance]
) -> None:
    found = stance(text, words)
    assert found.features["described"] == 1.0
    assert not found.is_training
    assert "the sentence describes the device or what fits on it" in found.reasons


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We trained on 8 V100 GPUs with 32 GB of memory each.", "8 V100"),
        ("All models were trained on four P100 GPUs, which have 16 GB of memory.", "four P100"),
        ("Our training uses one node, and the node has 8 A100 GPUs in use.", "8 A100"),
    ],
)
def test_a_device_in_use_may_be_described_too(
    text: str, words: str, stance: Callable[[str, str], Stance]
) -> None:
    assert stance(text, words).is_training


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The basic model of Miller et al. (2019), who trained on 96 GPUs, is out of reach.", "96 GPUs"),
        ("Another group trained theirs in an hour on a 1024 GPU cluster [26].", "1024 GPU"),
        ("The deepest net as of our work has 78 layers [27] and requires 256 GPUs for training.", "256 GPUs"),
        (
            "Our agents trained for a day using 16 cores, while the other agents were trained on K40 GPUs.",
            "K40",
        ),
    ],
)
def test_what_others_trained_on_is_theirs(
    text: str, words: str, stance: Callable[[str, str], Stance]
) -> None:
    assert not stance(text, words).is_training


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "All models are implemented in Lantern (Miller et al., 2011) and trained on a single M40 GPU.",
            "M40",
        ),
        ("We train on TPUv3 [20] for all of the runs.", "TPUv3"),
        ("Following Miller et al. (2019), we train on 8 V100 GPUs.", "8 V100"),
    ],
)
def test_citing_a_tool_or_a_device_takes_nothing_away(
    text: str, words: str, stance: Callable[[str, str], Stance]
) -> None:
    assert stance(text, words).is_training


def test_detecting_something_is_no_training(stance: Callable[[str, str], Stance]) -> None:
    text = "On a hundred pictures it takes 90 seconds to perform detection on a Titan X GPU."
    assert not stance(text, "Titan X").is_training


@pytest.mark.parametrize("words", ["512 TPU v3 cores", "29 minutes", "1,024 GPUs"])
def test_each_of_several_cited_papers_governs_what_it_reports(
    words: str, stance: Callable[[str, str], Stance]
) -> None:
    text = "Abara et al. [6] train one network on as many as 512 TPU v3 cores, which takes a day in all; Lindqvist [8] reports 29 minutes on 1,024 GPUs."
    assert stance(text, words).features["cited"]


@pytest.mark.parametrize(
    ("work", "apart"),
    [("self-play games", 0.0), ("its own rollouts", 0.0), ("synthetic images", 1.0), ("the captions", 1.0)],
)
def test_playing_is_training_and_making_data_is_not(
    work: str, apart: float, stance: Callable[[str, str], Stance]
) -> None:
    text = f"We used 900 TPUs to generate {work}, and the networks were trained later."
    assert stance(text, "900 TPUs").features["chore_nearer"] == apart


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Computing the features of all pictures took 7 hours on one P40 GPU.", "7 hours"),
        ("Generating this corpus (by running trained agents) requires 120 GPU hours.", "120 GPU hours"),
        ("Annotating the clips with our detector took 9 days on 4 T4 GPUs.", "9 days"),
        ("The video generation process takes around 3 hours on a single A40 GPU.", "3 hours"),
        ("The graph construction takes 5 hours on one K80 GPU.", "5 hours"),
        ("A simulation of the plant takes 30 hours on one K80 GPU.", "30 hours"),
    ],
)
def test_what_a_chore_takes_is_no_training(
    text: str, words: str, stance: Callable[[str, str], Stance]
) -> None:
    found = stance(text, words)
    assert found.features["chore_nearer"]
    assert not found.beside().is_training


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Evaluating and training the net took 7 hours on one P40 GPU.", "7 hours"),
        ("We train the image generation model on 8 V100 GPUs.", "8 V100"),
    ],
)
def test_a_chore_beside_training_takes_nothing_away(
    text: str, words: str, stance: Callable[[str, str], Stance]
) -> None:
    assert stance(text, words).is_training


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The first version was trained by Northlab on 48 TPU v2 chips.", "48 TPU v2"),
        ("Similar nets trained on 16 P100 GPUs were reported in prior work.", "16 P100"),
        ("Training on 16 P100 GPUs was described by the original authors.", "16 P100"),
        ("Northlab reports that its pre-training consumed 90k A100 hours.", "90k A100"),
        ("Evolutionary methods often require 1,200 GPU days of training.", "1,200 GPU days"),
        ("It plays against the previous version of OldGo (trained for 4 days on 8 GPUs).", "4 days"),
        ("If a net is trained on 64 GPUs, such numbers mean little.", "64 GPUs"),
        ("Such a machine has power enough to train a net in 20 days on 64 GPUs.", "64 GPUs"),
    ],
)
def test_who_trained_it_may_stand_behind(text: str, words: str, stance: Callable[[str, str], Stance]) -> None:
    assert not stance(text, words).is_training


@pytest.mark.parametrize(
    "text",
    [
        "Our net is much smaller compared to prior work, with most of the tasks taking 6 hours to train on 8 V100 GPUs.",
        "The net was trained by SGD on 8 V100 GPUs.",
        "We train on 8 V100 GPUs with the loss that was used in prior work.",
        "All methods use 8 V100 GPUs for training.",
        "If not stated otherwise, networks are trained on 8 V100 GPUs.",
        "Table 3 reports that training on 8 V100 GPUs is stable.",
    ],
)
def test_a_comparison_ends_where_the_sentence_goes_on(
    text: str, stance: Callable[[str, str], Stance]
) -> None:
    assert stance(text, "8 V100").is_training


def test_a_decoder_is_a_part_of_a_model_and_decoding_is_inference(
    stance: Callable[[str, str], Stance],
) -> None:
    part = stance("The encoder was trained first, the decoder on 16 V100 GPUs.", "16 V100")
    work = stance("The encoder was trained first, decoding runs on 16 V100 GPUs.", "16 V100")
    assert (part.is_training, work.is_training) == (True, False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Budget around 12 GPU-hours for training the second net.", "12 GPU-hours"),
        ("Planned compute: 300 GPU-hours of training on A100.", "300 GPU-hours"),
        ("Compute estimate for the last phase: 30 GPU-days of training.", "30 GPU-days"),
        ("Training is expected to take 9 days on 16 A100 GPUs.", "9 days"),
        ("We plan to train the next version on 32 A100 GPUs for 5 days.", "32 A100"),
    ],
)
def test_a_plan_is_no_report(text: str, words: str, stance: Callable[[str, str], Stance]) -> None:
    found = stance(text, words)
    assert not found.beside().is_training
    assert "the sentence plans rather than reports" in found.reasons


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Training such networks usually takes 3 weeks on 64 V100 GPUs.", "3 weeks"),
        ("A large speech model (2.1 billion parameters) needs 20 days of training on 512 A100 GPUs.", "20 days"),
        ("Speech models are typically trained on 32 V100 GPUs.", "32 V100"),
        ("Transformers often require 10 days of training on 8 A100 GPUs.", "10 days"),
        ("With our tool your model trains on 16 V100 GPUs in 4 hours.", "4 hours"),
    ],
)  # fmt: skip
def test_what_training_takes_in_general_is_no_report(
    text: str, words: str, stance: Callable[[str, str], Stance]
) -> None:
    found = stance(text, words)
    assert found.features["general"]
    assert not found.beside().is_training


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Training our large network usually takes 3 days on 8 V100 GPUs.", "3 days"),
        ("Our models typically require 2 days of training on 8 A100 GPUs.", "2 days"),
        ("The large network was trained on 32 V100 GPUs.", "32 V100"),
        ("Training takes 40 hours on one V100, within our budget.", "40 hours"),
    ],
)
def test_what_our_training_usually_takes_is_a_report(
    text: str, words: str, stance: Callable[[str, str], Stance]
) -> None:
    assert stance(text, words).is_training


@pytest.mark.parametrize(
    ("text", "words", "others"),
    [
        ("Lindqvist trained DeepBird on two GTX 580 GPUs.", "two GTX", 1.0),
        ("Northlab reports roughly 90k A100 hours of training.", "90k A100", 1.0),
        ("We trained a net on two GTX 580 GPUs.", "two GTX", 0.0),
        ("Having trained the net on two GTX 580 GPUs for a day, we stop.", "two GTX", 0.0),
        ("Table 3 reports the training on two GTX 580 GPUs.", "two GTX", 0.0),
    ],
)
def test_somebody_who_is_named_as_the_one_who_trained_is_another(
    text: str, words: str, others: float, stance: Callable[[str, str], Stance]
) -> None:
    assert stance(text, words).features["other_work"] == others


@pytest.mark.parametrize(
    "text",
    [
        "We used 900 TPUs to generate self-play games and 32 TPUs to train the net.",
        "With 900 TPUs for self-play and 32 TPUs for training, the agent learns fast.",
    ],
)
def test_devices_that_play_the_games_that_are_learned_from_train_too(
    text: str, stance: Callable[[str, str], Stance]
) -> None:
    assert stance(text, "900 TPUs").is_training
    assert stance(text, "32 TPUs").is_training


def test_what_is_said_of_evaluation_ends_with_its_clause(stance: Callable[[str, str], Stance]) -> None:
    text = "For evaluation we use a T4 while the net was trained on 8 V100 GPUs."
    assert not stance(text, "T4").is_training
    assert stance(text, "8 V100").is_training


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("According to the organisers, training took between an hour and a week on 8 V100 GPUs.", "8 V100"),
        ("A colleague's net was trained for 4 days on 8 V100 GPUs, by the account of its authors.", "8 V100"),
        (
            "Full tuning of the net took 3 hours on 8 V100 GPUs, as told in the blog post of its authors.",
            "8 V100",
        ),
        ("First users report that tuning the net on 8 V100 GPUs overnight helps.", "8 V100"),
        ("OldNet's authors calculated the energy of training on 8 V100 GPUs.", "8 V100"),
        ("For the sake of comparison we mention that OldNet used 8 V100 GPUs for training.", "8 V100"),
        (
            "OldNet and other systems that train out of core report epochs of minutes on 8 V100 GPUs.",
            "8 V100",
        ),
        ("The net was reportedly trained on 8 V100 GPUs.", "8 V100"),
        ("For orientation, the training of NextNet took 9 days on 8 V100 GPUs.", "8 V100"),
        ("Acme's report on NextNet mentions 9 days of training on 8 V100 GPUs.", "8 V100"),
        ("NextNet is said to have been trained on 8 V100 GPUs.", "8 V100"),
        ("The winning team trained an ensemble for 10 days on 8 V100 GPUs.", "8 V100"),
        ("The official checkpoint was trained for 12 days on 8 V100 GPUs.", "8 V100"),
        ("Participants could train for 24 hours on at most 8 V100 GPUs.", "8 V100"),
        ("Compare this with NextNet, whose training took 9 days on 8 V100 GPUs.", "8 V100"),
        ("This is a tenth of what NextNet needed for training on 8 V100 GPUs.", "8 V100"),
        ("The first place was trained for 6 days on 8 V100 GPUs.", "8 V100"),
        ("The team behind NextNet used 8 V100 GPUs for 118 days of training.", "8 V100"),
        ("We use the weights of NextNet, which was trained for 12 days on 8 V100 GPUs.", "8 V100"),
        ("We start from the checkpoint that Acme pre-trained for 12 days on 8 V100 GPUs.", "8 V100"),
    ],
)
def test_what_is_told_by_others_account_is_of_others(
    text: str, words: str, stance: Callable[[str, str], Stance]
) -> None:
    found = stance(text, words)
    assert found.features["attributed"]
    assert not found.beside().is_training


def test_our_own_run_of_anothers_model_is_ours(stance: Callable[[str, str], Stance]) -> None:
    text = (
        "OldNet and other nets had not appeared when we began; we trained OldNet in 9 minutes on 8 V100 GPUs."
    )
    assert stance(text, "8 V100").is_training


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("We plan to turn to documents next, and to train on 64 V100 GPUs.", "64 V100", "planned"),
        ("The next model will be trained with 1.5M H100 hours.", "1.5M H100 hours", "planned"),
        ("On 512 H100 GPUs that are to be installed training takes six weeks.", "512 H100", "planned"),
        ("We did not pre-train longer, since 64 A100 GPUs are not available to us.", "64 A100", "refused"),
        ("Had we trained for a month on 64 A100 GPUs, results were better.", "64 A100", "supposed"),
        ("A larger net is currently in training on 512 H100 GPUs.", "512 H100", "planned"),
        ("ZipNet improves training throughput by 9% on 64 A100 GPUs.", "64 A100", "speed_gain"),
    ],
)
def test_what_is_planned_or_refused_or_only_faster_is_no_training(
    text: str, words: str, said: str, stance: Callable[[str, str], Stance]
) -> None:
    found = stance(text, words)
    assert found.features[said]
    assert not found.beside().is_training


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The measurement took an hour on one A100.", "an hour"),
        ("Precomputation for the large graph uses CPUs only and takes 3 hours.", "3 hours"),
        ("Processing took 90,000 CPU core hours.", "90,000 CPU core hours"),
        ("Optical character recognition of the volumes ran on 64 P100 GPUs over seven weeks.", "seven weeks"),
        ("Captions were produced by another model on 32 A100 GPUs in six days.", "32 A100 GPUs"),
        ("Quantizing the net takes 4 hours on one A100.", "4 hours"),
        ("We predicted the structures of all proteins in 31 hours on 8 A100 GPUs.", "8 A100 GPUs"),
    ],
)
def test_measuring_predicting_and_preparing_are_no_training(
    text: str, words: str, stance: Callable[[str, str], Stance]
) -> None:
    assert not stance(text, words).beside().is_training


@pytest.mark.parametrize(
    "text",
    [
        "On a CPU of the old kind, where scans are slow, ZipNet takes 2.1 s with one V100.",
        "A ZipNet that is shortened runs as fast as OldNet on one V100.",
    ],
)
def test_seconds_and_speed_are_of_inference(text: str, stance: Callable[[str, str], Stance]) -> None:
    assert stance(text, "one V100").features["inference_nearer"]
