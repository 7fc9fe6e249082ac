package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/qiniu"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		guide, err := qiniu.NewVoice(ctx, "guide", &qiniu.VoiceArgs{
			Name:     pulumi.String("guide"),
			AudioUrl: pulumi.String("https://samples.example.com/guide.mp3"),
			Language: pulumi.String(qiniu.LanguageChinese),
		})
		if err != nil {
			return err
		}
		ctx.Export("guideVoiceId", guide.VoiceId)
		return nil
	})
}
