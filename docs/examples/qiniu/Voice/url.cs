using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var guide = new Voiceclone.Qiniu.Voice("guide", new()
    {
        Name = "guide",
        AudioUrl = "https://samples.example.com/guide.mp3",
        Language = Voiceclone.Qiniu.Language.Chinese,
    });

    return new Dictionary<string, object?>
    {
        ["guideVoiceId"] = guide.VoiceId,
    };
});
