"""`python -m voiceclone_provider catalogue`: a page of every voice, to listen to."""
