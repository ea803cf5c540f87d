"""What of a layer is built, decided from digests alone."""

from build.nodes import Node
from build.staleness import LayerPlan, plan_layer

NODES = (
    Node("seed.p.units", "units", "seeds/units.csv", "seed", "seed", "s1", ("reference", "units")),
    Node("model.p.facts", "facts", "models/core/facts.sql", "model", "core", "f1", ("core", "facts")),
    Node("model.p.people", "people", "models/core/people.sql", "model", "core", "p1", ("core", "people")),
    Node("test.p.of_facts", "of_facts", "models/core/tests.yml", "test", "core", "t1"),
    Node(
        "test.p.of_people",
        "of_people",
        "models/core/tests.yml",
        "test",
        "core",
        "t2",
        narrowed_by="model.p.people",
    ),
    Node(
        "model.p.review",
        "review",
        "models/reviews/review.sql",
        "model",
        "reviews",
        "r1",
        ("reviews", "review"),
    ),
)
STANDING = {node.unique_id: node.digest for node in NODES}


def core(*changed: str, is_source_the_same: bool = True) -> LayerPlan:
    built = {**STANDING, **dict.fromkeys(changed, "another")}
    return plan_layer("core", NODES, built, is_source_the_same=is_source_the_same)


def test_where_only_code_has_changed_only_stale_nodes_are_built() -> None:
    plan = core("model.p.facts")
    assert plan.selected == ("path:models/core/facts.sql",)
    assert plan.made_from_nothing == ("facts",)
    assert [node.name for node in plan.nodes] == ["facts"]
    assert (plan.standing, plan.is_full) == (None, False)


def test_what_was_received_since_concerns_every_model_and_makes_none_from_nothing() -> None:
    plan = core(is_source_the_same=False)
    assert plan.selected == ("path:models/core,resource_type:model",)
    assert plan.made_from_nothing == ()
    assert len(plan.nodes) == 4


def test_both_at_once_build_all_and_make_from_nothing_what_is_stale() -> None:
    plan = core("model.p.people", is_source_the_same=False)
    assert plan.selected == ("path:models/core,resource_type:model",)
    assert plan.made_from_nothing == ("people",)
    assert not plan.is_full


def test_what_was_never_built_is_made_from_nothing() -> None:
    plan = plan_layer("core", NODES, {}, is_source_the_same=False)
    assert plan.made_from_nothing == ("facts", "people")
    assert plan.is_full


def test_validated_rows_are_kept_whatever_changed() -> None:
    rows = Node(
        "model.p.rows", "rows", "models/staging/rows.sql", "model", "staging", "v1", ("staging", "rows")
    )
    plan = plan_layer("staging", (rows,), {}, is_source_the_same=False)
    assert (plan.selected, plan.made_from_nothing) == (("path:models/staging,resource_type:model",), ())


def test_a_layer_that_stands_is_built_once_more_when_asked_for_and_seeds_are_not() -> None:
    assert core().selected == ("path:models/core,resource_type:model",)
    assert plan_layer("seed", NODES, STANDING, is_source_the_same=False).nodes == ()
    assert plan_layer("seed", NODES, {}, is_source_the_same=True).selected == ("path:seeds/units.csv",)


def test_a_changed_test_is_put_to_all_rows() -> None:
    """A build puts tests of a model in parts only to the parts that it has built."""
    plan = core("test.p.of_facts", "test.p.of_people", is_source_the_same=False)
    everything = {node.unique_id for node in NODES}
    assert plan.left_to_test(everything) == ("of_people",)
    assert plan.left_to_test(everything - {"test.p.of_facts"}) == ("of_facts", "of_people")
    assert core("test.p.of_people").selected == ()
    with_its_model = core("model.p.people", "test.p.of_people", is_source_the_same=False)
    assert with_its_model.left_to_test(everything) == ()


def test_tests_are_asked_for_by_name_unless_they_are_put_without_dbt() -> None:
    """dbt would leave one out that also reads a table from which nothing in the folder is made."""
    plan = core(is_source_the_same=False)
    assert plan.tests_for_dbt(()) == ("of_facts", "of_people")
    assert plan.tests_for_dbt({"test.p.of_facts"}) == ("of_people",)
    assert plan.left_to_test({"model.p.facts", "test.p.of_facts"}) == ("of_people",)


CODES = Node(
    "model.p.codes", "codes", "models/core/codes.sql", "model", "core", "c1", ("core", "codes"), is_fixed=True
)
OF_CODES = Node("test.p.of_codes", "of_codes", "models/core/tests.yml", "test", "core", "t4", is_fixed=True)
WITH_FIXED = (*NODES, CODES, OF_CODES)
ALL_STAND = {node.unique_id: node.digest for node in WITH_FIXED}


def test_what_is_fixed_is_left_alone_whatever_was_received() -> None:
    plan = plan_layer("core", WITH_FIXED, ALL_STAND, is_source_the_same=False)
    assert {node.name for node in plan.nodes} == {"facts", "people", "of_facts", "of_people"}
    assert plan.selected == ("path:models/core,resource_type:model",)
    assert plan.excluded == ("fqn:codes",)


def test_what_is_fixed_is_built_when_it_never_was_or_was_cut_off_or_changed() -> None:
    for digest in (None, "another"):
        built = {**ALL_STAND, CODES.unique_id: digest} if digest else STANDING
        for is_source_the_same in (True, False):
            plan = plan_layer("core", WITH_FIXED, built, is_source_the_same=is_source_the_same)
            assert CODES in plan.nodes
            assert plan.excluded == ()
            assert "codes" in plan.made_from_nothing


def test_where_all_is_fixed_dbt_is_asked_for_nothing() -> None:
    plan = plan_layer("core", (CODES, OF_CODES), ALL_STAND, is_source_the_same=False)
    assert plan.nodes == ()
    assert not plan.is_for_dbt(())
    assert core(is_source_the_same=False).is_for_dbt(())
