"""For users' own tests: simulated time, generated people, protocol fakes of channels."""
