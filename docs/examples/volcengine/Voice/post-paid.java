package generated_program;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import io.github.voiceclone.voiceclone.volcengine.Voice;
import io.github.voiceclone.voiceclone.volcengine.VoiceArgs;
import com.pulumi.asset.FileAsset;
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
        var announcer = new Voice("announcer", VoiceArgs.builder()
            .customSpeakerId("shop-announcer-2030")
            .audio(new FileAsset("./announcer.wav"))
            .language("en")
            .demoText("Doors open at nine.")
            .build());

        ctx.export("announcerVoiceId", announcer.voiceId());
    }
}
