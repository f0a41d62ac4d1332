"""The payer's page: what somebody who pays sees, in any browser and in three languages."""
