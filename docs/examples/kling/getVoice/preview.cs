using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var announcer = new Voiceclone.Kling.Voice("announcer", new()
    {
        AudioUrl = "https://samples.example.com/announcer.mp3",
    });

    var now = Voiceclone.Kling.GetVoice.Invoke(new()
    {
        VoiceId = announcer.Id,
    });

    return new Dictionary<string, object?>
    {
        ["previewUrl"] = now.Apply(getVoiceResult => getVoiceResult.PreviewUrl),
    };
});
