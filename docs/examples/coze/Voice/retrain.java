package generated_program;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import io.github.voiceclone.voiceclone.coze.Voice;
import io.github.voiceclone.voiceclone.coze.VoiceArgs;
import com.pulumi.asset.FileAsset;
import com.pulumi.resources.CustomResourceOptions;
import java.util.List;
import java.util.ArrayList;
import java.util.Map;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Paths;

public class App {
    public static void main(String[] args) {
        Pulumi.run(App::stack);
    }

    public static void stack(Context ctx) {
        var narrator = new Voice("narrator", VoiceArgs.builder()
            .name("narrator")
            .audio(new FileAsset("./narrator.wav"))
            .language("zh")
            .previewText("欢迎光临。")
            .retrainTriggers("studio-take-1")
            .deletionPolicy("fail")
            .build(), CustomResourceOptions.builder()
                .protect(true)
                .build());

        ctx.export("narratorVoiceId", narrator.voiceId());
    }
}
