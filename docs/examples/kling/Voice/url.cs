using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var announcer = new Voiceclone.Kling.Voice("announcer", new()
    {
        Name = "announcer",
        AudioUrl = "https://samples.example.com/announcer.mp3",
    });

    return new Dictionary<string, object?>
    {
        ["announcerVoiceId"] = announcer.VoiceId,
    };
});
