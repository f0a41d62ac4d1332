"""Batches of payouts in the sweep: killed at every step, and nobody paid twice."""
