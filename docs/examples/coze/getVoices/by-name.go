package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/coze"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		named := coze.GetVoicesOutput(ctx, coze.GetVoicesOutputArgs{
			Name:   pulumi.String("host"),
			Status: pulumi.String("Ready"),
		}, nil)
		ctx.Export("previewUrl", named.ApplyT(func(named coze.GetVoicesResult) (*string, error) {
			return named.Voices[0].PreviewUrl, nil
		}).(pulumi.StringPtrOutput))
		return nil
	})
}
