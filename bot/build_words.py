"""Builds watchlists/words.txt.gz, the table of word frequencies, from the data of the `wordfreq` package.

    python3 -m venv ../words-venv && ../words-venv/bin/pip install wordfreq==3.1.1
    PYTHONPATH=../words-venv/lib/python3.11/site-packages .venv/bin/python bot/build_words.py

`wordfreq` is needed only here, never to run the program. The same version gives the same file, byte for byte.
"""

import argparse
import gzip
import importlib
import io
import math
from collections import defaultdict
from pathlib import Path

from watchlists import text, words

# Language → the rarest words that are still listed, in Zipf units (log10 of uses in a billion words).
CUTS = {
    "en": 2.5,
    "es": 3.4,
    "de": 3.4,
    "fr": 3.4,
    "ru": 3.6,
    "uk": 3.6,
    "it": 3.6,
    "pt": 3.6,
    "nl": 3.6,
    "pl": 3.7,
}


def folded(language: str, cut: float) -> dict[str, float]:
    """Folded word → Zipf frequency, for words of letters only that reach `cut`."""
    source = importlib.import_module("wordfreq").get_frequency_dict(language, "large")
    total: defaultdict[str, float] = defaultdict(float)
    for written, frequency in source.items():
        found = text.tokens(written)
        if len(found) == 1 and found[0].end - found[0].start == len(written) and found[0].text.isalpha():
            total[text.fold(written)] += frequency
    scaled = {word: 9 + math.log10(frequency) for word, frequency in total.items()}
    return {word: zipf for word, zipf in scaled.items() if zipf >= cut}


def section(language: str, cut: float) -> str:
    """A language's part of the table: its words by tenths of a Zipf unit, each line in alphabetical order."""
    steps: defaultdict[int, list[str]] = defaultdict(list)
    for word, zipf in folded(language, cut).items():
        steps[round(zipf * 10)].append(word)
    lines = [f"{tenths}\t{' '.join(sorted(steps[tenths]))}" for tenths in sorted(steps, reverse=True)]
    return "\n".join([language, *lines])


def main() -> None:
    """Writes the table to the path given, by default into the package."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", nargs="?", type=Path, default=Path(words.__file__).with_name(words.TABLE))
    out = parser.parse_args().out
    sections = [section(language, cut) for language, cut in CUTS.items()]
    body = f"{words.FORMAT}\n" + "\n\n".join(sections)
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0, filename="") as file:
        file.write(body.encode())
    out.write_bytes(packed.getvalue())


if __name__ == "__main__":
    main()
