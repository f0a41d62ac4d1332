"""NCBA Bank: open banking, the collection till, notices of money."""
