"""A name server that answers SERVFAIL."""

import stages

HANDLED = "the name server fails: ask another one"
SERVFAIL = 2


def stage():
    return stages.name_server(stages.refusing(SERVFAIL))
