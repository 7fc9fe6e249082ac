using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var narrator = new Voiceclone.Volcengine.Voice("narrator", new()
    {
        Audio = new FileAsset("./narrator.wav"),
        Language = Voiceclone.Volcengine.Language.Chinese,
    });

    var now = Voiceclone.Volcengine.GetVoice.Invoke(new()
    {
        VoiceId = narrator.VoiceId,
    });

    return new Dictionary<string, object?>
    {
        ["expiresAt"] = now.Apply(getVoiceResult => getVoiceResult.ExpiresAt),
    };
});
