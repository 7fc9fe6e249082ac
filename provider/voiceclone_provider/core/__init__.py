"""What everything else stands on, and what knows neither vendors nor Pulumi: property values, errors, time,
files, HTTP, audio, redaction. Imports nothing else of this package.
"""
