package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/kling"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		presets := kling.GetPresetVoicesOutput(ctx, kling.GetPresetVoicesOutputArgs{
			Name: pulumi.String("阳光少年"),
		}, nil)
		ctx.Export("previewUrl", presets.ApplyT(func(presets kling.GetPresetVoicesResult) (*string, error) {
			return presets.Voices[0].PreviewUrl, nil
		}).(pulumi.StringPtrOutput))
		return nil
	})
}
