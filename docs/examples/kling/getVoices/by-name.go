package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/kling"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		named := kling.GetVoicesOutput(ctx, kling.GetVoicesOutputArgs{
			Name:   pulumi.String("announcer"),
			Status: pulumi.String("Ready"),
		}, nil)
		ctx.Export("previewUrl", named.ApplyT(func(named kling.GetVoicesResult) (*string, error) {
			return named.Voices[0].PreviewUrl, nil
		}).(pulumi.StringPtrOutput))
		return nil
	})
}
