{{ validate_rows("trainings") }}
