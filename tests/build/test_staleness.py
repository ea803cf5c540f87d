"""What of a layer is built, decided from digests alone."""

from build.digests import Node
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
    assert (plan.is_whole, plan.is_full) == (False, False)


def test_what_was_received_since_concerns_every_model_and_makes_none_from_nothing() -> None:
    plan = core(is_source_the_same=False)
    assert plan.selected == ("path:models/core",)
    assert plan.made_from_nothing == ()
    assert len(plan.nodes) == 4


def test_both_at_once_build_all_and_make_from_nothing_what_is_stale() -> None:
    plan = core("model.p.people", is_source_the_same=False)
    assert plan.selected == ("path:models/core",)
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
    assert (plan.selected, plan.made_from_nothing) == (("path:models/staging",), ())


def test_a_layer_that_stands_is_built_once_more_when_asked_for_and_seeds_are_not() -> None:
    assert core().selected == ("path:models/core",)
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


def test_a_test_in_a_file_of_its_own_is_asked_for() -> None:
    """dbt leaves one out that also reads a table from which nothing in the folder is made."""
    alone = Node("test.p.sums", "sums", "tests/sums.sql", "test", "core", "t3")
    plan = plan_layer("core", (*NODES, alone), {**STANDING, alone.unique_id: "t3"}, is_source_the_same=False)
    assert plan.selected == ("path:models/core", "path:tests/sums.sql")
    assert plan.left_to_test({node.unique_id for node in NODES}) == ("sums",)
