"""Pages that bring the features together: front, catalog, event, desk."""
