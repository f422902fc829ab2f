"""Which case studies suit a person, and why."""
