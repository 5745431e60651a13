"""Pinyin: how Chinese is read aloud, and patterns that find it by what somebody typed.

A reading is a line of syllables with a blank on each side: 社保卡 → ` she bao ka `. Letters and
digits stand in it as they are written; every other sign is a bar, which no syllable matches.
"""

import re
import unicodedata
from functools import lru_cache

from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal
from pypinyin.seg.mmseg import seg

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
    "还伞": "huán sǎn",
    "还车": "huán chē",
    "不还": "bù huán",
    "提前还": "tí qián huán",
    "还月供": "huán yuè gōng",
    "还完": "huán wán",
    "还掉": "huán diào",
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
    "出血": "chū xuè",
    "便血": "biàn xuè",
    "献血": "xiàn xuè",
}
PHRASES_DICT.update({word: [[tone] for tone in tones.split()] for word, tones in READINGS.items()})
seg.train(iter(READINGS))

LONGEST_LETTERS = 40
# Words that ask, and say nothing about what somebody wants.
ASKING = (
    *("怎么办理", "怎么办", "怎么弄", "怎么搞", "怎么", "怎样", "如何", "咋办", "咋", "怎么样"),
    *("哪里能", "哪里可以", "哪里有", "哪里", "在哪儿", "在哪里", "在哪", "哪儿", "去哪儿", "去哪"),
    *("去哪个", "哪个", "到哪", "我想要", "我想问", "我想", "我要", "我的", "我们", "想要", "请问"),
    *("可不可以", "可以", "能不能", "要不要", "需不需要", "需要"),
    *("有没有", "是不是", "能否", "是否"),
    *(
        "办什么手续",
        "办哪些手续",
        "办啥手续",
        "什么手续",
        "哪些手续",
        "啥手续",
        "什么材料",
        "哪些材料",
        "什么时候",
        "什么",
        "哪些",
        "啥",
    ),
    *("多久", "几天", "多长时间", "应该", "必须", "帮我", "帮忙", "办理", "有关", "关于", "一下"),
    *("有一个", "有个", "这个", "那个", "一个", "我家"),
    *("你们", "您", "我", "吗", "呢", "啊", "呀", "嘛", "的"),
)
# The same, but not where they begin another word: 去世, 新能源, 在职, 被骗, 了解.
_ASKING_ALONE = (
    *(
        "要(?!饭)",
        "能(?!源|力|耗|效|够)",
        "去(?!世|向)",
        "想(?!不开)",
        "了(?!解)",
        "在(?!职|线|校|沪|册)",
    ),
    *(
        "给(?!付|我|孩|家|爸|父)",
        "该",
        "把",
        "(?<![网酒])吧",
        "(?<=[改办找开买换搞报做考])个(?!人|体|税|转)",
        "来(?!沪|电|访)",
        "地方",
    ),
    "[一二三四五六七八九十百千两几]{2,}(?:个人|个|人|度|天|块|元)",
    "(?:材料|条件|要求|流程|手续|问题|(?<=..)办)$",
)
HANZI = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]+")
_PARTS = re.compile(r"[a-z0-9']+|.", re.DOTALL)
_RUNS = re.compile(r"[a-z0-9']+|[\u4e00-\u9fff\u3400-\u4dbf]+|.", re.DOTALL)
_ANY_REST = "[a-z0-9]* "
_ZH = re.compile(r"([zcs])h")
_NG = re.compile(r"ng")


def plain(text: str) -> str:
    """Return text without case, full-width forms and control characters."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if folded.isprintable():
        return folded
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
            out.extend(sound for word in seg.cut(run) for sound in _sounds(word))
        else:
            out.append(run if run.isascii() and run[0].isalnum() else "|")
    return tuple(out)


@lru_cache(maxsize=50_000)
def _sounds(word: str) -> tuple[str, ...]:
    """Return how a word is read, as pypinyin's lazy_pinyin says, which takes five times as long."""
    said = PHRASES_DICT.get(word)
    if said is not None and len(said) == len(word):
        return tuple(_toneless(tones[0]) for tones in said)
    return tuple(_toneless(PINYIN_DICT.get(ord(sign), sign).split(",")[0]) for sign in word)


@lru_cache(maxsize=2_000)
def _toneless(syllable: str) -> str:
    return to_normal(syllable, v_to_u=False)


ASKS = "|".join([*sorted(ASKING, key=len, reverse=True), *_ASKING_ALONE, '[?!,.。、…~;:"]'])


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


def broad(text: str) -> str:
    """Return a reading as it is heard in the south: z for zh, n for ng."""
    return _NG.sub("n", _ZH.sub(r"\1", text))


def literal(text: str, *, is_broad: bool = False) -> str | None:
    """Return the reading of a typed text of Chinese characters only; None for any other."""
    signs = text.replace(" ", "")
    if not signs or not all(map(is_hanzi, signs)):
        return None
    read = reading(signs)
    return broad(read) if is_broad else read


def pattern(text: str, *, is_broad: bool = False) -> re.Pattern[str] | None:
    """Return what finds a typed text in readings: 社保ka, shebaok, `she bao ka`, sbk.

    A character stands for its whole syllable; a letter goes on in its syllable or starts the
    next one. A broad pattern is for readings that are broad themselves.
    """
    found: list[str] = []
    rest = ""
    letters = 0
    for part in parts(text.replace("'", "")):
        if part == " ":
            continue
        if is_hanzi(part):
            syllable = syllables(part)[0]
            found.append(rest + (broad(f"{syllable} ").rstrip() if is_broad else syllable))
            rest = " "
            letters += 2
        elif part.isascii() and part.isalnum():
            for letter in broad(part) if is_broad else part:
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


def heads(text: str, starts: frozenset[str], most: int = 3) -> set[str]:
    """Return with which first letters the syllables of a typed text may begin, `most` of them.

    `starts` are the letters that syllables start with: s, sh, she.
    """
    signs = [p for part in parts(text.replace("'", "")) for p in _signs(part)]
    found: set[str] = set()
    todo = [(0, "")]
    while todo:
        at, head = todo.pop()
        if at == len(signs) or len(head) == most:
            found.add(head)
        elif len(signs[at]) > 1:
            todo.append((at + 1, head + signs[at][0]))
        else:
            for end in range(at + 1, len(signs) + 1):
                if len(signs[end - 1]) > 1 or "".join(signs[at:end]) not in starts:
                    break
                todo.append((end, head + signs[at]))
    return found


def _signs(part: str) -> list[str]:
    """Return a whole syllable, longer than a letter, or letters."""
    if is_hanzi(part):
        return [f"{syllables(part)[0]} "]
    return list(part.replace(" ", ""))
