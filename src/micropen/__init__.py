"""micropen: what a microneedling treatment will do to a face, day by day."""
