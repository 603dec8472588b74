"""The resolver refuses such a name before it asks anybody."""

import stages

HANDLED = "no such name: 'server satu'"


def stage():
    return stages.nothing()
