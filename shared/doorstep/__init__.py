"""The check of the recipient at the door: how strong its evidence is, when it may be done by hand, what stands out, and who
has the goods."""
