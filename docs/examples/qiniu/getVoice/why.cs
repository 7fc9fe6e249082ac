using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var guide = new Voiceclone.Qiniu.Voice("guide", new()
    {
        AudioUrl = "https://samples.example.com/guide.mp3",
    });

    var now = Voiceclone.Qiniu.GetVoice.Invoke(new()
    {
        VoiceId = guide.VoiceId,
    });

    return new Dictionary<string, object?>
    {
        ["lastError"] = now.Apply(getVoiceResult => getVoiceResult.LastError),
    };
});
