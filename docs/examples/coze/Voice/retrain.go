package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/coze"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		narrator, err := coze.NewVoice(ctx, "narrator", &coze.VoiceArgs{
			Name:        pulumi.String("narrator"),
			Audio:       pulumi.NewFileAsset("./narrator.wav"),
			Language:    pulumi.String(coze.LanguageChinese),
			PreviewText: pulumi.String("欢迎光临。"),
			RetrainTriggers: pulumi.Array{
				pulumi.Any("studio-take-1"),
			},
			DeletionPolicy: pulumi.String(voiceclone.DeletionPolicyFail),
		}, pulumi.Protect(true))
		if err != nil {
			return err
		}
		ctx.Export("narratorVoiceId", narrator.VoiceId)
		return nil
	})
}
