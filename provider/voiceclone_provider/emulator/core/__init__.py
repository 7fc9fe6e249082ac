"""What all vendors share: the world (voices, trainings, limits), the state file, switches, faults, samples,
sound, and what a request and an answer are. Imports nothing else of the emulator, and knows no vendor.
"""
