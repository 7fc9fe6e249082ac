package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/kling"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		actor, err := kling.NewVoice(ctx, "actor", &kling.VoiceArgs{
			Name:        pulumi.String("actor"),
			VideoId:     pulumi.String("840134426335252561"),
			CallbackUrl: pulumi.String("https://hooks.example.com/voices"),
		})
		if err != nil {
			return err
		}
		ctx.Export("actorVoiceId", actor.VoiceId)
		return nil
	})
}
