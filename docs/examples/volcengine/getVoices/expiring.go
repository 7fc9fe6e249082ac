package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/volcengine"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		expiring := volcengine.GetVoicesOutput(ctx, volcengine.GetVoicesOutputArgs{
			ExpiresBefore: pulumi.String("2030-01-31T00:00:00Z"),
		}, nil)
		ctx.Export("firstExpiresAt", expiring.ApplyT(func(expiring volcengine.GetVoicesResult) (*string, error) {
			return expiring.Voices[0].ExpiresAt, nil
		}).(pulumi.StringPtrOutput))
		return nil
	})
}
