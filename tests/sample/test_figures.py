"""What the corpus adds up to, and that its rows hang together."""

from collections import Counter
from datetime import date

from sample.corpus import Corpus
from sample.events.records import Activity, Award, Club, Form, MemberChange, Return, Support, Training
from sample.expectations import LOANS
from sample.figures import GOLDEN, allot
from sample.halfyears import HALF_YEARS, LAST, half_year_of
from sample.returns import final_returns
from sample.units import DISTRICT_KEY, UNITS


def _last_returns(corpus: Corpus) -> list[Return]:
    returns = [made for made, _ in corpus.return_paths if made.half_year == LAST]
    assert len(returns) == 9
    return returns


def _records(returns: list[Return], form: Form) -> list[object]:
    return [record for made in returns for record in made.good(form)]


def test_the_published_half_year() -> None:
    assert GOLDEN == {
        "new_clubs": 8,
        "new_club_members": 149,
        "vocational_classes": 4,
        "vocational_trainees": 118,
        "new_rural_works": 26,
        "support_in_difficulty_vnd": 98_450_000,
        "new_members": 382,
        "awards_collective": 2,
        "awards_individual": 2,
    }


def test_rows_add_up_to_the_published_half_year(corpus: Corpus) -> None:
    returns = _last_returns(corpus)
    clubs = [
        club for club in _records(returns, Form.CLUBS) if isinstance(club, Club) and club.status == "new"
    ]
    classes = [
        one
        for one in _records(returns, Form.TRAININGS)
        if isinstance(one, Training) and one.kind == "vocational"
    ]
    works = [
        one
        for one in _records(returns, Form.MOVEMENT_ACTIVITIES)
        if isinstance(one, Activity) and (one.programme, one.activity_type) == ("new_rural", "works")
    ]
    gifts = [
        one
        for one in _records(returns, Form.SUPPORT_FUNDS)
        if isinstance(one, Support)
        and one.beneficiary_group == "member_in_difficulty"
        and one.kind not in LOANS
    ]
    joined = [
        one
        for one in _records(returns, Form.MEMBER_CHANGES)
        if isinstance(one, MemberChange) and one.change_type == "joined"
    ]
    awards = Counter(one.recipient_kind for one in _records(returns, Form.AWARDS) if isinstance(one, Award))
    assert (len(clubs), sum(club.members for club in clubs)) == (8, 149)
    assert (len(classes), sum(one.trainees for one in classes)) == (4, 118)
    assert len(works) == 26
    assert sum(gift.amount_vnd for gift in gifts) == 98_450_000
    assert len(joined) == 382
    assert awards == {"collective": 2, "individual": 2}


def test_counting_returns_and_log_together_keeps_the_published_figures(corpus: Corpus) -> None:
    district = next(
        figures.values
        for figures in corpus.figures
        if (figures.unit_key, figures.half_year) == (DISTRICT_KEY, LAST)
    )
    assert {code: int(district[code]) for code in GOLDEN} == GOLDEN


def test_a_reader_that_forgets_a_rule_gets_another_figure(corpus: Corpus) -> None:
    returns = _last_returns(corpus)
    support = [one for one in _records(returns, Form.SUPPORT_FUNDS) if isinstance(one, Support)]
    assert any(one.kind in LOANS and one.beneficiary_group == "member_in_difficulty" for one in support)
    assert any(one.kind not in LOANS and one.beneficiary_group != "member_in_difficulty" for one in support)
    spoilt = [
        entry.record for made in returns for rows in made.entries.values() for entry in rows if entry.spoil
    ]
    assert any(isinstance(one, Support) and one.beneficiary_group == "member_in_difficulty" for one in spoilt)
    assert any(isinstance(one, MemberChange) and one.change_type == "joined" for one in spoilt)


def test_plastic_waste_awards_are_those_of_the_last_half_year_only(corpus: Corpus) -> None:
    periods = Counter(
        made.half_year.code
        for made, _ in corpus.return_paths
        for award in made.good(Form.AWARDS)
        if isinstance(award, Award) and award.programme == "plastic_waste"
    )
    assert periods == {"2023H1": 4}


def test_events_lie_inside_the_half_year_of_their_return(corpus: Corpus) -> None:
    checked = 0
    for made, _ in corpus.return_paths:
        for form, field_name in (
            (Form.MEMBER_CHANGES, "changed_on"),
            (Form.TRAININGS, "starts_on"),
            (Form.TRAININGS, "ends_on"),
            (Form.SUPPORT_FUNDS, "supported_on"),
            (Form.MOVEMENT_ACTIVITIES, "held_on"),
            (Form.AWARDS, "awarded_on"),
            (Form.PROTECTION_CASES, "reported_on"),
        ):
            for record in made.good(form):
                assert made.half_year.holds(getattr(record, field_name)), (made.unit.key, record)
                checked += 1
        for club in made.good(Form.CLUBS):
            assert isinstance(club, Club)
            assert made.half_year.holds(club.founded_on) == (club.status == "new"), club
            checked += 1
    assert checked > 8000


def test_half_years_end_on_the_decrees_days() -> None:
    assert half_year_of(date(2022, 12, 14)).code == "2022H2"
    assert half_year_of(date(2022, 12, 15)).code == "2023H1"
    assert half_year_of(date(2023, 6, 14)).code == "2023H1"
    assert half_year_of(date(2023, 6, 15)).code == "2023H2"
    assert all(
        half_year_of(day) == period for period in HALF_YEARS for day in (period.starts_on, period.ends_on)
    )


def test_membership_keeps_the_districts_size(corpus: Corpus) -> None:
    closing = {
        (figures.unit_key, figures.half_year): int(figures.values["members_closing"])
        for figures in corpus.figures
        if "members_closing" in figures.values
    }
    for (unit_key, _), members in closing.items():
        low, high = {DISTRICT_KEY: (12_000, 15_000), "U655_CA": (50, 75)}.get(unit_key, (900, 2_200))
        assert low <= members <= high, (unit_key, members)
    assert len({unit_key for unit_key, _ in closing}) == len(UNITS) + 1


def test_a_club_is_carried_on_until_it_is_dissolved(corpus: Corpus) -> None:
    for unit in UNITS:
        returns = [
            made for made in final_returns([made for made, _ in corpus.return_paths]) if made.unit == unit
        ]
        running: dict[str, date] = {}
        for made in returns:
            listed = {club.club_name: club for club in made.good(Form.CLUBS) if isinstance(club, Club)}
            assert running.keys() <= listed.keys()
            for name, founded_on in running.items():
                assert listed[name].founded_on == founded_on
                assert listed[name].status in ("operating", "dissolved")
            running = {name: club.founded_on for name, club in listed.items() if club.status != "dissolved"}


def test_the_epidemic_shows_as_a_dip(corpus: Corpus) -> None:
    cleanups = {
        figures.half_year.code: figures.values["cleanups"]
        for figures in corpus.figures
        if figures.unit_key == DISTRICT_KEY
    }
    assert max(cleanups["2020H1"], cleanups["2021H2"]) < min(cleanups["2019H2"], cleanups["2022H2"])


def test_shares_sum_to_what_is_shared() -> None:
    assert allot(10, [1.0, 1.0, 1.0]) == [4, 3, 3]
    assert sum(allot(382, [0.3, 7.0, 1.1, 2.0])) == 382
