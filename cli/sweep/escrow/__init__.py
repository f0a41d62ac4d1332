"""Escrows, swept: paid, released in parts or by the timer, disputed, refunded."""
