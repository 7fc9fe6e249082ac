// Four cloned voices, one on each vendor.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/coze"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/kling"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/qiniu"
	"github.com/voiceclone/pulumi-voiceclone/sdk/go/voiceclone/volcengine"
)

func main() {
	pulumi.Run(voices)
}

func voices(ctx *pulumi.Context) error {
	settings := config.New(ctx, "")

	// Without SpeakerId the provider takes a free slot of those you bought.
	narrator, err := volcengine.NewVoice(ctx, "narrator", &volcengine.VoiceArgs{
		Audio:       pulumi.NewFileAsset("../voices/narrator-zh.wav"),
		AudioFormat: voiceclone.AudioFormatWav,
		Language:    volcengine.LanguageChinese,
		ModelType:   volcengine.ModelType_Icl_2_0,
	})
	if err != nil {
		return err
	}

	host, err := coze.NewVoice(ctx, "host", &coze.VoiceArgs{
		Name:           pulumi.String("host"),
		Audio:          pulumi.NewFileAsset("../voices/host-en.mp3"),
		Language:       pulumi.String("en"), // a plain text does as well
		DeletionPolicy: voiceclone.DeletionPolicyRetain,
	})
	if err != nil {
		return err
	}

	guide, err := qiniu.NewVoice(ctx, "guide", &qiniu.VoiceArgs{
		Name:     pulumi.String("guide"),
		AudioUrl: pulumi.String(settings.Require("guideAudioUrl")),
		Language: qiniu.LanguageChinese,
		Tier:     qiniu.TierFree,
	})
	if err != nil {
		return err
	}

	announcer, err := kling.NewVoice(ctx, "announcer", &kling.VoiceArgs{
		Name:     pulumi.String("announcer"),
		AudioUrl: pulumi.String(settings.Require("announcerAudioUrl")),
	}, pulumi.Timeouts(&pulumi.CustomTimeouts{Create: "20m"}))
	if err != nil {
		return err
	}

	// Whoever made them, as they are after this update.
	ready := coze.GetVoicesOutput(ctx, coze.GetVoicesOutputArgs{
		Status:    pulumi.String(voiceclone.StatusReady),
		ModelType: coze.ModelTypeBig,
	}, pulumi.DependsOn([]pulumi.Resource{host}))

	ctx.Export("narratorVoiceId", narrator.VoiceId)
	ctx.Export("hostVoiceId", host.VoiceId)
	ctx.Export("guideVoiceId", guide.VoiceId)
	ctx.Export("announcerVoiceId", announcer.VoiceId)
	ctx.Export("readyAtCoze", ready.Voices().ApplyT(func(voices []coze.Info) []*string {
		names := []*string{}
		for _, voice := range voices {
			names = append(names, voice.Name)
		}
		return names
	}))
	// A fresh one.
	ctx.Export("hostPreviewUrl", coze.LookupVoiceOutput(ctx, coze.LookupVoiceOutputArgs{VoiceId: host.VoiceId}).PreviewUrl())
	return nil
}
