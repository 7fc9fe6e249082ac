package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/coze"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		host, err := coze.NewVoice(ctx, "host", &coze.VoiceArgs{
			Audio:    pulumi.NewFileAsset("./host.mp3"),
			Language: pulumi.String(coze.LanguageEnglish),
		})
		if err != nil {
			return err
		}
		now := coze.LookupVoiceOutput(ctx, coze.LookupVoiceOutputArgs{
			VoiceId: host.VoiceId,
		}, nil)
		ctx.Export("previewUrl", now.PreviewUrl())
		return nil
	})
}
