using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var narrator = new Voiceclone.Volcengine.Voice("narrator", new()
    {
        SpeakerId = "S_Nf3x9K2p1",
        Audio = new FileAsset("./narrator.wav"),
        Language = Voiceclone.Volcengine.Language.Chinese,
    });

    return new Dictionary<string, object?>
    {
        ["narratorVoiceId"] = narrator.VoiceId,
        ["trainingsLeft"] = narrator.AvailableTrainings,
    };
});
