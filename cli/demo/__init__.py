"""`kauri demo`: real checkouts through the real stack, with every trouble a provider can make."""
