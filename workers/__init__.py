"""What runs: task queues, wiring and the relay."""
