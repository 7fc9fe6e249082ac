using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var actor = new Voiceclone.Kling.Voice("actor", new()
    {
        Name = "actor",
        VideoId = "840134426335252561",
        CallbackUrl = "https://hooks.example.com/voices",
    });

    return new Dictionary<string, object?>
    {
        ["actorVoiceId"] = actor.VoiceId,
    };
});
