"""Adapters: each class here fulfils one port of workflows/ports.py with one AWS service."""
