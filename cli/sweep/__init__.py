"""`kauri sweep`: kill everything at every moment, spoil every answer, and audit what is left."""
