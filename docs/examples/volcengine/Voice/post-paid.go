package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/volcengine"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		announcer, err := volcengine.NewVoice(ctx, "announcer", &volcengine.VoiceArgs{
			CustomSpeakerId: pulumi.String("shop-announcer-2030"),
			Audio:           pulumi.NewFileAsset("./announcer.wav"),
			Language:        pulumi.String(volcengine.LanguageEnglish),
			DemoText:        pulumi.String("Doors open at nine."),
		})
		if err != nil {
			return err
		}
		ctx.Export("announcerVoiceId", announcer.VoiceId)
		return nil
	})
}
