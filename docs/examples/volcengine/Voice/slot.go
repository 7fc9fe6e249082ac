package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/volcengine"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		narrator, err := volcengine.NewVoice(ctx, "narrator", &volcengine.VoiceArgs{
			SpeakerId: pulumi.String("S_Nf3x9K2p1"),
			Audio:     pulumi.NewFileAsset("./narrator.wav"),
			Language:  pulumi.String(volcengine.LanguageChinese),
		})
		if err != nil {
			return err
		}
		ctx.Export("narratorVoiceId", narrator.VoiceId)
		ctx.Export("trainingsLeft", narrator.AvailableTrainings)
		return nil
	})
}
