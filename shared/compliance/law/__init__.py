"""The law on file, a file per jurisdiction. A new state is a new file here; a change of the law is a new row in its file."""

from shared.compliance.law import federal, platform, texas
from shared.compliance.rule import Rule

RULES: tuple[Rule, ...] = (*federal.RULES, *texas.RULES, *platform.RULES)
