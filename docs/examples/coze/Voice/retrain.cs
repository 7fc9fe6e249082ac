using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var narrator = new Voiceclone.Coze.Voice("narrator", new()
    {
        Name = "narrator",
        Audio = new FileAsset("./narrator.wav"),
        Language = Voiceclone.Coze.Language.Chinese,
        PreviewText = "欢迎光临。",
        RetrainTriggers = new[]
        {
            "studio-take-1",
        },
        DeletionPolicy = Voiceclone.DeletionPolicy.Fail,
    }, new CustomResourceOptions
    {
        Protect = true,
    });

    return new Dictionary<string, object?>
    {
        ["narratorVoiceId"] = narrator.VoiceId,
    };
});
