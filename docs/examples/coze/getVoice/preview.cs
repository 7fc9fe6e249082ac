using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var host = new Voiceclone.Coze.Voice("host", new()
    {
        Audio = new FileAsset("./host.mp3"),
        Language = Voiceclone.Coze.Language.English,
    });

    var now = Voiceclone.Coze.GetVoice.Invoke(new()
    {
        VoiceId = host.VoiceId,
    });

    return new Dictionary<string, object?>
    {
        ["previewUrl"] = now.Apply(getVoiceResult => getVoiceResult.PreviewUrl),
    };
});
