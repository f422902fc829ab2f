"""Invoices: numbered, frozen, credited by another, and what was paid of them."""
