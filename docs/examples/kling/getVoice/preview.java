package generated_program;

import com.pulumi.Context;
import com.pulumi.Pulumi;
import com.pulumi.core.Output;
import io.github.voiceclone.voiceclone.kling.Voice;
import io.github.voiceclone.voiceclone.kling.VoiceArgs;
import io.github.voiceclone.voiceclone.kling.KlingFunctions;
import io.github.voiceclone.voiceclone.kling.inputs.GetVoiceArgs;
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
            .audioUrl("https://samples.example.com/announcer.mp3")
            .build());

        final var now = KlingFunctions.getVoice(GetVoiceArgs.builder()
            .voiceId(announcer.id())
            .build());

        ctx.export("previewUrl", now.applyValue(_now -> _now.previewUrl()));
    }
}
