package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/qiniu"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		named := qiniu.GetVoicesOutput(ctx, qiniu.GetVoicesOutputArgs{
			Name:   pulumi.String("guide"),
			Status: pulumi.String("Ready"),
		}, nil)
		ctx.Export("previewUrl", named.ApplyT(func(named qiniu.GetVoicesResult) (*string, error) {
			return named.Voices[0].PreviewUrl, nil
		}).(pulumi.StringPtrOutput))
		return nil
	})
}
