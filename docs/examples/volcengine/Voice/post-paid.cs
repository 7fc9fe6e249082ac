using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var announcer = new Voiceclone.Volcengine.Voice("announcer", new()
    {
        CustomSpeakerId = "shop-announcer-2030",
        Audio = new FileAsset("./announcer.wav"),
        Language = Voiceclone.Volcengine.Language.English,
        DemoText = "Doors open at nine.",
    });

    return new Dictionary<string, object?>
    {
        ["announcerVoiceId"] = announcer.VoiceId,
    };
});
