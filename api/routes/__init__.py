"""One router per resource; each route parses, makes one call and answers."""
