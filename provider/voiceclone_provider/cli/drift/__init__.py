"""`drift`: what others did to a team's voices, found on a schedule, and healed where that was asked for.

finding   what can be found, and what a run's exit code is
events    what the engine's events say of a refresh and of a plan
voices    what a voice's properties in an event mean, by the lifecycle's own rules
detect    a stack, or an account, to findings
missing   what a program declares and its stack does not have
plan      what healing a stack would do, and why it is refused
heal      does it
git       whether the program is the one that is meant
report    a run as a table, Markdown, JSON, JUnit and Prometheus
command   the command line
"""
