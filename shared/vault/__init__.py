"""The vault: what tells who somebody is, sealed under keys of that subject, which can be destroyed."""
