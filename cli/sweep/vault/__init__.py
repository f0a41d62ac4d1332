"""What lenders do, swept: top-ups, loans, float."""
