"""`drift`: what others did to a team's voices, found on a schedule, and healed where that was asked for.

finding   what can be found, and what a run's exit code is
events    the steps that the engine's events tell of, of a refresh or a preview
voices    what a voice's properties in an event mean, by the lifecycle's own rules
detect    looks at stacks and accounts for findings
missing   what a program declares and its stack does not have
plan      what healing a stack would do, and why it is refused
heal      carries the plan out
report    a run as a table, Markdown, JSON, JUnit and Prometheus
command   the command line
"""
