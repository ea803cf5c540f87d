"""What of a layer has to be built: all of it, or only what is stale.

What has been received since, and another instant, concern every model of a layer: each looks itself which of its rows they
change. It concerns none that is *fixed*: what is made of code and reference data alone, views, and tests of such. Changed
code, reference data and contracts concern the nodes whose digest is another one (``build.digests``); these are built from
nothing. Pure: what is asked of the database comes from ``build.transform``, and dbt is asked in ``build.commands``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from build.layers import Layer
from build.nodes import Node


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """What one run has to do for a layer.

    Attributes:
        layer: which.
        nodes: what is built or tested, and does not stand until it is.
        stale: those of them whose digest is another than when they were built; their tables are made from nothing.
        standing: models that are left as they are, where otherwise all of the layer are built; None where only stale ones are.
        is_full: every model or seed of the layer is stale.
    """

    layer: Layer
    nodes: tuple[Node, ...]
    stale: tuple[Node, ...]
    standing: tuple[Node, ...] | None
    is_full: bool

    @property
    def selected(self) -> tuple[str, ...]:
        """The models and seeds that dbt is asked to build, as it selects: those of a folder, or each by its file."""
        made = [node for node in self.nodes if node.kind != "test"]
        if made and self.standing is not None:
            return (f"path:models/{self.layer},resource_type:model",)
        return tuple(f"path:{node.file}" for node in made)

    @property
    def excluded(self) -> tuple[str, ...]:
        """The models among the selected ones that it is asked to leave alone: by name, for which dbt looks fastest.

        What else may have that name (a metric, an exposure) is not built anyway.
        """
        return tuple(f"fqn:{node.name}" for node in self.standing or ())

    @property
    def tests(self) -> tuple[Node, ...]:
        """The data tests that are to pass."""
        return tuple(node for node in self.nodes if node.kind == "test")

    def tests_for_dbt(self, kept: Collection[str]) -> tuple[str, ...]:
        """The names of tests that dbt is asked to put, with the build.

        Args:
            kept: unique ids of tests that are put to the database without dbt.
        """
        return tuple(node.name for node in self.tests if node.unique_id not in kept)

    def is_for_dbt(self, kept: Collection[str]) -> bool:
        """Tell whether dbt has anything to build; a changed test alone is put to all rows, not with a build."""
        return bool(self.selected or (self.standing is not None and self.tests_for_dbt(kept)))

    @property
    def made_from_nothing(self) -> tuple[str, ...]:
        """The names of stale tables; validated rows of staging know themselves what they were validated by."""
        tables = [node.name for node in self.stale if node.kind != "test"]
        return () if self.layer == "staging" else tuple(tables)

    def left_to_test(self, passed: Collection[str]) -> tuple[str, ...]:
        """The names of tests that a build has left out, and of changed ones that it has not put to all rows.

        Args:
            passed: unique ids of what the build has built and tested.
        """
        stale = {node.unique_id for node in self.stale}
        return tuple(
            node.name
            for node in self.nodes
            if node.kind == "test"
            and (
                node.unique_id not in passed
                or (
                    node.unique_id in stale and node.narrowed_by is not None and node.narrowed_by not in stale
                )
            )
        )


def plan_layer(
    layer: Layer, nodes: Collection[Node], digests_built: Mapping[str, str], *, is_source_the_same: bool
) -> LayerPlan:
    """Decide what of a layer has to be built.

    Args:
        layer: which.
        nodes: of the project, all layers.
        digests_built: of the nodes that stand, by unique id.
        is_source_the_same: the layer was built to its end from what it would be built from now.
    """
    of_layer = tuple(node for node in nodes if node.layer == layer)
    stale = tuple(node for node in of_layer if digests_built.get(node.unique_id) != node.digest)
    made = [node for node in of_layer if node.kind != "test"]
    # seeds hold nothing but this code; whoever asks for a layer that stands gets it built once more
    is_whole = layer != "seed" and not (is_source_the_same and stale)
    left_alone = [node for node in of_layer if node.is_fixed and node not in stale]
    return LayerPlan(
        layer=layer,
        nodes=tuple(node for node in of_layer if node not in left_alone) if is_whole else stale,
        stale=stale,
        standing=tuple(node for node in left_alone if node.kind != "test") if is_whole else None,
        is_full=bool(made) and all(node in stale for node in made),
    )
