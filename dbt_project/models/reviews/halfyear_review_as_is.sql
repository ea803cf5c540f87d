{{ review_half_years("indicator_values_as_is", "indicator_targets_as_is") }}
