"""Words of which the names of pets are made."""

from __future__ import annotations

PETS = (
    "ant", "bear", "bird", "bison", "boar", "bull", "calf", "cat", "clam", "cod", "colt", "crab", "crow", "deer",
    "dodo", "dog", "dory", "dove", "duck", "eagle", "eel", "elf", "elk", "emu", "ewe", "fawn", "finch", "fish",
    "flea", "fowl", "fox", "frog", "gnat", "gnu", "goat", "goose", "gull", "hare", "hawk", "hen", "heron", "hog",
    "ibex", "jay", "joey", "kid", "kite", "kiwi", "koi", "lab", "lamb", "lark", "lion", "llama", "loon", "lynx",
    "mako", "mink", "mite", "mole", "moose", "moth", "mouse", "mule", "newt", "orca", "oryx", "owl", "ox", "panda",
    "pony",
)  # fmt: skip
ADJECTIVES = (
    "able", "apt", "big", "bold", "brief", "bright", "calm", "chief", "civil", "clean", "clear", "close", "cool",
    "crisp", "cute", "daring", "deep", "eager", "easy", "equal", "exact", "fair", "fast", "fine", "firm", "fit",
    "fleet", "fond", "frank", "free", "fresh", "full", "fun", "game", "glad", "good", "grand", "great", "happy",
    "hardy", "hot", "huge", "human", "ideal", "joint", "just", "keen", "key", "kind", "large", "legal", "light",
    "live", "loved", "loyal", "lucky", "magic", "major", "many", "mint", "moral", "neat", "new", "next",
)  # fmt: skip
