"""Settings -> Engine: the only place that names real parts."""

from tactful.bootstrap.engine import Engine
from tactful.bootstrap.where import SETTINGS_FILE, Place, place, read_settings, rules_of, setting_rows

__all__ = ["SETTINGS_FILE", "Engine", "Place", "place", "read_settings", "rules_of", "setting_rows"]
