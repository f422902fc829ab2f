"""The decision tool: fourteen questions that start a conversation."""
