"""How a name or a citizen number may be written, as regular expressions and as SQL.

Of ten million keys in hexadecimal thousands hold twelve digits in a row, and with millions of members some of these are
somebody's number. So what nobody typed is told from its form and origin, whatever column it stands in: a value that is a
whole SHA-256, UUID or instant, and the id of a submission that we received, at the beginning of a value. What follows such an id
is looked at, and so is any other run of digits, however it is glued to letters.
"""

from ingest.text.look_alikes import load_look_alikes

# one word alone is a word of the language before it is anybody's name
SHORTEST_NAME = 2
LONGEST_NAME = 8
CITIZEN_NUMBER_LENGTH = 12
# between the digits of a number anything may stand but letters and other digits
GAP = "[^\\pL\\pN]"
# a citizen number begins with the code of a province (001 to 096), century and sex (0 to 3), year of birth; zeros are none
PROVINCE = "0(?:0[1-9]|[1-9][0-9])"
# groups in which a number that is nobody's here is known all the same; days and amounts are grouped otherwise
GROUPED_CITIZEN_NUMBERS = "|".join(
    (
        f"{PROVINCE}G[0-3][0-9]{{2}}(?:G[0-9]{{3}}){{2}}",
        f"{PROVINCE}G[0-3]G[0-9]{{2}}G[0-9]{{6}}",
        f"{PROVINCE}[0-3](?:G[0-9]{{4}}){{2}}",
        f"{PROVINCE}[0-3][0-9]{{2}}G[0-9]{{6}}",
        "0(?:G[0-9]){2}G[0-3](?:G[0-9]){8}",
    )
).replace("G", f"{GAP}{{1,3}}")
# no digit stands before it: 050.000.000.000 at the end of 1.050.000.000.000 is half an amount
ANY_CITIZEN_NUMBER = f"(?:(?:^|[^0-9]){PROVINCE}[0-3][0-9]{{8}}|(?:^|(?:^|[^0-9])[^0-9])(?:{GROUPED_CITIZEN_NUMBERS}))(?:[^0-9]|$)"
# digits that belong together: a number may be written in groups
DIGITS = f"[0-9]+(?:{GAP}+[0-9]+)*"
# the identity cards before 2021 had nine digits; in groups they count in threes only, as an amount of money is also grouped
OLD_NUMBER_IN_GROUPS = f"[0-9]{{3}}{GAP}[0-9]{{3}}{GAP}[0-9]{{3}}"
MAY_HOLD_NUMBER = f"[0-9]{{9}}|(?:[0-9]{GAP}*){{11}}[0-9]|{OLD_NUMBER_IN_GROUPS}"
# what somebody typed for a number she did not know, and what a round amount reads as: 000000000000, 150000000
NO_NUMBER = "[0-9]{3}0{9}|[0-9]{3}0{6}"
MAY_HOLD_NAME = "[\\pL\\pM''’‘ʼ`][^\\pL\\pM\\pN]+[\\pL\\pM''’‘ʼ`]"
# SHA-256 in hexadecimal; an instant of ISO 8601; a UUID of RFC 9562, as phone forms give to what they send (Kobo and ODK write uuid: before it)
MADE_BY_MACHINE = (
    "[0-9a-f]{64}|(?i:(?:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"
    "|20[0-9]{2}-[01][0-9]-[0-3][0-9][ T][0-9:.]+(?:Z|[+-][0-9:]+)?"
)
SUBMISSION_ID_LENGTH = 16
NOTE_AFTER_NAME = "([ ][-–][ ]|[(,;/\\[\\n]).*$"
LOOK_ALIKES = load_look_alikes()
# the older and the newer way to place a tone mark are the same spelling
TONE_PLACES = dict(
    zip(
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        strict=True,
    )
)


def whole_number(number: str) -> str:
    """SQL for a citizen number with the zeros before it that a spreadsheet dropped; nine digits are an older number."""
    return f"case when len({number}) > 9 then lpad({number}, {CITIZEN_NUMBER_LENGTH}, '0') else {number} end"


def in_one_spelling(text: str) -> str:
    """SQL for the words of a text in one spelling, one space between them."""
    plain = LOOK_ALIKES.sql(f"{text}::varchar")
    folded = f"regexp_replace(lower(nfc_normalize({plain})), '[''’‘ʼ`]', '', 'g')"
    for older, newer in TONE_PLACES.items():
        folded = f"replace({folded}, '{older}', '{newer}')"
    return f"trim(regexp_replace({folded}, '[^\\pL\\pM\\pN]+', ' ', 'g'))"
