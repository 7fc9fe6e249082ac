package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/qiniu"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		guide, err := qiniu.NewVoice(ctx, "guide", &qiniu.VoiceArgs{
			AudioUrl: pulumi.String("https://samples.example.com/guide.mp3"),
		})
		if err != nil {
			return err
		}
		now := qiniu.LookupVoiceOutput(ctx, qiniu.LookupVoiceOutputArgs{
			VoiceId: guide.VoiceId,
		}, nil)
		ctx.Export("lastError", now.LastError())
		return nil
	})
}
