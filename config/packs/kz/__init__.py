"""Country pack of Kazakhstan: the YAML files beside this one."""
