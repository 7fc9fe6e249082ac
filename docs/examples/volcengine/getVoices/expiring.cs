using System.Collections.Generic;
using System.Linq;
using Pulumi;
using Voiceclone = PulumiVoiceclone.Voiceclone;

return await Deployment.RunAsync(() => 
{
    var expiring = Voiceclone.Volcengine.GetVoices.Invoke(new()
    {
        ExpiresBefore = "2030-01-31T00:00:00Z",
    });

    return new Dictionary<string, object?>
    {
        ["firstExpiresAt"] = expiring.Apply(getVoicesResult => getVoicesResult.Voices[0]?.ExpiresAt),
    };
});
