using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var concierge = new Voiceclone.Qiniu.Voice("concierge", new()
    {
        Name = "concierge",
        AudioUrl = "https://samples.example.com/concierge.mp3",
        Language = Voiceclone.Qiniu.Language.Japanese,
        Tier = Voiceclone.Qiniu.Tier.Pro,
        DeletionPolicy = Voiceclone.DeletionPolicy.Retain,
    });

    return new Dictionary<string, object?>
    {
        ["conciergeVoiceId"] = concierge.VoiceId,
    };
});
