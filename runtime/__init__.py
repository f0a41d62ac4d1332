"""What both processes need: settings, connections, logging."""
