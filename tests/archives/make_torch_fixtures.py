#!/usr/bin/python3
"""Writes calling-forms/*.pt: one tiny TorchScript module for each form that a forward can have.

Run with Debian 12's python3-torch (1.13.1); a second run changes no byte. Every module gives for id i the row
[i, 2i] of a token, so that tests can tell outputs apart.
"""
import pathlib
from typing import Dict, List, NamedTuple, Optional, Tuple

import torch
from torch import Tensor

from make_archives import saved, torch_zip

TARGET = pathlib.Path(__file__).parent / "calling-forms"


def rows(ids: Tensor) -> Tensor:
    return torch.stack([ids.float(), 2 * ids.float()], dim=2)


class PositionalToTensor(torch.nn.Module):
    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        return rows(input_ids)


class PositionalToList(torch.nn.Module):
    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> List[Tensor]:
        return [rows(input_ids), attention_mask]


class PositionalToDict(torch.nn.Module):
    """last_hidden_state is not the first entry."""

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Dict[str, Tensor]:
        return {"pooler_output": -input_ids.float(), "last_hidden_state": rows(input_ids)}


class PositionalToNested(torch.nn.Module):
    """The first tensor is in a nested tuple, after something that is no tensor."""

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, extra: Optional[Tensor] = None
    ) -> Tuple[Optional[Tensor], Tuple[Tensor, List[Tensor]], float, Tensor]:
        return extra, (rows(input_ids), [attention_mask, input_ids]), 0.5, -input_ids


class PositionalWithDefaults(torch.nn.Module):
    """The module is not called self, and a text among the defaults has brackets and commas."""

    def forward(
        s, input_ids: Tensor, attention_mask: Tensor, flag: bool = False, k: int = 3, name: str = "a,(b"
    ) -> Tensor:
        return s.embed(input_ids)

    def embed(this, ids: Tensor) -> Tensor:
        return rows(ids)


class Named(NamedTuple):
    last_hidden_state: Tensor
    pooler_output: Tensor


class PositionalToNamedTuple(torch.nn.Module):
    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Named:
        return Named(rows(input_ids), input_ids)


class PositionalToNumber(torch.nn.Module):
    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> float:
        return 0.5


class DictToTuple(torch.nn.Module):
    def forward(self, features: Dict[str, Tensor]) -> Tuple[Tensor, Tensor]:
        return rows(features["input_ids"]), features["attention_mask"]


class DictWithDefault(torch.nn.Module):
    """Names beyond ASCII, a second parameter with a default, a nested module of the same class name below it."""

    def forward(self, features: Dict[str, Tensor], scale: float = 2.0) -> Dict[str, Tensor]:
        return {"größe": features["input_ids"] * scale, "attention_mask": features["attention_mask"]}


class DictOfModule(torch.nn.Module):
    """The module is not called self; one entry has elements of a type that cannot be sent."""

    def forward(m, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        hidden = rows(features["input_ids"])
        return {"complex": torch.complex(hidden, hidden), "sentence_embedding": hidden.mean(1)}


class DictNeedsMore(torch.nn.Module):
    def forward(self, features: Dict[str, Tensor], scale: float) -> Dict[str, Tensor]:
        return features


class DictChanges(torch.nn.Module):
    """Gives as many outputs as there are tokens."""

    def forward(self, features: Dict[str, Tensor]) -> Dict[str, Tensor]:
        outputs: Dict[str, Tensor] = {}
        for i in range(features["input_ids"].size(1)):
            outputs[str(i)] = features["input_ids"]
        return outputs


class TracedDict(torch.nn.Module):
    def forward(self, features):
        return {"sentence_embedding": rows(features["input_ids"]).mean(1), "input_ids": features["input_ids"]}


class PositionalToPooled(torch.nn.Module):
    """Pools by itself: the sum of a document's token rows."""

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Dict[str, Tensor]:
        hidden = rows(input_ids)
        return {"last_hidden_state": hidden, "pooler_output": -hidden.sum(1), "sentence_embedding": hidden.sum(1)}


def name_of(module: type) -> str:
    return "".join("-" + c.lower() if c.isupper() else c for c in module.__name__).lstrip("-")


def put(name: str, module: torch.jit.ScriptModule) -> None:
    (TARGET / (name + ".pt")).write_bytes(torch_zip(saved(module, name)))


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    scripted = [
        PositionalToTensor, PositionalToList, PositionalToDict, PositionalToNested, PositionalToNamedTuple,
        PositionalToNumber, PositionalWithDefaults, DictOfModule, DictToTuple, DictWithDefault, DictNeedsMore,
        DictChanges, PositionalToPooled,
    ]
    for module in scripted:
        put(name_of(module), torch.jit.script(module().eval()))
    example = {"input_ids": torch.ones(1, 3, dtype=torch.int64), "attention_mask": torch.ones(1, 3, dtype=torch.int64)}
    put(name_of(TracedDict), torch.jit.trace(TracedDict().eval(), (example,), strict=False))


if __name__ == "__main__":
    main()
