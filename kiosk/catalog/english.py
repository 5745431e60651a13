"""English: the words of a question that say something, without endings, as one spelling."""

import re
from functools import lru_cache

import snowballstemmer

_stemmer = snowballstemmer.stemmer("english")
# Words of an English sentence that say nothing about what somebody wants.
IDLE_WORDS = frozenset(
    (
        *("a", "about", "am", "an", "and", "any", "are", "as", "at", "be", "been", "by", "can"),
        *(
            "cannot",
            "could",
            "did",
            "do",
            "does",
            "find",
            "for",
            "from",
            "get",
            "getting",
            "go",
            "got",
        ),
        *("had", "has", "have", "help", "here", "how", "i", "if", "in", "into", "is", "it", "its"),
        *("long", "look", "make", "may", "me", "must", "my", "need", "no", "not", "of", "on"),
        *(
            "or",
            "our",
            "out",
            "please",
            "see",
            "should",
            "some",
            "somebody",
            "someone",
            "something",
        ),
        *("near", "nearby", "nearest", "closest", "around", "just", "really", "thing", "things"),
        *("tell", "that", "the", "their", "there", "they", "this", "to", "up", "use", "using"),
        *("want", "was", "we", "what", "when", "where", "which", "who", "will", "with", "would"),
        *("whether", "you", "your", "china", "chinese", "information", "info", "don", "im"),
        *("he", "she", "his", "her", "him", "them", "were", "also", "but", "so", "very", "already"),
        *("yet", "still", "now", "more", "only", "month", "week", "father", "mother", "dad", "mum"),
    )
)
# All of it is in Shanghai.
_IN_TOWN = re.compile(r"\bin (?:shanghai|china)\b")
_LATIN = re.compile(r"[A-Za-z0-9]+")
# British and American spellings of one word are one.
_SPELLINGS = (
    (re.compile(r"licen[cs]"), "licens"),
    (re.compile(r"is(?=(?:e|ed|es|ing|ation|ations)$)"), "iz"),
    (re.compile(r"our(?=$|s$|ed$|ing$|hood)"), "or"),
    (re.compile(r"centre"), "center"),
    (re.compile(r"programme"), "program"),
    (re.compile(r"ll(?=ing$|ed$|er$|or$|ment$)"), "l"),
    (re.compile(r"practic"), "practis"),
    (re.compile(r"cheque"), "check"),
)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return an English word without its ending, in one spelling."""
    for written, one in _SPELLINGS:
        word = written.sub(one, word)
    return str(_stemmer.stemWord(word))


def latin(text: str) -> list[str]:
    """Return the words of Latin letters and digits in a text."""
    return _LATIN.findall(text)


def telling_words(question: str) -> list[str]:
    """Return the words of an English question that say what somebody wants."""
    words = latin(_IN_TOWN.sub("", question).replace("'s", "").replace("'", "")) or latin(question)
    telling = [word for word in words if word not in IDLE_WORDS]
    return telling or words
