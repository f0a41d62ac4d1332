"""Where M-Pesa's callbacks come from, as published [V2] (public client libraries agree)."""

#: Not promised anywhere to be complete: whoever runs Kauri confirms it with Safaricom.
PUBLISHED = (
    "196.201.214.200,196.201.214.206,196.201.214.207,196.201.214.208,"
    "196.201.213.114,196.201.213.44,"
    "196.201.212.127,196.201.212.128,196.201.212.129,196.201.212.132,196.201.212.136,"
    "196.201.212.138,196.201.212.69,196.201.212.74"
)
