"""Text messages: AirTouch (known as Damza) and Africa's Talking."""
