"""What people type: kauri up, demo, sweep, decode and the rest."""
