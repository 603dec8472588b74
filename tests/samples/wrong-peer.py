"""Another program, which answers something else."""

import stages

HANDLED = 'another program answers'


def stage():
    return stages.tcp(stages.after_line(b"SSH-2.0-OpenSSH\r\n"))
