"""What was learned: model versions and the scales their chances are told on."""
