"""How slices of TPU pods are printed, as patterns of tokens; `rules.slices` says what they count.

`bare` names say nothing of a TPU, and stand for a slice only where what is around them says so.
"""

from __future__ import annotations

from extractors.rules.patterns import Pattern, Patterns

_GENERATION = {"TEXT": {"REGEX": r"(?i)^v\d(?:[ep]|litepod)?$"}}
_NAMES: list[Pattern] = [
    [{"LOWER": "tpu"}, {"ORTH": "-", "OP": "?"}, _GENERATION],
    [{"TEXT": {"REGEX": r"(?i)^tpuv\d(?:[ep]|litepod)?$"}}],
]
"""TPU v3, TPU-v3; TPUv3"""
_SIZE: Pattern = [{"ORTH": {"IN": ["-", "‐", "–"]}}, {"TEXT": {"REGEX": r"^\d{1,4}$"}}]
_SHAPES: list[Pattern] = [
    [{"TEXT": {"REGEX": r"^\d{1,3}(?:[x×]\d{1,3}){1,2}$"}}],
    [{"IS_DIGIT": True}, {"ORTH": {"IN": ["x", "×"]}}, {"IS_DIGIT": True}],
    [{"IS_DIGIT": True}, {"ORTH": {"IN": ["x", "×"]}}, {"IS_DIGIT": True}, {"ORTH": {"IN": ["x", "×"]}}, {"IS_DIGIT": True}],
]  # fmt: skip
_MAKERS: Pattern = [{"LOWER": {"IN": ["google", "cloud"]}, "OP": "*"}]
_TPU: Pattern = [*_MAKERS, {"LOWER": {"IN": ["tpu", "tpus"]}}]
_POD: Pattern = [{"LOWER": {"IN": ["pod", "pods", "slice", "slices"]}, "OP": "{1,2}"}]
_CHIPS: Pattern = [{"LOWER": {"IN": ["pod", "pods", "slice", "slices", "chip", "chips", "topology", "mesh"]}}]
_IN: Pattern = [{"LOWER": {"IN": ["of", "with", "("]}}, {"LOWER": {"IN": ["a", "an", "size"]}, "OP": "?"}]
SLICES = Patterns(
    {
        # TPUv3-512; TPU v3-32 Cloud TPU
        "named": [[*name, *_SIZE, *rest] for name in _NAMES for rest in ([], _TPU, [*_TPU, _GENERATION])],
        # v3-32 Cloud TPU; v3-32 TPU v3
        "known": [[_GENERATION, *_SIZE, *_TPU], [_GENERATION, *_SIZE, *_TPU, _GENERATION]],
        # v4-128
        "bare": [[_GENERATION, *_SIZE]],
        # TPU v4 pod slice of 8x8 chips; 4x4x4 TPU v4 slice; 2x2 TPU v2 chips; 4x4 TPU pod (TPU v2)
        "shaped": [
            pattern
            for name in _NAMES
            for shape in _SHAPES
            for pattern in (
                [*name, *_POD, *_IN, *shape],
                [*shape, *_MAKERS, *name, *_CHIPS],
                [*shape, *_TPU, *_POD, {"ORTH": "("}, *name],
            )
        ],
    }
)
