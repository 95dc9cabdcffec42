"""What came of it: outcomes, rewards and how well beliefs ranked what happened."""
