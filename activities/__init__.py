"""What is done. One class per capability; dependencies by constructor."""
