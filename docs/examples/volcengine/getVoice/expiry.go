package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/volcengine"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		narrator, err := volcengine.NewVoice(ctx, "narrator", &volcengine.VoiceArgs{
			Audio:    pulumi.NewFileAsset("./narrator.wav"),
			Language: pulumi.String(volcengine.LanguageChinese),
		})
		if err != nil {
			return err
		}
		now := volcengine.LookupVoiceOutput(ctx, volcengine.LookupVoiceOutputArgs{
			VoiceId: narrator.VoiceId,
		}, nil)
		ctx.Export("expiresAt", now.ExpiresAt())
		return nil
	})
}
