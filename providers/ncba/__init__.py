"""NCBA Bank Kenya: open banking, notices of money, the collection till."""
