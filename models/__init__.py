"""What things are. Pure: standard library and pydantic only."""
