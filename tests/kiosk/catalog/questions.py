"""What visitors ask, and which service they mean: the first one, or one of the first three."""

# Each line: what was typed, then the codes that may stand first.
QUESTIONS = """
# Names and parts of them
社会保障卡首次申领 SB-0301
居住证签注 JZ-0202
居住登记 JZ-0101
律师 FL-0101
复印 BM-0101
工伤认定 SB-0401
失业金 SB-0501
生育津贴 YB-0305
二手房过户 ZF-0102
无房证明 ZF-0109
会议室 BM-0111
公租房 ZF-0203
SB-0303 SB-0303
b证续签 JZ-0215
# Everyday questions
社保卡丢了怎么办 SB-0303
怎么办居住证 JZ-0201
身份证丢了去哪补 HJ-0203
我的身份证过期了 HJ-0202
小孩上户口要什么材料 HJ-0101
新生儿报户口怎么办理 HJ-0101
被裁员可以领钱吗 SB-0501
上班受伤了怎么办 SB-0401
手机没电了 BM-0104
下雨没带伞 BM-0103
哪里可以打印 BM-0101
在哪里交水费 BM-0219
房东押金不退怎么办 FL-0103
被骗了怎么办 FL-0110
怎么查公积金余额 GJJ-0301
租房提公积金 GJJ-0201
离职了公积金怎么取 GJJ-0207
公积金能贷多少 GJJ-0302
我想落户上海 JZ-0302
居住证快到期了 JZ-0202
换工作公积金怎么转 GJJ-0105
外地社保转到上海 SB-0108
离婚财产怎么分 FL-0104
欠钱不还怎么办 FL-0107
毕业生怎么转党组织关系 DJ-0105
退休党员转社区 DJ-0107
介绍信丢了 DJ-0111
社保断缴怎么补 SB-0206
公司怎么开社保账户 SB-0201
# Full pinyin
gongjijintiqu GJJ-0201 GJJ-0202 GJJ-0203
gong ji jin dai kuan GJJ-0307
juzhuzheng JZ-0201
ju zhu zheng JZ-0201
shebaoka SB-0301
shi ye jin SB-0501
dayin BM-0101
luohu JZ-0301
shenfenzheng HJ-0201
lvshizixun FL-0101
lushizixun FL-0101
changhuxian YB-0401
shebaokadiule SB-0303
shebaokadiulezenmeban SB-0303
tiqianhuandai GJJ-0309
huankuanfangshi GJJ-0310
jisuanqi JZ-0212
# Initials
sbk SB-0301
gjj GJJ-0101 GJJ-0102 GJJ-0103 GJJ-0107 GJJ-0108 GJJ-0301
jzz JZ-0201
sfz HJ-0201
syj SB-0501
gjjdk GJJ-0307
wfzm ZF-0109
chx YB-0401
lszx FL-0101
# Letters that go on: mixed
社保ka SB-0301
shebaok SB-0301
sb卡 SB-0301
juzhuz JZ-0201
居zhu证 JZ-0201
gjjdaikuan GJJ-0307
身份z HJ-0201
公积金dk GJJ-0307
# Wrong characters of the same sound
居住正 JZ-0201
社宝卡 SB-0301
公基金贷款 GJJ-0307
失业今 SB-0501
身分证 HJ-0201
律师资询 FL-0101
落沪 JZ-0301
医保电子凭正 YB-0113
工商认定 SB-0401
juzuzen JZ-0201
# English
residence permits JZ-0201 CR-0206 JZ-0207
residence permit first application JZ-0201
lost social security card SB-0303 SB-0304
how do I get a social security card SB-0301
printing BM-0101
print and copy BM-0101
umbrella BM-0103
lost identity cards HJ-0203 HJ-0206
housing fund loans GJJ-0307
unemployment benefits SB-0501
lawyer FL-0101
birth registration HJ-0101
pension transfers SB-0107 SB-0108 SB-0109
meeting rooms BM-0111
# Slips of the finger
shebaoak SB-0301
juzhuzhng JZ-0201
gongjijindaikan GJJ-0307
residense permit JZ-0201 CR-0206 JZ-0207
umbrela BM-0103
unemploymnet benefit SB-0501
居证住 JZ-0201
社保卡丢 SB-0303
"""
