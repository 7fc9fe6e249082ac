using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var host = new Voiceclone.Coze.Voice("host", new()
    {
        Name = "host",
        Audio = new FileAsset("./host.mp3"),
        Language = Voiceclone.Coze.Language.English,
    });

    var hostNow = Voiceclone.Coze.GetVoice.Invoke(new()
    {
        VoiceId = host.VoiceId,
    });

    return new Dictionary<string, object?>
    {
        ["hostVoiceId"] = host.VoiceId,
        ["hostPreviewUrl"] = hostNow.Apply(getVoiceResult => getVoiceResult.PreviewUrl),
    };
});
