using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var presets = Voiceclone.Kling.GetPresetVoices.Invoke(new()
    {
        Name = "阳光少年",
    });

    return new Dictionary<string, object?>
    {
        ["previewUrl"] = presets.Apply(getPresetVoicesResult => getPresetVoicesResult.Voices[0]?.PreviewUrl),
    };
});
