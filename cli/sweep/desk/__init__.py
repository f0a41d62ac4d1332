"""What lies on people's desks, swept: cases they decide, money of nobody, messages to them."""
