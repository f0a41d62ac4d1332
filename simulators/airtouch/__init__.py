"""AirTouch Kenya, sold as Damza."""
