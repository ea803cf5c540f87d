"""Contracts: what they declare, what is refused, what is generated from them."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from ingest.contracts.forms import Contracts, FormContract, load_contracts
from ingest.home import FORMS, VOCABULARY
from ingest.text.folding import fold
from ingest.upkeep.generated import render_outputs, stale_outputs

NINE_FORMS = {
    "member_changes",
    "clubs",
    "trainings",
    "support_funds",
    "movement_activities",
    "awards",
    "protection_cases",
    "targets",
    "opening_balances",
}


def test_nine_forms_and_the_log_are_declared():
    assert {form.name for form in load_contracts().forms} == NINE_FORMS | {"activity_log"}


def test_no_form_has_two_money_columns_because_a_sheet_has_one_unit_of_measure():
    assert all(sum(field.is_money for field in form.fields) <= 1 for form in load_contracts().forms)


def test_every_personal_field_of_the_domain_is_classed():
    classes = {
        (form.name, field.name): field.personal for form in load_contracts().forms for field in form.fields
    }
    assert classes["member_changes", "full_name"] == "personal"
    assert classes["member_changes", "citizen_id"] == "personal"
    assert classes["member_changes", "birth"] == "personal"
    assert classes["member_changes", "ethnic_group"] == "sensitive"
    assert classes["member_changes", "religion"] == "sensitive"
    assert classes["protection_cases", "case_type"] == "sensitive"
    assert classes["awards", "recipient"] == "personal"


def test_generated_files_are_up_to_date():
    assert len(render_outputs(load_contracts())) == 4
    assert stale_outputs(load_contracts()) == []


def test_a_changed_contract_makes_what_is_generated_stale(tmp_path: Path):
    for path in FORMS.glob("*.yml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    clubs = yaml.safe_load((tmp_path / "clubs.yml").read_text(encoding="utf-8"))
    clubs["fields"].append(
        {"name": "leader", "title": "Chủ nhiệm", "description": "x", "type": "string", "headers": ["CN"]}
    )
    (tmp_path / "clubs.yml").write_text(yaml.safe_dump(clubs), encoding="utf-8")
    assert len(stale_outputs(load_contracts(tmp_path))) == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"event_date": "nowhere"}, "is not a field"),
        ({"colour": "red"}, "Extra inputs"),
        ({"fields": []}, "at least 1"),
    ],
)
def test_a_contract_that_breaks_the_schema_is_refused(change: dict[str, object], message: str):
    clubs = yaml.safe_load((FORMS / "clubs.yml").read_text(encoding="utf-8"))
    with pytest.raises(ValidationError, match=message):
        FormContract.model_validate(clubs | change)


def test_a_list_of_choices_in_which_one_spelling_means_two_things_is_refused():
    choices = yaml.safe_load((VOCABULARY / "choices.yml").read_text(encoding="utf-8"))
    choices["club_kind"]["model"]["aliases"].append("c l b")
    with pytest.raises(ValidationError, match="could mean"):
        Contracts.model_validate({"forms": [], "choice_lists": choices})


@pytest.mark.parametrize("large_for", [{"kind": ["loan"]}, {"sort": ["gift"]}, {"source": ["gift"]}])
def test_amounts_are_larger_only_for_what_a_list_of_the_form_holds(large_for: dict[str, list[str]]):
    contracts = load_contracts().model_dump(by_alias=True)
    (funds,) = (form for form in contracts["forms"] if form["name"] == "support_funds")
    (amount,) = (field for field in funds["fields"] if field["name"] == "amount_vnd")
    amount["large_for"] = {"kind": ["gift"]}
    Contracts.model_validate(contracts)
    amount["large_for"] = large_for
    with pytest.raises(ValidationError, match="cannot be all of"):
        Contracts.model_validate(contracts)


@pytest.mark.parametrize(
    ("choice_list", "typed", "code"),
    [
        ("beneficiary_group", "HV có hoàn cảnh khó khăn", "member_in_difficulty"),
        ("beneficiary_group", "HS nghèo vượt khó", "student"),
        ("support_kind", "Nhà tình thương", "housing"),
        ("change_type", "PT mới", "joined"),
        ("victim_group", "trẻ em gái", "child"),
    ],
)
def test_what_branches_write_for_a_choice_is_on_its_list(choice_list: str, typed: str, code: str):
    spellings = {
        fold(spelling): name
        for name, choice in load_contracts().choice_lists[choice_list].items()
        for spelling in (choice.label, *choice.aliases)
    }
    assert spellings[fold(typed)] == code
