"""Adapters: each class here fulfils one port of ``workflows`` with one AWS service."""
