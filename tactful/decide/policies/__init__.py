"""What chooses among allowed candidates."""
