"""A strict stand-in for TikTok's Events API on this machine, with faults on demand."""

from local.events_api.fault_plan import FaultPlan, FaultPlanInvalid, parse_plan
from local.events_api.settings import SimulatorSettings
from local.events_api.simulator import EventsApiSimulator

__all__ = ["EventsApiSimulator", "FaultPlan", "FaultPlanInvalid", "SimulatorSettings", "parse_plan"]
