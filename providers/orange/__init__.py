"""Orange Money: the hosted page of Web Payment, and the messages of Cameroon's core API."""
