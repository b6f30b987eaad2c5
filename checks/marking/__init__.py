"""Marking: from findings to proposed marks, by the general rules and each indicator's way of summing up."""
