"""What happens by itself: schedules and jobs."""
