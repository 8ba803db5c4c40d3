#!/usr/bin/env python3
"""Makes the archives and golden answers of this folder; README.md says what each one is for.

usage: python3 make_archives.py        (needs torch; made with Debian 12's python3-torch 1.13.1)

Everything is deterministic, so that a second run changes no file.
"""
import io
import json
import math
import os
import pathlib
import re
import sys
import zipfile
from typing import Dict, List, Tuple

import torch
from torch import Tensor, nn

HERE = pathlib.Path(__file__).resolve().parent
WIDTH, POSITIONS = 8, 64
WORDS = """today is sunny hello world this test a the and or not of to in on for with it was are be we you they he
she rain snow wind cloud river lake city road house tree bird cat dog fox quick brown jump over lazy search
vector model token text data node cluster actor chunk load upload predict good bad new old big small day night
morning evening one two three four five ten poison crash""".split()
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *".,!?;:'\"-()", *LETTERS, *("##" + c for c in LETTERS),
              "##s", "##ed", "##ing", "##ly", "##er"]
VOCABULARY = list(dict.fromkeys(VOCABULARY + [w for w in WORDS if w not in VOCABULARY]))
IDS = {token: number for number, token in enumerate(VOCABULARY)}
GOLDEN_TEXTS = ["today is sunny", "hello world", "this is a test", "Hello, world!", "", "a",
                "The quick brown fox jumps over the lazy dog.", "search vectors in a cluster of nodes",
                "we upload chunks and load models; they predict", "unknownword zebra 42", "rain, snow - wind (cloud)",
                "good day " * 40]

torch.set_grad_enabled(False)


def tokenizer():
    special = [{"id": IDS[t], "content": t, "single_word": False, "lstrip": False, "rstrip": False,
                "normalized": False, "special": True} for t in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")]
    mark = lambda t: {"id": t, "ids": [IDS[t]], "tokens": [t]}
    piece = lambda kind, name, number: {kind: {"id": name, "type_id": number}}
    return {
        "version": "1.0",
        "truncation": {"direction": "Right", "max_length": POSITIONS, "strategy": "LongestFirst", "stride": 0},
        "padding": None, "added_tokens": special,
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [piece("SpecialToken", "[CLS]", 0), piece("Sequence", "A", 0), piece("SpecialToken", "[SEP]", 0)],
            "pair": [piece("SpecialToken", "[CLS]", 0), piece("Sequence", "A", 0), piece("SpecialToken", "[SEP]", 0),
                     piece("Sequence", "B", 1), piece("SpecialToken", "[SEP]", 1)],
            "special_tokens": {"[CLS]": mark("[CLS]"), "[SEP]": mark("[SEP]")}},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": IDS}}


def encode(text):
    """WordPiece for plain ASCII texts: all that the golden texts need."""
    ids = []
    for word in re.findall(r"[a-z0-9]+|[^a-z0-9\s]", text.lower()):
        pieces, start = [], 0
        while start < len(word):
            end = next((e for e in range(len(word), start, -1)
                        if ("##" if start else "") + word[start:e] in IDS), None)
            if end is None:
                pieces = [IDS["[UNK]"]]
                break
            pieces.append(IDS[("##" if start else "") + word[start:end]])
            start = end
        ids += pieces
    return [IDS["[CLS]"], *ids[:POSITIONS - 2], IDS["[SEP]"]]


class Encoder(nn.Module):
    """One attention layer with a residual: tokens see each other, padding is masked."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(7)
        self.words = nn.Embedding(len(VOCABULARY), WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.mix = nn.Linear(WIDTH, 3 * WIDTH)
        self.norm = nn.LayerNorm(WIDTH)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        places = torch.arange(input_ids.size(1), device=input_ids.device)
        hidden = self.words(input_ids) + 0.3 * self.positions(places)
        parts = self.mix(hidden)
        query, key, value = parts[..., :8], parts[..., 8:16], parts[..., 16:]
        scores = query.matmul(key.transpose(1, 2)) / math.sqrt(WIDTH)
        scores = scores + (1.0 - attention_mask.unsqueeze(1).to(scores.dtype)) * -10000.0
        return self.norm(hidden + scores.softmax(-1).matmul(value))


def mean_pool(tokens: Tensor, mask: Tensor) -> Tensor:
    weights = mask.unsqueeze(-1).to(tokens.dtype)
    return (tokens * weights).sum(1) / weights.sum(1).clamp(min=1e-9)


class SentenceTransformer(nn.Module):
    """Dict in, dict out, pooled and normalised in the graph: as sentence-transformers exports."""

    def __init__(self):
        super().__init__()
        self.encoder = Encoder()

    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        ids, mask = features["input_ids"], features["attention_mask"]
        tokens = self.encoder(ids, mask)
        sentence = torch.nn.functional.normalize(mean_pool(tokens, mask), p=2.0, dim=1)
        return {"input_ids": ids, "attention_mask": mask, "token_embeddings": tokens, "sentence_embedding": sentence}


class HuggingFace(nn.Module):
    """Tensors by position, a tuple back: pooling is the server's."""

    def __init__(self):
        super().__init__()
        self.encoder = Encoder()

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tuple[Tensor]:
        return (self.encoder(input_ids, attention_mask),)


class Behaviour(nn.Module):
    """Base of the models below: dict in, one small matrix."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(11)
        self.words = nn.Embedding(len(VOCABULARY), WIDTH)

    def embed(self, features: Dict[str, Tensor]) -> Tensor:
        return mean_pool(self.words(features["input_ids"]), features["attention_mask"])


class OtherRows(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        rows = self.embed(features)
        return {"sentence_embedding": rows + rows.sum(0, keepdim=True)}


class MaskIgnored(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        return {"sentence_embedding": self.words(features["input_ids"]).mean(1)}


class OneRowOnly(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        assert features["input_ids"].size(0) == 1, "one row only"
        return {"sentence_embedding": self.embed(features)}


class AlwaysOneRow(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        return {"sentence_embedding": self.embed(features)[:1]}


class WritesState(Behaviour):
    def __init__(self):
        super().__init__()
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        self.calls.add_(1)
        return {"sentence_embedding": self.embed(features) + self.calls}


class WritesCache(Behaviour):
    """Right answers one at a time, wrong ones when two calls run at once."""

    def __init__(self):
        super().__init__()
        self.last = torch.zeros(1, WIDTH)

    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        self.last = self.embed(features)
        return {"sentence_embedding": self.last * 1.0}


def keep(place: Tensor, rows: Tensor) -> Tensor:
    place.copy_(rows[0])
    return place


class WritesArgument(Behaviour):
    """Right answers one at a time, too; who writes to the state does not know it for that."""

    def __init__(self):
        super().__init__()
        self.register_buffer("scratch", torch.zeros(WIDTH))

    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        kept = keep(self.scratch, self.embed(features))
        return {"sentence_embedding": kept.unsqueeze(0) * 1.0}


class NamesChange(Behaviour):
    """One output for every text, under another name where the tokens are odd in number."""

    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        name = "sentence_embedding" if features["input_ids"].size(1) % 2 == 0 else "odd_embedding"
        return {name: self.embed(features)}


class ReturnsNoTensor(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> str:
        return "no tensor"


class ReturnsDictOfLists(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> Dict[str, List[float]]:
        return {"sentence_embedding": [1.0, 2.0]}


class ThreeInputs(Behaviour):
    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        return self.words(input_ids + token_type_ids * 0 + attention_mask * 0).mean(1)


class OtherKeys(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        return {"sentence_embedding": self.words(features["pixel_values"]).mean(1)}


class BareTensor(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> Tensor:
        return self.embed(features)


class ManyTypes(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        rows = self.embed(features)
        return {"float32": rows, "float64": rows.to(torch.float64), "float16": rows.to(torch.float16),
                "int64": features["input_ids"], "int32": rows.to(torch.int32), "int8": rows.to(torch.int8),
                "uint8": rows.abs().to(torch.uint8), "boolean": rows > 0, "bfloat16": rows.to(torch.bfloat16)}


class GivesNan(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        return {"sentence_embedding": self.embed(features) / 0.0, "nan": self.embed(features) * float("nan")}


class NeverReturns(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        rows = self.embed(features)
        while bool(rows.isfinite().all()):
            rows = rows * 0.5
        return {"sentence_embedding": rows}


class NeverReturnsOnPoison(Behaviour):
    """Behaves until the token "poison" comes: a model that turns bad after the rehearsal."""

    def __init__(self):
        super().__init__()
        self.poison = IDS["poison"]

    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        rows = self.embed(features)
        while bool((features["input_ids"] == self.poison).any()):
            rows = rows * 0.5
        return {"sentence_embedding": rows}


class RaisesOnCrash(Behaviour):
    """Throws when the token "crash" comes."""

    def __init__(self):
        super().__init__()
        self.crash = IDS["crash"]

    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        assert not bool((features["input_ids"] == self.crash).any()), "the word crash came"
        return {"sentence_embedding": self.embed(features)}


class AllocatesInForward(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        rows, kept = self.embed(features), torch.jit.annotate(List[Tensor], [])
        while len(kept) < 1000000:  # of the input, or the compiler would make one constant of it
            kept.append(rows[0].repeat(524288))
        return {"sentence_embedding": rows + kept[-1][0]}


class AllocatesInSetState(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        return {"sentence_embedding": self.embed(features)}

    @torch.jit.export
    def __getstate__(self) -> Tuple[Tensor, bool]:
        return (self.words.weight, self.training)

    @torch.jit.export
    def __setstate__(self, state: Tuple[Tensor, bool]) -> None:
        kept: List[Tensor] = []
        while len(kept) < 1000000:
            kept.append(state[0].repeat(4096, 1))
        self.words.weight = state[0] + kept[-1][0]
        self.training = state[1]


class NeverReturnsInSetState(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        return {"sentence_embedding": self.embed(features)}

    @torch.jit.export
    def __getstate__(self) -> Tuple[Tensor, bool]:
        return (self.words.weight, self.training)

    @torch.jit.export
    def __setstate__(self, state: Tuple[Tensor, bool]) -> None:
        rows = state[0]
        while bool(rows.isfinite().all()):
            rows = rows * 0.5
        self.words.weight = rows
        self.training = state[1]


class ReadsFile(Behaviour):
    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        stolen = torch.from_file("/etc/passwd", False, 8, dtype=torch.uint8)
        return {"sentence_embedding": self.embed(features) + stolen.to(torch.float32)}


class Plain(Behaviour):
    """The raw material of the archives whose files are edited afterwards."""

    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        return {"sentence_embedding": self.embed(features)}


@torch.jit.interface
class Step:
    def run(self, x: Tensor) -> Tensor:
        pass


@torch.jit.script
class Stop:
    def __init__(self):
        self.n = 0

    def run(self, x: Tensor) -> Tensor:
        return x


@torch.jit.script
class Again:
    def __init__(self, inner: Step):
        self.inner = inner

    def run(self, x: Tensor) -> Tensor:
        return self.inner.run(x) * 0.5


class RecursesAtRunTime(Behaviour):
    """Recursion that the compiler cannot see: an object calls itself through an interface."""

    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        again = Again(Stop())
        again.inner = again
        return {"sentence_embedding": again.run(self.embed(features))}


def saved(module, name):
    buffer = io.BytesIO()
    torch.jit.save(module, buffer)
    members = {}
    with zipfile.ZipFile(buffer) as source:
        for info in source.infolist():
            # Debug records hold the paths of the machine that made them.
            if not info.filename.endswith(".debug_pkl"):
                members[name + "/" + info.filename.split("/", 1)[1]] = source.read(info)
    return members


def torch_zip(members):
    """Stored, each record's bytes at a multiple of 64: as torch writes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for member, data in members.items():
            info = zipfile.ZipInfo(member, (1980, 1, 1, 0, 0, 0))
            padding = -(buffer.tell() + 30 + len(member) + 4) % 64
            info.extra = b"FB" + padding.to_bytes(2, "little") + b"Z" * padding
            target.writestr(info, data)
    return buffer.getvalue()


def archive(name, model):
    with zipfile.ZipFile(HERE / (name + ".zip"), "w") as target:
        for member, data in ((name + ".pt", model), ("tokenizer.json", json.dumps(tokenizer()))):
            info = zipfile.ZipInfo(member, (2022, 11, 1, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            target.writestr(info, data, compresslevel=9)


def put(name, module, edit=lambda members: None):
    members = saved(module, name)
    edit(members)
    archive(name, torch_zip(members))


def replace(old, new):
    def edit(members):
        found = [member for member, data in members.items() if member.endswith(".py") and old.encode() in data]
        assert found, f"{old} is in no code file"
        for member in found:
            members[member] = members[member].replace(old.encode(), new.encode())
    return edit


def cut_storage(members):
    member = next(m for m, data in members.items() if "/data/" in m and len(data) > 64)
    members[member] = members[member][:64]


def golden(sentence, hugging):
    with open(HERE / "golden.jsonl", "w") as out:
        for text in GOLDEN_TEXTS:
            ids = torch.tensor([encode(text)])
            mask = torch.ones_like(ids)
            vector = sentence({"input_ids": ids, "attention_mask": mask})["sentence_embedding"][0]
            tokens = hugging(ids, mask)[0][0]
            steps = torch.arange(1, len(tokens) + 1).unsqueeze(1)
            pooled = {"mean": tokens.mean(0), "mean_sqrt_len": tokens.sum(0) / math.sqrt(len(tokens)),
                      "max": tokens.max(0).values, "weighted_mean": (tokens * steps).sum(0) / steps.sum(),
                      "cls": tokens[0], "last_token": tokens[-1]}
            row = {"text": text, "ids": ids[0].tolist(), "vector": [round(x, 7) for x in vector.tolist()],
                   "huggingface": {mode: [round(x, 7) for x in value.tolist()] for mode, value in pooled.items()}}
            out.write(json.dumps(row) + "\n")


def main():
    ids, mask = torch.tensor([[2, 60, 3], [2, 3, 0]]), torch.tensor([[1, 1, 1], [1, 1, 0]])
    sentence, hugging = SentenceTransformer().eval(), HuggingFace().eval()
    golden(sentence, hugging)
    put("tiny-sentence-transformer",
        torch.jit.trace(sentence, ({"input_ids": ids, "attention_mask": mask},), strict=False, check_trace=False))
    put("tiny-huggingface", torch.jit.trace(hugging, (ids, mask), check_trace=False))
    for kind in (OtherRows, MaskIgnored, OneRowOnly, AlwaysOneRow, WritesState, WritesCache, ReturnsNoTensor,
                 ReturnsDictOfLists, ThreeInputs, OtherKeys, BareTensor, ManyTypes, GivesNan, NeverReturns,
                 NeverReturnsOnPoison, RaisesOnCrash, AllocatesInForward, AllocatesInSetState,
                 NeverReturnsInSetState, ReadsFile, RecursesAtRunTime):
        name = re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()
        put(name, torch.jit.script(kind().eval()))
    plain = torch.jit.script(Plain().eval())
    put("unknown-operator", plain, replace("torch.sum(", "torch.no_such_operator("))
    put("recurses", plain, replace("(self).embed(features, )", "((self).forward(features, ))[\"sentence_embedding\"]"))
    put("short-storage", plain, cut_storage)
    eager = io.BytesIO()
    torch.save({"weight": torch.zeros(4)}, eager)
    archive("eager-save", eager.getvalue())
    put("writes-argument", torch.jit.script(WritesArgument().eval()))
    put("names-change", torch.jit.script(NamesChange().eval()))


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of some sets gets into the archives
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})
    main()
