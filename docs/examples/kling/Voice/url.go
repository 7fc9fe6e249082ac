package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/kling"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		announcer, err := kling.NewVoice(ctx, "announcer", &kling.VoiceArgs{
			Name:     pulumi.String("announcer"),
			AudioUrl: pulumi.String("https://samples.example.com/announcer.mp3"),
		})
		if err != nil {
			return err
		}
		ctx.Export("announcerVoiceId", announcer.VoiceId)
		return nil
	})
}
