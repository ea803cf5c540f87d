"""What happens in the made-up district: members, clubs, trainings and help, activities, as records of a half-year."""
