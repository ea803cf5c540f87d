"""What of a layer has to be built: all of it, or only what is stale.

What has been received since, and another instant, concern every model of a layer: each looks itself which of its rows they
change. Changed code, reference data and contracts concern the nodes whose digest is another one (``build.digests``); these
are built from nothing. Pure: what is asked of the database comes from ``build.transform``, and dbt is asked in ``build.commands``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from build.digests import Node
from build.layers import Layer


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """What one run has to do for a layer.

    Attributes:
        layer: which.
        nodes: what is built or tested, and does not stand until it is.
        stale: those of them whose digest is another than when they were built; their tables are made from nothing.
        is_whole: every model of the layer is built, not only stale ones.
        is_full: every model or seed of the layer is stale.
    """

    layer: Layer
    nodes: tuple[Node, ...]
    stale: tuple[Node, ...]
    is_whole: bool
    is_full: bool

    @property
    def selected(self) -> tuple[str, ...]:
        """What dbt is asked to build, as it selects: a folder, or models and seeds by file; their tests come with them.

        A test that has a file of its own is asked for beside the folder: dbt would leave one out that also reads a table
        from which nothing in the folder is made.
        """
        if self.is_whole:
            alone = [
                f"path:{node.file}"
                for node in self.nodes
                if node.kind == "test" and node.file.endswith(".sql")
            ]
            return (f"path:models/{self.layer}", *alone)
        return tuple(f"path:{node.file}" for node in self.stale if node.kind != "test")

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
    # seeds hold nothing but this code; whoever asks for a layer that stands gets it built once more
    is_whole = layer != "seed" and not (is_source_the_same and stale)
    made = [node for node in of_layer if node.kind != "test"]
    return LayerPlan(
        layer=layer,
        nodes=of_layer if is_whole else stale,
        stale=stale,
        is_whole=is_whole,
        is_full=bool(made) and all(node in stale for node in made),
    )
