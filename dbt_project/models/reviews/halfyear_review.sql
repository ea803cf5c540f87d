{{ review_half_years("indicator_values", "indicator_targets") }}
