using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var named = Voiceclone.Coze.GetVoices.Invoke(new()
    {
        Name = "host",
        Status = "Ready",
    });

    return new Dictionary<string, object?>
    {
        ["previewUrl"] = named.Apply(getVoicesResult => getVoicesResult.Voices[0]?.PreviewUrl),
    };
});
