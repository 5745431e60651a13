"""Pinyin: how Chinese is read aloud, and patterns that find it by what somebody typed.

A reading is a line of syllables with a blank on each side: 社保卡 → ` she bao ka `. Letters and
digits stand in it as they are written; every other sign is a bar, which no syllable matches.
"""

import re
import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin, load_phrases_dict

# What pypinyin reads wrong in our words, or could not know: a word and how it is read.
READINGS = {
    "长宁": "cháng níng",
    "市长宁": "shì cháng níng",
    "区长宁": "qū cháng níng",
    "长护": "cháng hù",
    "长护险": "cháng hù xiǎn",
    "长三角": "cháng sān jiǎo",
    "闵行": "mǐn háng",
    "市闵行": "shì mǐn háng",
    "还款": "huán kuǎn",
    "还房贷": "huán fáng dài",
    "还贷": "huán dài",
    "借还": "jiè huán",
    "不还": "bù huán",
    "提前还": "tí qián huán",
    "重办": "chóng bàn",
    "重名": "chóng míng",
    "重置": "chóng zhì",
    "双重": "shuāng chóng",
    "月调公积金": "yuè tiáo gōng jī jīn",
    "调休": "tiáo xiū",
    "人参加": "rén cān jiā",
    "人参保": "rén cān bǎo",
    "发卡": "fā kǎ",
    "差旅": "chāi lǚ",
    "流血": "liú xuè",
    "献血": "xiàn xuè",
}
load_phrases_dict({word: [[tone] for tone in tones.split()] for word, tones in READINGS.items()})

LONGEST_LETTERS = 40
# Words that ask, and say nothing about what somebody wants.
ASKING = (
    *("怎么办理", "怎么办", "怎么弄", "怎么", "怎样", "如何", "哪里能", "哪里", "在哪儿", "在哪"),
    *("哪儿", "我想要", "我想", "我要", "我的", "想要", "请问", "可以", "需要", "什么", "材料"),
    *("多久", "几天", "能不能", "要不要", "要", "吗", "呢", "吧", "啊", "我", "办理", "帮我"),
)
_PARTS = re.compile(r"[a-z0-9']+|.", re.DOTALL)
_RUNS = re.compile(r"[a-z0-9']+|[\u4e00-\u9fff\u3400-\u4dbf]+|.", re.DOTALL)
_ANY_REST = "[a-z0-9]* "
_BROAD = re.compile(r"([zcs])h?|(n)g?(?= |$)")


def plain(text: str) -> str:
    """Return text without case, full-width forms and control characters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in folded)


def is_hanzi(sign: str) -> bool:
    """Tell whether a sign is a Chinese character."""
    return "\u4e00" <= sign <= "\u9fff" or "\u3400" <= sign <= "\u4dbf"


@lru_cache(maxsize=200_000)
def syllables(text: str) -> tuple[str, ...]:
    """Return how each sign of a plain text is read; letters and digits stay together."""
    out: list[str] = []
    for run in _RUNS.findall(text):
        if is_hanzi(run[0]):
            read = lazy_pinyin(run, style=Style.NORMAL, v_to_u=False)
            out.extend(read if len(read) == len(run) else run)
        else:
            out.append(run if run.isascii() and run[0].isalnum() else "|")
    return tuple(out)


_ASKS = re.compile("|".join([*ASKING, "[?!,.。、…]"]))


def without_asking(text: str) -> str:
    """Return a plain question without the words that only ask: 社保卡丢了怎么办 → 社保卡丢了."""
    return _ASKS.sub("", text)


@lru_cache(maxsize=1)
def _asking_readings() -> list[tuple[str, ...]]:
    return sorted({syllables(word) for word in ASKING}, key=len, reverse=True)


def spelled(letters: str, known: frozenset[str]) -> tuple[str, ...]:
    """Split letters into as few known syllables as possible; empty if they are none.

    Words that only ask are left out.
    """
    best: list[tuple[str, ...] | None] = [()] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 6), end):
            before = best[start]
            if before is None or letters[start:end] not in known:
                continue
            now = best[end]
            if now is None or len(before) + 1 < len(now):
                best[end] = (*before, letters[start:end])
    found = " ".join(best[-1] or ())
    line = f" {found} "
    for asking in _asking_readings():
        if len(asking) > 1:
            line = line.replace(f" {' '.join(asking)} ", " ")
    return tuple(line.split())


def parts(text: str) -> list[str]:
    """Split a plain text as its reading is: a character, or a word of letters and digits."""
    return _PARTS.findall(text)


def reading(text: str) -> str:
    """Return a plain text as a line of syllables with a blank on each side."""
    return f" {' '.join(syllables(text))} "


def pattern(text: str, *, is_broad: bool = False) -> re.Pattern[str] | None:
    """Return what finds a typed text in readings: 社保ka, shebaok, `she bao ka`, sbk.

    A character stands for its whole syllable; a letter goes on in its syllable or starts the
    next one. Broad means as they are heard in the south: z for zh, n for ng.
    """
    found: list[str] = []
    rest = ""
    letters = 0
    for part in parts(text.replace("'", "")):
        if part == " ":
            continue
        if is_hanzi(part):
            found.append(rest + _heard(syllables(part)[0], is_broad=is_broad))
            rest = " "
            letters += 2
        elif part.isascii() and part.isalnum():
            for letter in _letters(part) if is_broad else part:
                found.append(rest + ("[uv]" if letter == "u" else letter))
                rest = f"(?:{_ANY_REST})??"
            rest = f"(?:{_ANY_REST})"
            letters += len(part)
        else:
            return None
    if letters < 2 or letters > LONGEST_LETTERS:  # noqa: PLR2004 - one letter says nothing
        return None
    # The last character's syllable is heard to its end.
    end = "(?= )" if is_hanzi(text.rstrip()[-1:]) else ""
    return re.compile(" " + "".join(found) + end)


def _heard(syllable: str, *, is_broad: bool) -> str:
    if not is_broad:
        return syllable
    return _BROAD.sub(lambda hit: f"{hit[1]}h?" if hit[1] else "ng?", syllable)


def _letters(word: str) -> list[str]:
    """Split letters so that z and zh, n and ng are one."""
    broad = re.findall(r"[zcs]h?|ng?|.", word)
    return [
        f"{piece[0]}h?"
        if piece[0] in "zcs"
        else f"ng?(?:(?:{_ANY_REST})?g)?"
        if piece == "ng"
        else "ng?"
        if piece == "n"
        else piece
        for piece in broad
    ]
