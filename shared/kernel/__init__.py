"""The words everyone uses: ids, money, clock, errors, positions. Imports nothing else of ours."""
