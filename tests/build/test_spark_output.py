"""What is told of a Spark that failed: words, and no frames of Java's stack."""

from build.spark.submitting import without_frames


def test_what_a_failed_spark_says_has_no_frames_of_its_stack() -> None:
    said = (
        "Running with dbt=1.11.16\n"
        "java.net.BindException: Cannot assign requested address\n"
        "\tat java.base/sun.nio.ch.Net.bind0(Native Method)\n"
        "    at org.apache.spark.SparkContext.<init>(SparkContext.scala:497)\n"
        "Caused by: java.io.IOException: no space\n"
        "\t... 12 more\n"
        "at the end\n"
    )
    assert without_frames(said).splitlines() == [
        "Running with dbt=1.11.16",
        "java.net.BindException: Cannot assign requested address",
        "Caused by: java.io.IOException: no space",
        "at the end",
    ]
