import pytest

from citeworthy.text.names import distinctive_names, is_abbreviation, is_named, names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("How does DPO compare with GPT-4 and TD3+BC?", ["DPO", "GPT-4", "TD3+BC"]),
        ("Planning needs search. The Atari games are hard.", ["Atari"]),
        ("What is IL-6?", ["IL-6"]),
        ("WHat does the WHO say?", ["WHO"]),
        ("nothing named here", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert names_in(text) == names


def test_only_what_cannot_be_an_ordinary_word_is_distinctive() -> None:
    assert distinctive_names("On Atari, HybridFlow and S4 beat PPO") == ["HybridFlow", "S4", "PPO"]


@pytest.mark.parametrize(
    ("name", "text", "stands"),
    [
        ("RL", "trained with reinforcement learning on games", True),
        ("LLMs", "large language models are slow", True),
        ("RLHF", "reinforcement learning from human feedback", False),  # "from" is no small word here: not guessed
        ("DPO", "proximal policy optimisation", False),
        ("X", "anything", False),
    ],
)
def test_abbreviations(name: str, text: str, stands: bool) -> None:
    assert is_abbreviation(name, text) is stands


@pytest.mark.parametrize(
    ("name", "text", "is_there"),
    [
        ("GPT-4", "We prompt GPT4.", True),
        ("LLaMA-3", "Llama 3 is tuned.", True),
        ("HybridFlow", "Hybrid Flow mixes two styles.", True),
        ("DPO-style", "DPO needs no reward model.", True),
        ("LLMs", "An LLM is a model.", True),
        ("RL", "Reinforcement learning is slow.", True),
        ("LEM", "This problem is solved.", False),
        ("SAC", "They equip it with recurrence, giving RSAC.", False),
        ("US", "It helps us.", False),
        ("HMM-SNN", "An SNN with an HMM.", True),
        ("STAG1/STAG2", "STAG2 is like STAG1.", True),
        ("nf1", "Mutations of NF1.", True),
        ("meta-RL", "RL across tasks.", True),
        ("Mistral-7B", "A model of 7B weights.", False),
        ("C++", "Written in C++.", True),
    ],
)
def test_whether_a_name_is_there(name: str, text: str, is_there: bool) -> None:
    assert is_named(name, text) is is_there
