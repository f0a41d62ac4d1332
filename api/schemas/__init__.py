"""Wire shapes of the HTTP interface, one module per resource."""
