"""The shared vocabulary: service areas, forms of arrangement, topics, sizes."""
