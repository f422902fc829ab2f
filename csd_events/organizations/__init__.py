"""Jurisdictions and memberships: who is a member on a day, and why."""
