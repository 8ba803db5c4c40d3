#!/usr/bin/env python3
"""Writes src/Inference.Torch/Tokenization/Unicode/unicode-classes.txt.

Usage: generate-unicode-classes.py unicode-classes.json
The input lists, per class, what Hugging Face tokenizers does with every code point. .NET's own tables are
newer than that library's, so its answers are kept here. Output, one line a class: the name, then hex entries
`from-to` for a set and `from-to=first` for a map whose targets run in step (or `from=a.b` for several targets).
"""
import json
import pathlib
import sys

SETS = {
    "CleanRemoved": "bert_clean_removed",
    "CleanSpace": "bert_clean_to_space",
    "Chinese": "bert_chinese",
    "Punctuation": "bert_punctuation",
    "WhiteSpace": "whitespace",
    "NonspacingMark": "bert_strip_accents_mn",
    "CombiningMark": "strip_accents_normalizer",
    "Numeric": "digits_pre_tokenizer",
    "Word": "regex_w",
}
MAPS = {"Lowercase": "lowercase", "Decomposition": "nfd_without_hangul"}


def runs(mapping):
    """Joins neighbours whose single targets are neighbours too."""
    out = []
    for source, target in sorted((int(k, 16), [int(t, 16) for t in v.split()]) for k, v in mapping.items()):
        last = out[-1] if out else None
        in_step = (last and len(target) == 1 and len(last[2]) == 1 and last[1] + 1 == source
                   and last[2][0] + source - last[0] == target[0])
        if in_step:
            last[1] = source
        else:
            out.append([source, source, target])
    for first, end, target in out:
        span = f"{first:x}" if first == end else f"{first:x}-{end:x}"
        yield f"{span}={'.'.join(f'{t:x}' for t in target)}"


def main():
    classes = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    lines = [f"{name} {classes[key]}" for name, key in SETS.items()]
    lines += [f"{name} {' '.join(runs(classes[key]))}" for name, key in MAPS.items()]
    root = pathlib.Path(__file__).resolve().parent.parent
    target = root / "src/Inference.Torch/Tokenization/Unicode/unicode-classes.txt"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


main()
