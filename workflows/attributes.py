"""The search attributes of every saga: opaque keywords only, set at the start and the end."""

from temporalio.common import SearchAttributeKey

STATUS = SearchAttributeKey.for_keyword("KauriStatus")
PROVIDER = SearchAttributeKey.for_keyword("KauriProvider")
ORG = SearchAttributeKey.for_keyword("KauriOrg")
MODE = SearchAttributeKey.for_keyword("KauriMode")
