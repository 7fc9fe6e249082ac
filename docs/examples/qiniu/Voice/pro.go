package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/qiniu"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		concierge, err := qiniu.NewVoice(ctx, "concierge", &qiniu.VoiceArgs{
			Name:           pulumi.String("concierge"),
			AudioUrl:       pulumi.String("https://samples.example.com/concierge.mp3"),
			Language:       pulumi.String(qiniu.LanguageJapanese),
			Tier:           pulumi.String(qiniu.TierPro),
			DeletionPolicy: pulumi.String(voiceclone.DeletionPolicyRetain),
		})
		if err != nil {
			return err
		}
		ctx.Export("conciergeVoiceId", concierge.VoiceId)
		return nil
	})
}
