"""Cloned voices for Python programs without a plugin.

    from voiceclone_provider.dynamic import coze

    narrator = coze.Voice("narrator", audio="voices/narrator.wav", language=coze.Language.CHINESE)
    pulumi.export("narratorVoiceId", narrator.voice_id)

There is a module for each vendor, with a class `Voice`. Names and arguments are those of the Python SDK that
Pulumi makes for the plugin (`pulumi_voiceclone`), so going over to it is a change of this import. Credentials
come from the stack's configuration (`pulumi config set --secret voiceclone:cozeToken …`) or the environment.
"""
