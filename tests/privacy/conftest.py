"""The stack of the pipeline tests, for tests that search it."""

from tests.pipeline.conftest import destination, emulator, local_stack, simulator

__all__ = ["destination", "emulator", "local_stack", "simulator"]
