"""Characters with several readings are read as people say them."""

import pytest
from pypinyin import lazy_pinyin

from kiosk.catalog.pinyin import HANZI, pattern, reading, spelled, syllables
from kiosk.catalog.queries import all_services, categories
from tests.cast import Cast
from tests.databases import on_sqlite

# What stands before and after the character, itself between them, and how it is read there.
READ = {
    "长": {
        "chang": "长三角 长宁 长护 长期 延长 时长 市长宁",
        "zhang": "会长 区长 成长 楼长 河长 组长 长者",
    },
    "还": {"huan": "偿还 冲还贷 还款 还清 返还 借还 不还 还贷 提前还 公积金还房贷"},
    "重": {
        "chong": "重复 重新 重温 重办 重名 重置 双重",
        "zhong": "重病 重残 重点 重大 严重 体重 重度 重要",
    },
    "行": {"hang": "银行 行业 转行 闵行", "xing": "出行 行政 旅行 自行车 行驶 限行 通行 发行 行为"},
    "转": {"zhuan": "转入 转出 转移 转正 流转 转让 转诊 转户 转接"},
    "调": {
        "tiao": "调整 调解 空调 协调 调休 月调公积金",
        "diao": "产调 外调 函调 调查 调病历",
    },
    "差": {"chai": "出差 差旅", "cha": "好差评 差评"},
    "参": {"can": "参保 参加 参军 参观 人参加"},
    "卡": {"ka": "社保卡 发卡 办卡 卡号"},
    "会": {"kuai": "会计", "hui": "工会 会议 协会"},
    "血": {"xue": "献血 流血 血压 高血压"},
    "乐": {"yue": "音乐 声乐 乐队", "le": "娱乐"},
    "发": {"fa": "发票 理发 签发"},
    "给": {"ji": "给付", "gei": "交给 转给"},
    "便": {"pian": "便宜", "bian": "便民 便利"},
    "闵": {"min": "闵行"},
    "更": {"geng": "变更 更正 更换 更新"},
    "解": {"jie": "调解 解除 解押"},
    "传": {"chuan": "宣传 传染 遗传"},
    "着": {"zhuo": "无着"},
    "降": {"jiang": "降低 降级"},
}


@pytest.mark.parametrize(
    ("character", "sound", "word"),
    [
        (character, sound, word)
        for character, sounds in READ.items()
        for sound, words in sounds.items()
        for word in words.split()
    ],
)
def test_character_is_read_right_in_a_word(character: str, sound: str, word: str) -> None:
    assert syllables(word)[word.index(character)] == sound


# Every reading that the catalog's own names must have, whole.
NAMES = {
    "长期护理保险待遇申请": "chang qi hu li bao xian dai yu shen qing",
    "公积金还款计算": "gong ji jin huan kuan ji suan",
    "公积金贷款提前还款": "gong ji jin dai kuan ti qian huan kuan",
    "委托提取公积金冲还贷": "wei tuo ti qu gong ji jin chong huan dai",
    "新生儿重名查询": "xin sheng er chong ming cha xun",
    "社会保障卡密码修改与重置": "she hui bao zhang ka mi ma xiu gai yu chong zhi",
    "单用途预付卡发卡企业备案": "dan yong tu yu fu ka fa ka qi ye bei an",
    "银行与金融便民服务日": "yin hang yu jin rong bian min fu wu ri",
    "参加城镇职工基本养老保险缴费情况查询打印": (
        "can jia cheng zhen zhi gong ji ben yang lao bao xian jiao fei qing kuang cha xun da yin"
    ),
}


@pytest.mark.parametrize(("name", "sounds"), NAMES.items())
def test_name_is_read_right(name: str, sounds: str) -> None:
    assert reading(name) == f" {sounds} "


@on_sqlite
def test_every_sign_of_the_catalog_has_a_reading(cast: Cast) -> None:
    names = [service.name_zh for service in all_services()]
    names += [category.name_zh for category in categories()]
    unread = [name for name in names if any(not sound for sound in syllables(name.casefold()))]
    assert unread == []


@on_sqlite
def test_names_are_read_as_the_library_says(cast: Cast) -> None:
    names = [run for service in all_services() for run in HANZI.findall(service.name_zh)]
    assert [syllables(name) for name in names] == [
        tuple(lazy_pinyin(name, v_to_u=False)) for name in names
    ]


@on_sqlite
def test_readings_never_said_do_not_stand_in_the_catalog(cast: Cast) -> None:
    """Sounds that a character has in other words, and in none of ours."""
    never = {"还": "hai", "卡": "qia", "参": "shen", "血": "xie", "率": "shuai", "更": "jing"}
    wrong = [
        (word, sound)
        for service in all_services()
        for word in (service.name_zh, service.category.name_zh, *service.keywords)
        for sign, sound in zip(word, syllables(word.casefold()), strict=False)
        if never.get(sign) == sound
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("sbk", "社保卡"),
        ("shebaok", "社保卡"),
        ("社保ka", "社保卡"),
        ("she bao", "社保卡"),
        ("社宝卡", "社保卡"),
        ("lvshi", "律师"),
        ("lushi", "律师"),
        ("bzheng", "b证"),
    ],
)
def test_pattern_fits(typed: str, word: str) -> None:
    wanted = pattern(typed)
    assert wanted is not None
    assert wanted.search(reading(word))


@pytest.mark.parametrize(("typed", "word"), [("sk", "社保卡"), ("shbk", "社保卡"), ("bk", "社卡")])
def test_pattern_skips_no_syllable(typed: str, word: str) -> None:
    wanted = pattern(typed)
    assert wanted is not None
    assert (wanted.search(reading(word)) is None) == (typed != "shbk")


def test_letters_are_split_into_known_syllables() -> None:
    known = frozenset(["she", "bao", "ka", "diu", "le", "zen", "me", "ban", "xi", "an", "xian"])
    assert spelled("shebaokadiulezenmeban", known) == ("she", "bao", "ka", "diu", "le")
    assert spelled("xian", known) == ("xian",)
    assert spelled("umbrella", known) == ()
